/** The report of a tutorial: web pages that open from disk, with a 3-D plot and a latent explorer that compute in the browser. */
@NullMarked
package org.gradus.pages.report;

import org.jspecify.annotations.NullMarked;

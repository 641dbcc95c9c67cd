/** The training loop, and what it reports: losses of batches and epochs, and times. */
@NullMarked
package org.gradus.train;

import org.jspecify.annotations.NullMarked;

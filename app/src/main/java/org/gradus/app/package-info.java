/** The {@code gradus} command line. */
@NullMarked
package org.gradus.app;

import org.jspecify.annotations.NullMarked;

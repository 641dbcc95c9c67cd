/** The {@code gradus} command line. */
@NullMarked
package org.gradus.examples.cli;

import org.jspecify.annotations.NullMarked;

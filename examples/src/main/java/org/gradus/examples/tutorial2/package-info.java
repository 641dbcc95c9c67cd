/** Tutorial 2: {@link org.gradus.examples.tutorial2.Tutorial2}, to be read from top to bottom, and its conclusions. */
@NullMarked
package org.gradus.examples.tutorial2;

import org.jspecify.annotations.NullMarked;

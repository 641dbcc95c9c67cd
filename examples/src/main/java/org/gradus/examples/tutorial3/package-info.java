/** Tutorial 3: {@link org.gradus.examples.tutorial3.Tutorial3}, to be read from top to bottom, and its conclusions. */
@NullMarked
package org.gradus.examples.tutorial3;

import org.jspecify.annotations.NullMarked;

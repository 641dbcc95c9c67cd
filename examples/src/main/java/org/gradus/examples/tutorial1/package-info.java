/** Tutorial 1: {@link org.gradus.examples.tutorial1.Tutorial1}, to be read from top to bottom, and its conclusions. */
@NullMarked
package org.gradus.examples.tutorial1;

import org.jspecify.annotations.NullMarked;

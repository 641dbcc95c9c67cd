/** The autoencoder tutorials: their experiments, reference values, and conclusions as checks. */
@NullMarked
package org.gradus.examples.tutorial;

import org.jspecify.annotations.NullMarked;

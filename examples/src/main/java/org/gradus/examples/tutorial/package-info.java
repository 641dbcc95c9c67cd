/**
 * What the tutorials share: the notebook that experiments are written with, trainings that can be taken up again, results and
 * conclusions, published values to compare with, and the report.
 */
@NullMarked
package org.gradus.examples.tutorial;

import org.jspecify.annotations.NullMarked;

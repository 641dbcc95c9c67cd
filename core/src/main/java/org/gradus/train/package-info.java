/** The training loop, and what it reports: losses of batches and epochs, and times. A run can be kept and continued. */
@NullMarked
package org.gradus.train;

import org.jspecify.annotations.NullMarked;

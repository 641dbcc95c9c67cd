/** Training runs on MNIST: data as tensors, the notebooks' loss table, and JSON records. */
@NullMarked
package org.gradus.examples.run;

import org.jspecify.annotations.NullMarked;

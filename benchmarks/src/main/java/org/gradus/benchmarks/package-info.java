/** JMH benchmarks of the kernels, beside other libraries for the JVM in the same run. */
@NullMarked
package org.gradus.benchmarks;

import org.jspecify.annotations.NullMarked;

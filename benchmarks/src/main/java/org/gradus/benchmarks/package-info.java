/** JMH benchmarks of products, elementwise loops and training, beside other libraries for the JVM in the same run. */
@NullMarked
package org.gradus.benchmarks;

import org.jspecify.annotations.NullMarked;

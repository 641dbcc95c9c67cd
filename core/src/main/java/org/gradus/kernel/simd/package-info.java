/**
 * The kernels on the Vector API, and those of planned steps on panels of 16 samples. Not exported: {@link
 * org.gradus.kernel.KernelProvider} loads {@code VectorKernels} by name where the module {@code jdk.incubator.vector} is, and plans
 * ask {@link org.gradus.kernel.simd.PanelKernels#of}.
 */
@NullMarked
package org.gradus.kernel.simd;

import org.jspecify.annotations.NullMarked;

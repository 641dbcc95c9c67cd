/**
 * Two ways of writing a data matrix as a product of two thin ones, without a network: {@link org.gradus.linalg.Pca},
 * principal component analysis, and {@link org.gradus.linalg.Nmf}, non-negative matrix factorisation.
 *
 * <pre>
 *   PCA   X [n,d]  ~  Z [n,k] V [k,d] + mean [d]      rows of V orthonormal
 *   NMF   X [n,d]  ~  W [n,k] H [k,d]                 no entry of W or H below 0
 * </pre>
 *
 * <p>Samples are rows and components are rows, as in scikit-learn. Results are the same bits with the SIMD and the
 * scalar kernels and with any number of threads.
 */
@NullMarked
package org.gradus.linalg;

import org.jspecify.annotations.NullMarked;

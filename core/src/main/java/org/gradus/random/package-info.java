/**
 * The random streams of PyTorch and NumPy, word for word, so that one seed gives the networks, the batches and the
 * samples that it gives there.
 *
 * <p>{@link org.gradus.random.TorchRandom} equals {@code torch.manual_seed} on the CPU and
 * {@link org.gradus.random.NumpyRandom} equals {@code numpy.random.seed}. Both draw from the same generator, MT19937,
 * and differ only in how they turn its 32-bit words into numbers. A stream belongs to one thread at a time.
 */
@NullMarked
package org.gradus.random;

import org.jspecify.annotations.NullMarked;

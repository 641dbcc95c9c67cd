/**
 * Loops over float arrays: the scalar kernels, the SIMD kernels with the same bits, and the engine that spreads them over threads.
 * This page is the map of the room. What an operation needs stands here; the package {@code org.gradus.kernel.simd}, which knows the
 * Vector API, and the coefficients in {@code org.gradus.kernel.cephes} are not exported.
 *
 * <p><b>The contract</b> stands in {@link org.gradus.kernel.Kernels}: one formula with its roundings per operation, one order per sum.
 * {@code ScalarKernels} is its definition, the only file to read for understanding what is computed. Everything else here is about
 * speed and must give the same bits; {@code KernelParityTest}, {@code GemmParityTest} and {@code
 * PanelParityTest} compare them.
 *
 * <p><b>Who calls whom.</b>
 *
 * <pre>
 *   operations, optimisers        plans (org.gradus.plan)
 *          |                               |
 *        Engine  --- WorkerPool --- Engine.together          threads, each with kernels of its own
 *          |          TeamWork      Engine.inStages          teams of threads that meet between stages
 *          |                               |
 *        Kernels                      PanelKernels           rows of samples; panels of 16 samples
 *       /       \                          |
 * ScalarKernels  VectorKernels        VectorPanels           the doors: elementwise loops, and who does the rest
 *       |             |                    |
 *  ScalarGemm    VectorGemm ------- VectorPanelProducts      products of matrices by rows; on panels
 *                VectorThinProducts   VectorLayouts          at most 3 columns; from rows to panels and back
 *                VectorLosses ----- VectorGraphPanels        terms of the losses; several readers, classes, logits
 *                VectorLanes          VectorPacks            sums in 16 lanes; A in the order in which tiles read it
 *                       |             VectorTiles            register tiles
 *                       |             VectorZeros            products with a batch, without its zeros
 *                       |             VectorZeroTiles        their register tiles
 *                VectorMath ------------+                    vectors; exp, sigmoid, ln
 *                VectorAdam                                  Adam's step
 * </pre>
 *
 * <p>An operation asks its engine, which gives each thread a range of the output. A plan brings its own division, a part of the
 * samples, of their features or of the weights for each thread, and asks each thread's kernels for their panels.
 *
 * <p><b>A panel</b> is 16 samples side by side, feature by feature. So a batch of 40 samples with 3 features is three of them:
 *
 * <pre>
 *   panel 0                         panel 1                          panel 2
 *   x0 of samples  0 .. 15          x0 of samples 16 .. 31           x0 of samples 32 .. 39, 8 numbers nobody reads
 *   x1 of samples  0 .. 15          x1 of samples 16 .. 31           ...
 *   x2 of samples  0 .. 15          x2 of samples 16 .. 31
 * </pre>
 *
 * <p><b>The three products of a layer</b> {@code Y = X W^T} are the same loops on panels, which differ in how the first operand lies;
 * the second is always read 16 numbers at a time, in order:
 *
 * <pre>
 *   forward           Y^T  = W  X^T     W by rows       {@code rows8}      panels of samples
 *   input gradient    GX^T = W^T G^T    W by columns    {@code columns12}  panels of samples
 *   weight gradient   GW   = G^T X      G in panels     {@code packed12}   X transposed: panels of features
 * </pre>
 *
 * <p>Those are the tiles for vectors of 512 bits. Where many panels of X are to be multiplied with it, A is packed first, if it lies in
 * panels or is large and lies by columns; where few are, {@code panels8} takes panels as they lie. With 256 bits tiles have 5 rows, and A is packed where it lies by
 * columns, or in panels of which there are many.
 *
 * <p>{@code VectorGemm}, for matrices by rows, copies its second operand into panels and calls the same tiles.
 *
 * <p><b>What C2 wants</b>, and why the code looks as it does: a method has one loop, for a vector that lives across an inner loop is
 * put on the heap; no method with a loop returns a vector, for the same reason; a loop is either small enough to be inlined with all
 * that surrounds it, or larger than {@code FreqInlineSize} (325 bytes), so that it is compiled by itself, within C2's number of nodes.
 *
 * <p><b>Constants</b> and what was measured, in GFLOP/s with one thread of an AMD EPYC (Zen 5, 512 bits, 48 kB, 1 MB) and JDK 25 unless
 * said otherwise; the best of two rounds, which differ by up to a third: the machine is shared.
 * Seconds are scaled to a product at 200 GFLOP/s timed beside them. {@code org.gradus.benchmarks.Products VECTOR 1 9}, in the jar of the
 * benchmarks, runs most of these products, and {@code ./gradus train} the network; change a constant and run them again.
 *
 * <pre>
 *   shape of the tiles                           {@code VectorTiles} has the figures
 *   VectorGemm.DEPTH_BLOCK            512   NN 1024x1024x1024: 256 gives 179, 512 190, 1024 189
 *   VectorGemm.COLUMN_BLOCK          1024   NN 512x512x512: 256 gives 193, 1024 193, 4096 198; bounds the memory to 2 MB
 *   VectorGemm.SWAP_LIMIT            8 MB   NT 32x392x784: 199 where the operands change places, 119 where not; NT 128x784x392: 189 and 171
 *   VectorGemm.FEW_ROWS                 6   4x784x784: 64 two rows at a time, 37 in tiles; 6x784x784: 68 and 56; 8x784x392: 70 and 78
 *   VectorPanelProducts.A_BLOCK    256 kB   an epoch of 784-392-64-2: 64 kB takes 1.63 s, 256 kB 1.33, 1 MB 1.41
 *   VectorPanelProducts.STRIP      24, 20   the same epoch, with tiles of 8 rows: 8 takes 1.69 s, 16 1.33, 32 1.42, 64 1.47; two tiles of 12 rows, four of 5
 *   VectorPanelProducts.DEPTH         208   256 bits, geometric mean of 18 products of layers, JDK 17 / 25 (Intel Xeon): 144 gives 86 / 92, 208 88 / 92,
 *                                           400 85 / 93, all terms at once 86 / 90; 512 bits: 128 gives 145 to 149 / 141 to 146,
 *                                           208 146 to 153 / 140 to 146, all terms at once 142 to 150 / 136 to 142
 *   VectorZeros.PART                    4   terms left out of so many repay the copy of A; REST, SHORTEST: see there
 *   VectorPanelProducts.MANY_PANELS     6   256 bits, weight gradient with 4 panels: packed 56 / 71, in place 74 / 71; with 25: 82 / 93 and 76 / 75
 *   EvaluationPlan.GROUP                8   its evaluation: 2 takes .56 s, 4 .63, 8 .57 to .69 in twelve runs, 32 .69: no difference is certain
 *   ScalarGemm.COLUMN_BLOCK           512   NN 512x512x512: 256 gives 44, 512 50, 1024 54; on JDK 17 1024 is no faster than 512
 *   ScalarGemm.DEPTH_BLOCK            128   NN 512x512x512: 64 gives 48, 128 50, 256 56; 256 kB fit more machines than 512 kB
 *   Engine.WORTH_SPLITTING        200,000   10,000 sigmoids (160,000): 2.7 microseconds with one thread and with two; 30,000: 8.0 and 6.4
 *   WorkerPool.SPINS, YIELDS      200, 50   a hand-off takes 0.1 microseconds up to 5 after the last one, 13 to 40 once the worker is parked
 * </pre>
 */
@NullMarked
package org.gradus.kernel;

import org.jspecify.annotations.NullMarked;

/**
 * The compiler room: from one recorded step to a program that has its memory, layout and order fixed, with the bits of the recording.
 * Nothing here is seen from outside the library; {@code org.gradus.train} trains and evaluates with it.
 *
 * <pre>
 *   TrainingSteps, EvaluationSteps         record on plain kernels, seek a plan; then plan, or replay, or record anew
 *        |                \                     ({@link org.gradus.plan.Stepper} is what both do)
 *   Recording              TrainingPlan, EvaluationPlan       what threads do between two meetings
 *        |                      |
 *   ProgramReader --- Program --- PlannedNet                  operations and values, by the tensors' identity
 *                               |
 *                          PlannedOps                         which class plans which operation, which loss
 *                               |
 *             PlannedOp: PlannedAffine .. PlannedAdd          forward and backward, on panels of 16 samples
 *           PlannedLoss: PlannedMse .. PlannedCrossEntropy
 *      PlannedParameter                                       gradients of all uses, then the optimiser's pass
 *      TeamPass, Share                                        who does what where threads divide features
 * </pre>
 *
 * <p><b>To plan one more operation</b>: write its class, as short as {@link org.gradus.plan.PlannedTanh} if it works element by
 * element, and name it in {@link org.gradus.plan.PlannedOps}. {@code PlannedProgramsProperties} trains random programs of all operations that
 * are named there, planned and recorded, and compares every bit.
 *
 * <p><b>Gradients</b>. The recording walks back from the last step to the first and adds to each gradient in that order; a result's
 * begins at 0. Here operations go backwards in the same order. The first that reaches a {@link org.gradus.plan.Value} writes its
 * gradient, over the one of its own result if it can; the others add, as the recording's operation would, in the same rounding. A
 * parameter with several uses gets their gradients in that order, too.
 *
 * <p><b>Fusions</b> are offered and accepted by methods of {@link org.gradus.plan.PlannedOp} and {@link org.gradus.plan.PlannedLoss}: an
 * affine map hands its bias to the activation that alone reads it, a loss goes through the sigmoid before it in one pass, and the batch
 * is transposed for the first affine map as it is gathered.
 */
@NullMarked
package org.gradus.plan;

import org.jspecify.annotations.NullMarked;

package org.gradus.plan;

import java.util.Optional;
import org.gradus.autograd.Tensor;
import org.gradus.kernel.simd.NonZeros;
import org.gradus.kernel.simd.PanelKernels;

/** The batch, or the result of an operation: panels of numbers, and of the loss's gradient for them. */
final class Value {

    private static final float[] NONE = {};

    final int features;
    final float[] numbers;

    /** Whether something learns in it, so that a gradient comes this way. */
    final boolean learns;

    /** Empty until an operation that reads this value, or the loss, has said where the gradient is to be. */
    float[] grad = NONE;

    /** Panels of features for the weight gradients of the affine maps that read this; empty without these. */
    float[] transposed = NONE;

    /** What a batch holds that is not 0, for the affine maps that read it; unknown without these, and of what operations make. */
    NonZeros nonZeros = NonZeros.UNKNOWN;

    private Optional<PlannedOp> maker = Optional.empty();
    private int readers;

    Value(int samples, int features, boolean learns) {
        this.features = features;
        this.learns = learns;
        numbers = new float[PanelKernels.size(samples, features)];
    }

    void isMadeBy(PlannedOp op) {
        maker = Optional.of(op);
    }

    /** Whether nobody has computed this. */
    boolean isBatch() {
        return maker.isEmpty();
    }

    void isReadBy(int more) {
        readers += more;
    }

    /** Whether this is 0 to 1 whatever is computed, or NaN. */
    boolean isProbability() {
        return maker.isPresent() && maker.get().makesProbabilities();
    }

    /** For the one operation that reads this: a bias that it then has to add before it reads. */
    Optional<Tensor> takeBias() {
        return readers == 1 ? maker.flatMap(PlannedOp::handOverBias) : Optional.empty();
    }

    /** Memory for the gradient: whoever asks first writes there, over whatever stands in it. */
    float[] ownGrad() {
        if (grad.length == 0) {
            grad = new float[numbers.length];
        }
        return grad;
    }

    boolean hasGrad() {
        return grad.length > 0;
    }

    /** Memory for the transposed numbers. */
    float[] ownTransposed(int samples) {
        if (transposed.length == 0) {
            transposed = new float[PanelKernels.count(features) * PanelKernels.WIDTH * samples];
        }
        return transposed;
    }

    /** Memory for what is to be known of the zeros of a batch. */
    void ownNonZeros(int samples) {
        if (nonZeros.equals(NonZeros.UNKNOWN)) {
            nonZeros = new NonZeros(samples, features);
        }
    }
}

package org.gradus.benchmarks;

import org.gradus.kernel.AdamCoefficients;
import org.gradus.kernel.Kernels;

/** An elementwise loop or a sum of {@link Kernels}, over all of {@link Operands}. */
public enum Operation {
    /** {@link Kernels#exp}. */
    EXP((k, o) -> k.exp(0, o.n, o.x, o.out)),
    /** {@link Kernels#log}. */
    LOG((k, o) -> k.log(0, o.n, o.p, o.out)),
    /** {@link Kernels#sigmoid}. */
    SIGMOID((k, o) -> k.sigmoid(0, o.n, o.x, o.out)),
    /** {@link Kernels#sigmoidGrad}. */
    SIGMOID_GRAD((k, o) -> k.sigmoidGrad(0, o.n, o.p, o.g, o.out)),
    /** {@link Kernels#tanh}. */
    TANH((k, o) -> k.tanh(0, o.n, o.x, o.out)),
    /** {@link Kernels#relu}. */
    RELU((k, o) -> k.relu(0, o.n, o.x, o.out)),
    /** {@link Kernels#reluGrad}. */
    RELU_GRAD((k, o) -> k.reluGrad(0, o.n, o.x, o.g, o.out)),
    /** {@link Kernels#prelu} with one slope. */
    PRELU((k, o) -> k.prelu(0, o.n, Elementwise.COLUMNS, o.x, o.slope, o.out)),
    /** {@link Kernels#preluGrad} with one slope. */
    PRELU_GRAD((k, o) -> k.preluGrad(0, o.n, Elementwise.COLUMNS, o.x, o.slope, o.g, o.out)),
    /** {@link Kernels#preluSlopeGradChunks}. */
    PRELU_SLOPE_GRAD((k, o) -> k.preluSlopeGradChunks(0, o.chunks(), Elementwise.COLUMNS, o.x, o.g, o.partial)),
    /** {@link Kernels#squaredErrorChunks}. */
    SQUARED_ERROR((k, o) -> k.squaredErrorChunks(0, o.chunks(), Elementwise.COLUMNS, o.p, o.y, o.partial)),
    /** {@link Kernels#bceChunks}. */
    BCE((k, o) -> k.bceChunks(0, o.chunks(), Elementwise.COLUMNS, o.p, o.y, o.partial)),
    /** {@link Kernels#bceGrad}. */
    BCE_GRAD((k, o) -> k.bceGrad(0, o.n, Operands.SCALE, o.p, o.y, o.out)),
    /** {@link Kernels#addColumnSums}. */
    COLUMN_SUMS((k, o) -> k.addColumnSums(Elementwise.ROWS, Elementwise.COLUMNS, o.x, o.out, 0, Elementwise.COLUMNS)),
    /** {@link Kernels#normalizeRows}. */
    NORMALIZE((k, o) -> k.normalizeRows(0, Elementwise.ROWS, Elementwise.COLUMNS, o.x, o.out)),
    /** {@link Kernels#sgdStep} without momentum. */
    SGD((k, o) -> k.sgdStep(0, o.n, Operands.RATE, 0, 0, false, o.out, o.g, o.first)),
    /** {@link Kernels#adamStep}, as in the first step of training. */
    ADAM((k, o) -> k.adamStep(0, o.n, adam(), o.out, o.g, o.first, o.second));

    private interface Pass {
        void over(Kernels kernels, Operands operands);
    }

    static final double BETA_1 = 0.9;
    static final double BETA_2 = 0.999;
    static final double EPSILON = 1e-8;

    @SuppressWarnings("ImmutableEnumChecker") // a call of Kernels, without state
    private final Pass pass;

    Operation(Pass pass) {
        this.pass = pass;
    }

    /** One pass. */
    void run(Kernels kernels, Operands operands) {
        pass.over(kernels, operands);
    }

    private static AdamCoefficients adam() {
        AdamCoefficients coefficients = new AdamCoefficients(BETA_1, BETA_2, EPSILON, 0);
        coefficients.step(Operands.RATE / (1 - BETA_1), Math.sqrt(1 - BETA_2), 1);
        return coefficients;
    }
}

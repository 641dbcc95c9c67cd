package org.gradus.kernel;

import java.util.Arrays;
import java.util.List;
import org.gradus.testing.Samples;

/** One row per method of {@link Kernels}, two where it has two modes; matrix products have {@link GemmParityTest}. */
final class KernelCases {

    /** What the range {@code from..to} of a method counts. */
    enum Range {
        ELEMENTS,
        ROWS,
        COLUMNS,
        CHUNKS
    }

    /** NaN, infinities and all; zeros, ones and subnormals; or as in training, probabilities in x and y. */
    enum Numbers {
        SPECIAL,
        EDGES,
        ORDINARY
    }

    /** A call. */
    interface Call {
        void on(Kernels kernels, Work work);
    }

    /** A method, what its range counts, and how to call it. */
    record Case(String method, Range range, Call call) {
        @Override
        public String toString() {
            return method;
        }
    }

    /** Arguments of one call: a matrix of {@code rows x columns}, that is {@code n} elements, and four arrays of this size. */
    static final class Work {
        final int rows;
        final int columns;
        final int n;
        final int from;
        final int to;
        final float s;
        final float[] x;
        final float[] y;
        final float[] z;
        final float[] w;
        final float[] oneSlope;
        final float[] slopes;
        final float[] classes;
        final float[] partial;

        private Work(int rows, int columns, int from, int to, float s, float[]... arrays) {
            this.rows = rows;
            this.columns = columns;
            this.n = rows * columns;
            this.from = from;
            this.to = to;
            this.s = s;
            x = arrays[0].clone();
            y = arrays[1].clone();
            z = arrays[2].clone();
            w = arrays[3].clone();
            oneSlope = arrays[4].clone();
            slopes = arrays[5].clone();
            classes = arrays[6].clone();
            partial = arrays[7].clone();
        }

        static Work of(Numbers kind, long seed, int rows, int columns, int from, int to) {
            int n = rows * columns;
            float[][] arrays = new float[8][];
            for (int a = 0; a < 4; a++) {
                arrays[a] = numbers(kind, a, seed * 8 + a, n);
            }
            arrays[4] = Samples.uniform(seed * 8 + 4, 1, -1, 1);
            arrays[5] = Samples.uniform(seed * 8 + 5, columns, -1, 1);
            arrays[6] = Samples.whole(seed * 8 + 6, rows, columns);
            arrays[7] = Samples.uniform(seed * 8 + 7, Kernels.chunks(rows, columns), -1, 1);
            return new Work(rows, columns, from, to, (float) StrictMath.sin((double) seed), arrays);
        }

        private static float[] numbers(Numbers kind, int array, long seed, int n) {
            return switch (kind) {
                case SPECIAL -> Samples.special(seed, n);
                case EDGES -> Samples.edges(seed, n);
                case ORDINARY -> array < 2 ? Samples.uniform(seed, n, 0, 1) : Samples.uniform(seed, n, -2, 2);
            };
        }

        Work copy() {
            return new Work(rows, columns, from, to, s, x, y, z, w, oneSlope, slopes, classes, partial);
        }

        /** Exceeded by few of the numbers of training, so that the first is anywhere. */
        float limit() {
            return 1f - 2f / n;
        }

        /** Everything a call could have written to. */
        List<float[]> arrays() {
            return Arrays.asList(x, y, z, w, oneSlope, slopes, classes, partial);
        }
    }

    static final List<Case> ALL = List.of(
            elements("add", (k, a) -> k.add(a.from, a.to, a.x, a.y, a.w)),
            elements("sub", (k, a) -> k.sub(a.from, a.to, a.x, a.y, a.w)),
            elements("mul", (k, a) -> k.mul(a.from, a.to, a.x, a.y, a.w)),
            elements("div", (k, a) -> k.div(a.from, a.to, a.x, a.y, a.w)),
            elements("scale", (k, a) -> k.scale(a.from, a.to, a.s, a.x, a.w)),
            elements("scale", (k, a) -> k.scale(a.from, a.to, a.s, a.w, a.w)),
            elements("addScaled", (k, a) -> k.addScaled(a.from, a.to, a.s, a.x, a.w)),
            elements("addConstant", (k, a) -> k.addConstant(a.from, a.to, a.s, a.w)),
            elements("addProduct", (k, a) -> k.addProduct(a.from, a.to, a.x, a.y, a.w)),
            elements("addQuotient", (k, a) -> k.addQuotient(a.from, a.to, a.x, a.y, a.w)),
            elements("divideGrad", (k, a) -> k.divideGrad(a.from, a.to, a.x, a.y, a.z, a.w)),
            elements("relu", (k, a) -> k.relu(a.from, a.to, a.x, a.w)),
            elements("reluGrad", (k, a) -> k.reluGrad(a.from, a.to, a.x, a.z, a.w)),
            elements("prelu", (k, a) -> k.prelu(a.from, a.to, a.columns, a.x, a.oneSlope, a.w)),
            elements("preluGrad", (k, a) -> k.preluGrad(a.from, a.to, a.columns, a.x, a.oneSlope, a.z, a.w)),
            rows("prelu", (k, a) -> k.prelu(a.from * a.columns, a.to * a.columns, a.columns, a.z, a.slopes, a.w)),
            rows(
                    "preluGrad",
                    (k, a) -> k.preluGrad(a.from * a.columns, a.to * a.columns, a.columns, a.w, a.slopes, a.y, a.z)),
            columns(
                    "preluColumnSlopeGrad",
                    (k, a) -> k.preluColumnSlopeGrad(a.rows, a.columns, a.z, a.w, a.slopes, a.from, a.to)),
            chunks(
                    "preluSlopeGradChunks",
                    (k, a) -> k.preluSlopeGradChunks(a.from, a.to, a.columns, a.z, a.w, a.partial)),
            elements("sigmoid", (k, a) -> k.sigmoid(a.from, a.to, a.z, a.w)),
            elements("sigmoidGrad", (k, a) -> k.sigmoidGrad(a.from, a.to, a.x, a.z, a.w)),
            elements("tanh", (k, a) -> k.tanh(a.from, a.to, a.z, a.w)),
            elements("tanhGrad", (k, a) -> k.tanhGrad(a.from, a.to, a.x, a.z, a.w)),
            elements("exp", (k, a) -> k.exp(a.from, a.to, a.z, a.w)),
            elements("log", (k, a) -> k.log(a.from, a.to, a.x, a.w)),
            rows("repeatRow", (k, a) -> k.repeatRow(a.from, a.to, a.columns, a.slopes, a.w)),
            columns("addColumnSums", (k, a) -> k.addColumnSums(a.rows, a.columns, a.z, a.slopes, a.from, a.to)),
            chunks("sumChunks", (k, a) -> k.sumChunks(a.from, a.to, a.columns, a.z, a.partial)),
            chunks("squaredErrorChunks", (k, a) -> k.squaredErrorChunks(a.from, a.to, a.columns, a.x, a.y, a.partial)),
            elements("addScaledDifference", (k, a) -> k.addScaledDifference(a.from, a.to, a.s, a.x, a.y, a.w)),
            chunks("bceChunks", (k, a) -> k.bceChunks(a.from, a.to, a.columns, a.x, a.y, a.partial)),
            elements("firstOutside", (k, a) -> a.w[0] = k.firstOutside(a.from, a.to, -0.25f, a.limit(), a.x)),
            elements("firstOutside", (k, a) -> a.w[0] = k.firstOutside(a.from, a.to, 0f, 1f, a.y)),
            elements("bceGrad", (k, a) -> k.bceGrad(a.from, a.to, a.s, a.x, a.y, a.w)),
            elements("bceTargetGrad", (k, a) -> k.bceTargetGrad(a.from, a.to, a.s, a.x, a.w)),
            chunks(
                    "bceWithLogitsChunks",
                    (k, a) -> k.bceWithLogitsChunks(a.from, a.to, a.columns, a.z, a.y, a.partial)),
            elements("bceWithLogitsGrad", (k, a) -> k.bceWithLogitsGrad(a.from, a.to, a.s, a.z, a.y, a.w)),
            rows("normalizeRows", (k, a) -> k.normalizeRows(a.from, a.to, a.columns, a.z, a.w)),
            rows("normalizeRowsGrad", (k, a) -> k.normalizeRowsGrad(a.from, a.to, a.columns, a.z, a.x, a.y, a.w)),
            rows("softmaxCrossEntropy", (k, a) -> k.softmaxCrossEntropy(a.from, a.to, a.columns, a.z, a.classes, a.w)),
            rows(
                    "softmaxCrossEntropyGrad",
                    (k, a) -> k.softmaxCrossEntropyGrad(a.from, a.to, a.columns, a.s, a.z, a.classes, a.w)),
            elements("sgdStep", (k, a) -> k.sgdStep(a.from, a.to, 0.1f, 0f, 0.01f, false, a.x, a.z, a.w)),
            elements("sgdStep", (k, a) -> k.sgdStep(a.from, a.to, 0.1f, 0.9f, 0f, false, a.x, a.z, a.w)),
            elements("sgdStep", (k, a) -> k.sgdStep(a.from, a.to, 0.1f, 0.9f, 0.01f, true, a.x, a.z, a.w)),
            elements("adamStep", (k, a) -> k.adamStep(a.from, a.to, adam(1), a.w, a.z, a.x, a.y)),
            elements("adamStep", (k, a) -> k.adamStep(a.from, a.to, adam(0.999), a.w, a.z, a.x, a.y)));

    private KernelCases() {}

    private static AdamCoefficients adam(double shrink) {
        AdamCoefficients coefficients = new AdamCoefficients(0.9, 0.999, 1e-8, shrink == 1 ? 0.1 : 0);
        coefficients.step(1e-3 / (1 - 0.81), Math.sqrt(1 - 0.999 * 0.999), shrink);
        return coefficients;
    }

    private static Case elements(String method, Call call) {
        return new Case(method, Range.ELEMENTS, call);
    }

    private static Case rows(String method, Call call) {
        return new Case(method, Range.ROWS, call);
    }

    private static Case columns(String method, Call call) {
        return new Case(method, Range.COLUMNS, call);
    }

    private static Case chunks(String method, Call call) {
        return new Case(method, Range.CHUNKS, call);
    }
}

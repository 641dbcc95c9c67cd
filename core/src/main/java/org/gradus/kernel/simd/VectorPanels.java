package org.gradus.kernel.simd;

import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromArray;
import static org.gradus.kernel.simd.VectorMath.FLOATS;
import static org.gradus.kernel.simd.VectorMath.LENGTH;
import static org.gradus.kernel.simd.VectorMath.SPECIES;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import org.gradus.kernel.Kernels;

/** {@link PanelKernels} on the Vector API. Products and layouts have rooms of their own. */
final class VectorPanels implements PanelKernels {

    private static final int FEATURES = Kernels.CHUNK / WIDTH;

    private final float[] sums = new float[WIDTH * WIDTH];
    private final float[] norms = new float[WIDTH];
    private final float[] along = new float[WIDTH];
    private final VectorPanelProducts products;
    private final VectorZeros zeros;
    private final VectorLayouts layouts;
    private final VectorLosses losses;
    private final VectorGraphPanels graphs;

    /** Panels that share the memory of kernels, for their thread. */
    VectorPanels(VectorPanelProducts products, VectorLayouts layouts, VectorLosses losses) {
        this.products = products;
        zeros = new VectorZeros(products);
        this.layouts = layouts;
        this.losses = losses;
        graphs = new VectorGraphPanels(losses);
    }

    @Override
    public int stripOfRows() {
        return VectorPanelProducts.STRIP;
    }

    // ---- products and layouts
    // ----------------------------------------------------------------------------------------------------------------

    @Override
    public void product(
            Product product, int rowFrom, int rowTo, int panelFrom, int panelTo, float[] a, float[] x, float[] c) {
        products.product(product, rowFrom, rowTo, panelFrom, panelTo, a, x, c);
    }

    @Override
    public void product(
            Product product,
            NonZeros nonZeros,
            int rowFrom,
            int rowTo,
            int panelFrom,
            int panelTo,
            float[] a,
            float[] x,
            float[] c) {
        zeros.product(product, nonZeros, rowFrom, rowTo, panelFrom, panelTo, a, x, c);
    }

    @Override
    public void productInLanes(
            Product product, int rowFrom, int rowTo, int panelFrom, int panelTo, float[] a, float[] x, float[] c) {
        products.productInLanes(product, rowFrom, rowTo, panelFrom, panelTo, a, x, c);
    }

    @Override
    public void thinProduct(
            int samples, int rows, int columns, int rowFrom, int rowTo, float[] g, float[] x, float[] c) {
        products.thinProduct(samples, rows, columns, rowFrom, rowTo, g, x, c);
    }

    @Override
    public float[] rows(int features) {
        return layouts.rows(features);
    }

    @Override
    public void layPanel(int panel, int samples, int features, float[] x, float[] transposed) {
        layouts.layPanel(panel, samples, features, x, transposed);
    }

    @Override
    public void note(int panel, NonZeros nonZeros) {
        if (nonZeros.isKnown()) {
            zeros.note(panel, layouts.rows(nonZeros.features), nonZeros);
        }
    }

    @Override
    public void transpose(int samples, int features, int panelFrom, int panelTo, float[] x, float[] transposed) {
        layouts.transpose(samples, features, panelFrom, panelTo, x, transposed);
    }

    // ---- sums over samples, biases
    // ----------------------------------------------------------------------------------------------------------------

    @Override
    public void sampleSums(int samples, int features, int rowFrom, int rowTo, float[] x, float[] out) {
        for (int j0 = rowFrom; j0 < rowTo; j0 += WIDTH) {
            int some = Math.min(WIDTH, rowTo - j0);
            for (int r = 0; r < some; r++) {
                lanesOfSum(samples, features, j0 + r, x, sums, r * WIDTH);
            }
            VectorLanes.treeAlongRows(sums);
            for (int r = 0; r < some; r++) {
                out[j0 + r] = 0f + sums[r];
            }
        }
    }

    private static void lanesOfSum(int samples, int features, int j, float[] x, float[] lanes, int at) {
        int whole = samples / WIDTH;
        for (int v = 0; v < WIDTH; v += LENGTH) {
            vectorOfSum(whole, features * WIDTH, j * WIDTH + v, x, lanes, at + v);
        }
        for (int l = 0; l < samples % WIDTH; l++) {
            lanes[at + l] += x[(whole * features + j) * WIDTH + l];
        }
    }

    private static void vectorOfSum(int panels, int panel, int from, float[] x, float[] lanes, int at) {
        FloatVector sum = broadcast(SPECIES, 0f);
        for (int q = 0; q < panels; q++) {
            sum = FLOATS.cast(fromArray(SPECIES, x, q * panel + from)).add(sum);
        }
        FLOATS.cast(sum).intoArray(lanes, at);
    }

    @Override
    public void addBias(int panelFrom, int panelTo, int features, int rowFrom, int rowTo, float[] bias, float[] x) {
        for (int q = panelFrom; q < panelTo; q++) {
            addBias(rowFrom, rowTo - rowFrom, bias, x, (q * features + rowFrom) * WIDTH);
        }
    }

    private static void addBias(int first, int features, float[] bias, float[] x, int from) {
        for (int j = 0; j < features; j++) {
            FloatVector b = broadcast(SPECIES, bias[first + j]);
            for (int v = from + j * WIDTH; v < from + (j + 1) * WIDTH; v += LENGTH) {
                FLOATS.cast(fromArray(SPECIES, x, v)).add(b).intoArray(x, v);
            }
        }
    }

    /** A block of features at a time, which the first-level cache holds between the two passes. */
    @Override
    public void sigmoidOfBiased(
            int panelFrom, int panelTo, int features, int rowFrom, int rowTo, float[] bias, float[] x, float[] y) {
        for (int q = panelFrom; q < panelTo; q++) {
            for (int j = rowFrom; j < rowTo; j += FEATURES) {
                int some = Math.min(FEATURES, rowTo - j);
                int from = (q * features + j) * WIDTH;
                addBias(j, some, bias, x, from);
                VectorMath.sigmoids(some * WIDTH, x, from, y, from);
            }
        }
    }

    @Override
    public void preluOfBiased(
            int panelFrom,
            int panelTo,
            int features,
            int rowFrom,
            int rowTo,
            float[] bias,
            float slope,
            float[] x,
            float[] y) {
        for (int q = panelFrom; q < panelTo; q++) {
            preluOfBiased(rowFrom * WIDTH, rowTo * WIDTH, bias, slope, x, y, q * features * WIDTH);
        }
    }

    private static void preluOfBiased(int first, int end, float[] bias, float slope, float[] x, float[] y, int from) {
        FloatVector a = FLOATS.cast(broadcast(SPECIES, slope));
        for (int i = first; i < end; i += LENGTH) {
            FloatVector v = FLOATS.cast(fromArray(SPECIES, x, from + i)).add(broadcast(SPECIES, bias[i / WIDTH]));
            v.intoArray(x, from + i);
            a.mul(v).blend(v, v.compare(VectorOperators.GT, 0f)).intoArray(y, from + i);
        }
    }

    // ---- derivatives, in place; whole vectors; onto 0, see PanelKernels
    // ----------------------------------------------------------------------------------------------------------------

    @Override
    public void reluGrad(int from, int to, float[] x, float[] g) {
        FloatVector zero = FLOATS.cast(broadcast(SPECIES, 0f));
        for (int i = from; i < to; i += LENGTH) {
            FloatVector passed = FLOATS.cast(fromArray(SPECIES, g, i))
                    .blend(0f, FLOATS.cast(fromArray(SPECIES, x, i)).compare(VectorOperators.LE, 0f));
            zero.add(passed).intoArray(g, i);
        }
    }

    @Override
    public void sigmoidGrad(int from, int to, float[] y, float[] g) {
        FloatVector zero = FLOATS.cast(broadcast(SPECIES, 0f));
        FloatVector one = FLOATS.cast(broadcast(SPECIES, 1f));
        for (int i = from; i < to; i += LENGTH) {
            FloatVector v = FLOATS.cast(fromArray(SPECIES, y, i));
            FLOATS.cast(fromArray(SPECIES, g, i)).mul(v).fma(one.sub(v), zero).intoArray(g, i);
        }
    }

    @Override
    public void tanhGrad(int from, int to, float[] y, float[] g) {
        FloatVector zero = FLOATS.cast(broadcast(SPECIES, 0f));
        FloatVector one = FLOATS.cast(broadcast(SPECIES, 1f));
        for (int i = from; i < to; i += LENGTH) {
            FloatVector v = FLOATS.cast(fromArray(SPECIES, y, i));
            FLOATS.cast(fromArray(SPECIES, g, i)).fma(v.neg().fma(v, one), zero).intoArray(g, i);
        }
    }

    @Override
    public void squaredErrorGrad(int from, int to, float s, float[] x, float[] y, float[] g) {
        FloatVector zero = FLOATS.cast(broadcast(SPECIES, 0f));
        FloatVector factor = FLOATS.cast(broadcast(SPECIES, s));
        for (int i = from; i < to; i += LENGTH) {
            factor.fma(FLOATS.cast(fromArray(SPECIES, x, i)).sub(FLOATS.cast(fromArray(SPECIES, y, i))), zero)
                    .intoArray(g, i);
        }
    }

    @Override
    public void bceGrad(int from, int to, float s, float[] p, float[] y, float[] g) {
        FloatVector zero = FLOATS.cast(broadcast(SPECIES, 0f));
        FloatVector one = FLOATS.cast(broadcast(SPECIES, 1f));
        FloatVector factor = FLOATS.cast(broadcast(SPECIES, s));
        for (int i = from; i < to; i += LENGTH) {
            FloatVector v = FLOATS.cast(fromArray(SPECIES, p, i));
            FloatVector spread = one.sub(v).mul(v);
            spread = spread.blend(Kernels.BCE_EPSILON, spread.compare(VectorOperators.LT, Kernels.BCE_EPSILON));
            factor.fma(v.sub(FLOATS.cast(fromArray(SPECIES, y, i))).div(spread), zero)
                    .intoArray(g, i);
        }
    }

    @Override
    public void sigmoidBceGrad(int from, int to, float s, float[] p, float[] y, float[] g) {
        FloatVector zero = FLOATS.cast(broadcast(SPECIES, 0f));
        FloatVector one = FLOATS.cast(broadcast(SPECIES, 1f));
        FloatVector factor = FLOATS.cast(broadcast(SPECIES, s));
        for (int i = from; i < to; i += LENGTH) {
            FloatVector v = FLOATS.cast(fromArray(SPECIES, p, i));
            FloatVector rest = one.sub(v);
            FloatVector spread = rest.mul(v);
            spread = spread.blend(Kernels.BCE_EPSILON, spread.compare(VectorOperators.LT, Kernels.BCE_EPSILON));
            FloatVector forOutput =
                    factor.fma(v.sub(FLOATS.cast(fromArray(SPECIES, y, i))).div(spread), zero);
            forOutput.mul(v).fma(rest, zero).intoArray(g, i);
        }
    }

    @Override
    public void sigmoidSquaredErrorGrad(int from, int to, float s, float[] x, float[] y, float[] g) {
        FloatVector zero = FLOATS.cast(broadcast(SPECIES, 0f));
        FloatVector one = FLOATS.cast(broadcast(SPECIES, 1f));
        FloatVector factor = FLOATS.cast(broadcast(SPECIES, s));
        for (int i = from; i < to; i += LENGTH) {
            FloatVector v = FLOATS.cast(fromArray(SPECIES, x, i));
            FloatVector forOutput = factor.fma(v.sub(FLOATS.cast(fromArray(SPECIES, y, i))), zero);
            forOutput.mul(v).fma(one.sub(v), zero).intoArray(g, i);
        }
    }

    // ---- reductions: 64 features of 16 samples at a time; row l of the sums is lane l
    // ----------------------------------------------------------------------------------------------------------------

    @Override
    public void preluGrad(
            int panelFrom, int panelTo, int features, float slope, float[] x, float[] g, float[] partial) {
        for (int q = panelFrom; q < panelTo; q++) {
            for (int j = 0; j < features; j += FEATURES) {
                int some = Math.min(FEATURES, features - j);
                int from = (q * features + j) * WIDTH;
                startChunk(j);
                addSlopeTerms(some * WIDTH, slope, x, g, from, sums);
                endChunk(q, j + some, features, partial);
            }
        }
    }

    private static void addSlopeTerms(int n, float slope, float[] x, float[] g, int from, float[] sums) {
        FloatVector zero = FLOATS.cast(broadcast(SPECIES, 0f));
        FloatVector a = FLOATS.cast(broadcast(SPECIES, slope));
        for (int i = 0; i < n; i += LENGTH) {
            FloatVector v = FLOATS.cast(fromArray(SPECIES, x, from + i));
            FloatVector w = FLOATS.cast(fromArray(SPECIES, g, from + i));
            VectorMask<Float> positive = v.compare(VectorOperators.GT, 0f);
            int lane = i & (WIDTH * WIDTH - 1);
            FLOATS.cast(fromArray(SPECIES, sums, lane))
                    .add(w.mul(v).blend(0f, positive))
                    .intoArray(sums, lane);
            zero.add(a.mul(w).blend(w, positive)).intoArray(g, from + i);
        }
    }

    @Override
    public void squaredErrorChunks(int panelFrom, int panelTo, int features, float[] x, float[] y, float[] partial) {
        for (int q = panelFrom; q < panelTo; q++) {
            for (int j = 0; j < features; j += FEATURES) {
                int some = Math.min(FEATURES, features - j);
                int from = (q * features + j) * WIDTH;
                startChunk(j);
                addSquares(some * WIDTH, x, y, from, sums);
                endChunk(q, j + some, features, partial);
            }
        }
    }

    private static void addSquares(int n, float[] x, float[] y, int from, float[] sums) {
        for (int i = 0; i < n; i += LENGTH) {
            FloatVector d =
                    FLOATS.cast(fromArray(SPECIES, x, from + i)).sub(FLOATS.cast(fromArray(SPECIES, y, from + i)));
            int lane = i & (WIDTH * WIDTH - 1);
            d.fma(d, FLOATS.cast(fromArray(SPECIES, sums, lane))).intoArray(sums, lane);
        }
    }

    @Override
    public void bceChunks(int panelFrom, int panelTo, int features, float[] p, float[] y, float[] partial) {
        for (int q = panelFrom; q < panelTo; q++) {
            for (int j = 0; j < features; j += FEATURES) {
                int some = Math.min(FEATURES, features - j);
                int from = (q * features + j) * WIDTH;
                losses.bceTermsOf(some * WIDTH, p, y, from);
                startChunk(j);
                addTerms(some * WIDTH, losses.terms(), sums);
                endChunk(q, j + some, features, partial);
            }
        }
    }

    static void addTerms(int n, float[] terms, float[] sums) {
        for (int i = 0; i < n; i += LENGTH) {
            int lane = i & (WIDTH * WIDTH - 1);
            FLOATS.cast(fromArray(SPECIES, sums, lane))
                    .add(FLOATS.cast(fromArray(SPECIES, terms, i)))
                    .intoArray(sums, lane);
        }
    }

    private void startChunk(int j) {
        if (j % Kernels.CHUNK == 0) {
            Arrays.fill(sums, 0f);
        }
    }

    private void endChunk(int panel, int done, int features, float[] partial) {
        if (done % Kernels.CHUNK == 0 || done == features) {
            int perSample = Kernels.chunks(1, features);
            int chunk = (done - 1) / Kernels.CHUNK;
            VectorLanes.treeDownColumns(sums);
            for (int l = 0; l < WIDTH; l++) {
                partial[(panel * WIDTH + l) * perSample + chunk] = sums[l];
            }
        }
    }

    // ---- normalised samples: methods store what they compute; a vector returned from a loop would go on the heap
    // ----------------------------------------------------------------------------------------------------------------

    @Override
    public void normalize(int panelFrom, int panelTo, int features, float[] x, float[] y) {
        for (int q = panelFrom; q < panelTo; q++) {
            int from = q * features * WIDTH;
            for (int v = 0; v < WIDTH; v += LENGTH) {
                norm(features, x, from + v, norms, v);
                divide(features, x, from + v, norms, v, y);
            }
        }
    }

    static void norm(int features, float[] x, int from, float[] norms, int at) {
        FloatVector squares = broadcast(SPECIES, 0f);
        for (int j = 0; j < features; j++) {
            FloatVector v = FLOATS.cast(fromArray(SPECIES, x, from + j * WIDTH));
            squares = v.fma(v, squares);
        }
        FLOATS.cast(squares).sqrt().intoArray(norms, at);
    }

    private static void divide(int features, float[] x, int from, float[] norms, int at, float[] y) {
        FloatVector norm = FLOATS.cast(fromArray(SPECIES, norms, at));
        FloatVector tiny = FLOATS.cast(broadcast(SPECIES, Kernels.NORM_EPSILON));
        FloatVector divisor = norm.blend(tiny, norm.compare(VectorOperators.LT, tiny));
        for (int j = 0; j < features; j++) {
            FLOATS.cast(fromArray(SPECIES, x, from + j * WIDTH)).div(divisor).intoArray(y, from + j * WIDTH);
        }
    }

    @Override
    public void normalizeGrad(int panelFrom, int panelTo, int features, float[] x, float[] y, float[] g) {
        for (int q = panelFrom; q < panelTo; q++) {
            int from = q * features * WIDTH;
            for (int v = 0; v < WIDTH; v += LENGTH) {
                norm(features, x, from + v, norms, v);
                dot(features, g, y, from + v, along, v);
                tangents(features, g, y, from + v, norms, along, v);
            }
        }
    }

    static void dot(int features, float[] g, float[] y, int from, float[] along, int at) {
        FloatVector sum = broadcast(SPECIES, 0f);
        for (int j = 0; j < features; j++) {
            sum = FLOATS.cast(fromArray(SPECIES, g, from + j * WIDTH))
                    .fma(FLOATS.cast(fromArray(SPECIES, y, from + j * WIDTH)), sum);
        }
        FLOATS.cast(sum).intoArray(along, at);
    }

    private static void tangents(int features, float[] g, float[] y, int from, float[] norms, float[] along, int at) {
        FloatVector zero = FLOATS.cast(broadcast(SPECIES, 0f));
        FloatVector norm = FLOATS.cast(fromArray(SPECIES, norms, at));
        FloatVector back = FLOATS.cast(fromArray(SPECIES, along, at)).neg();
        VectorMask<Float> clamped = norm.compare(VectorOperators.LT, Kernels.NORM_EPSILON);
        for (int j = 0; j < features; j++) {
            int i = from + j * WIDTH;
            FloatVector v = FLOATS.cast(fromArray(SPECIES, g, i));
            FloatVector tangent =
                    back.fma(FLOATS.cast(fromArray(SPECIES, y, i)), v).div(norm);
            zero.add(tangent.blend(v.div(Kernels.NORM_EPSILON), clamped)).intoArray(g, i);
        }
    }

    // ---- several readers, classes, logits
    // ----------------------------------------------------------------------------

    @Override
    public void ontoZero(int from, int to, float[] g, float[] gx) {
        VectorGraphPanels.ontoZero(from, to, g, gx);
    }

    @Override
    public void addNormalizeGrad(
            int panelFrom, int panelTo, int features, float[] x, float[] y, float[] g, float[] gx) {
        graphs.addNormalizeGrad(panelFrom, panelTo, features, x, y, g, gx);
    }

    @Override
    public void bceWithLogitsChunks(int panelFrom, int panelTo, int features, float[] z, float[] y, float[] partial) {
        graphs.bceWithLogitsChunks(panelFrom, panelTo, features, z, y, partial);
    }

    @Override
    public void softmaxCrossEntropy(
            int panelFrom,
            int panelTo,
            int columns,
            float[] z,
            float[] classes,
            float[] exponentials,
            float[] sums,
            float[] loss) {
        graphs.softmaxCrossEntropy(panelFrom, panelTo, columns, z, classes, exponentials, sums, loss);
    }

    @Override
    public void softmaxCrossEntropyGrad(
            int panelFrom,
            int panelTo,
            int columns,
            float s,
            float[] exponentials,
            float[] sums,
            float[] classes,
            float[] g) {
        VectorGraphPanels.softmaxCrossEntropyGrad(panelFrom, panelTo, columns, s, exponentials, sums, classes, g);
    }
}

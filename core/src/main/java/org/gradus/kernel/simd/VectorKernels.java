package org.gradus.kernel.simd;

import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromArray;
import static org.gradus.kernel.simd.VectorMath.FLOATS;
import static org.gradus.kernel.simd.VectorMath.LENGTH;
import static org.gradus.kernel.simd.VectorMath.SPECIES;

import java.util.Optional;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import org.gradus.kernel.AdamCoefficients;
import org.gradus.kernel.GemmKind;
import org.gradus.kernel.Kernels;
import org.gradus.kernel.cephes.Cephes;

/**
 * The kernels on the Vector API, bit for bit equal to the plain ones, which also do the last few elements of each loop. {@link
 * org.gradus.kernel.KernelProvider} loads this class by name, and only where the module {@code jdk.incubator.vector} is; only the {@code
 * Vector} classes of this package import it. Elementwise loops and optimiser steps stand here; products, sums, losses and panels have
 * rooms of their own.
 *
 * <p>Loops are plain: the vectors' width comes from the machine, lanes never talk to each other, and sums in lanes are kept in
 * {@value #LANES} lanes whatever the width (a narrow machine makes several passes).
 */
public final class VectorKernels implements Kernels, WithPanels {

    private final Kernels plain = Kernels.plain();
    private final float[] scratch = new float[CHUNK];
    private final VectorLanes lanes = new VectorLanes();
    private final VectorLosses losses = new VectorLosses(lanes);
    private final VectorLayouts layouts = new VectorLayouts();
    private final VectorPanelProducts products = new VectorPanelProducts(layouts);
    private final VectorGemm gemm = new VectorGemm(products, layouts, new VectorThinProducts(plain, lanes));
    private final Optional<PanelKernels> panels = Optional.of(new VectorPanels(products, layouts, losses));

    /** Kernels for one thread. */
    public VectorKernels() {}

    @Override
    public String name() {
        return "vector";
    }

    @Override
    public int vectorBits() {
        return SPECIES.vectorBitSize();
    }

    @Override
    public Kernels another() {
        return new VectorKernels();
    }

    @Override
    public Optional<PanelKernels> panels() {
        return panels;
    }

    @Override
    public void gemm(
            GemmKind kind,
            int m,
            int n,
            int k,
            float[] a,
            float[] b,
            float[] bias,
            float[] c,
            boolean accumulate,
            int rowFrom,
            int rowTo,
            int colFrom,
            int colTo) {
        gemm.gemm(kind, m, n, k, a, b, bias, c, accumulate, rowFrom, rowTo, colFrom, colTo);
    }

    // ---- elementwise
    // ----------------------------------------------------------------------------------------------------------------

    @Override
    public void add(int from, int to, float[] x, float[] y, float[] out) {
        int i = from;
        for (; i <= to - LENGTH; i += LENGTH) {
            FLOATS.cast(fromArray(SPECIES, x, i))
                    .add(FLOATS.cast(fromArray(SPECIES, y, i)))
                    .intoArray(out, i);
        }
        plain.add(i, to, x, y, out);
    }

    @Override
    public void sub(int from, int to, float[] x, float[] y, float[] out) {
        int i = from;
        for (; i <= to - LENGTH; i += LENGTH) {
            FLOATS.cast(fromArray(SPECIES, x, i))
                    .sub(FLOATS.cast(fromArray(SPECIES, y, i)))
                    .intoArray(out, i);
        }
        plain.sub(i, to, x, y, out);
    }

    @Override
    public void mul(int from, int to, float[] x, float[] y, float[] out) {
        int i = from;
        for (; i <= to - LENGTH; i += LENGTH) {
            FLOATS.cast(fromArray(SPECIES, x, i))
                    .mul(FLOATS.cast(fromArray(SPECIES, y, i)))
                    .intoArray(out, i);
        }
        plain.mul(i, to, x, y, out);
    }

    @Override
    public void div(int from, int to, float[] x, float[] y, float[] out) {
        int i = from;
        for (; i <= to - LENGTH; i += LENGTH) {
            FLOATS.cast(fromArray(SPECIES, x, i))
                    .div(FLOATS.cast(fromArray(SPECIES, y, i)))
                    .intoArray(out, i);
        }
        plain.div(i, to, x, y, out);
    }

    @Override
    public void scale(int from, int to, float s, float[] x, float[] out) {
        int i = from;
        for (; i <= to - LENGTH; i += LENGTH) {
            FLOATS.cast(fromArray(SPECIES, x, i)).mul(s).intoArray(out, i);
        }
        plain.scale(i, to, s, x, out);
    }

    @Override
    public void addScaled(int from, int to, float s, float[] x, float[] out) {
        int i = from;
        FloatVector factor = FLOATS.cast(broadcast(SPECIES, s));
        for (; i <= to - LENGTH; i += LENGTH) {
            factor.fma(FLOATS.cast(fromArray(SPECIES, x, i)), FLOATS.cast(fromArray(SPECIES, out, i)))
                    .intoArray(out, i);
        }
        plain.addScaled(i, to, s, x, out);
    }

    @Override
    public void addConstant(int from, int to, float s, float[] out) {
        int i = from;
        for (; i <= to - LENGTH; i += LENGTH) {
            FLOATS.cast(fromArray(SPECIES, out, i)).add(s).intoArray(out, i);
        }
        plain.addConstant(i, to, s, out);
    }

    @Override
    public void addProduct(int from, int to, float[] x, float[] y, float[] out) {
        int i = from;
        for (; i <= to - LENGTH; i += LENGTH) {
            FLOATS.cast(fromArray(SPECIES, x, i))
                    .fma(FLOATS.cast(fromArray(SPECIES, y, i)), FLOATS.cast(fromArray(SPECIES, out, i)))
                    .intoArray(out, i);
        }
        plain.addProduct(i, to, x, y, out);
    }

    @Override
    public void addQuotient(int from, int to, float[] x, float[] y, float[] out) {
        int i = from;
        for (; i <= to - LENGTH; i += LENGTH) {
            FLOATS.cast(fromArray(SPECIES, out, i))
                    .add(FLOATS.cast(fromArray(SPECIES, x, i)).div(FLOATS.cast(fromArray(SPECIES, y, i))))
                    .intoArray(out, i);
        }
        plain.addQuotient(i, to, x, y, out);
    }

    @Override
    public void divideGrad(int from, int to, float[] q, float[] y, float[] g, float[] gy) {
        int i = from;
        for (; i <= to - LENGTH; i += LENGTH) {
            FLOATS.cast(fromArray(SPECIES, gy, i))
                    .sub(FLOATS.cast(fromArray(SPECIES, g, i))
                            .mul(FLOATS.cast(fromArray(SPECIES, q, i)).div(FLOATS.cast(fromArray(SPECIES, y, i)))))
                    .intoArray(gy, i);
        }
        plain.divideGrad(i, to, q, y, g, gy);
    }

    @Override
    public void relu(int from, int to, float[] x, float[] y) {
        int i = from;
        for (; i <= to - LENGTH; i += LENGTH) {
            FloatVector v = FLOATS.cast(fromArray(SPECIES, x, i));
            v.blend(0f, v.compare(VectorOperators.LT, 0f)).intoArray(y, i);
        }
        plain.relu(i, to, x, y);
    }

    @Override
    public void reluGrad(int from, int to, float[] x, float[] g, float[] gx) {
        int i = from;
        for (; i <= to - LENGTH; i += LENGTH) {
            FloatVector passed = FLOATS.cast(fromArray(SPECIES, g, i))
                    .blend(0f, FLOATS.cast(fromArray(SPECIES, x, i)).compare(VectorOperators.LE, 0f));
            FLOATS.cast(fromArray(SPECIES, gx, i)).add(passed).intoArray(gx, i);
        }
        plain.reluGrad(i, to, x, g, gx);
    }

    @Override
    public void prelu(int from, int to, int columns, float[] x, float[] slope, float[] y) {
        if (slope.length > 1) {
            plain.prelu(from, to, columns, x, slope, y);
            return;
        }
        int i = from;
        FloatVector a = FLOATS.cast(broadcast(SPECIES, slope[0]));
        for (; i <= to - LENGTH; i += LENGTH) {
            FloatVector v = FLOATS.cast(fromArray(SPECIES, x, i));
            a.mul(v).blend(v, v.compare(VectorOperators.GT, 0f)).intoArray(y, i);
        }
        plain.prelu(i, to, columns, x, slope, y);
    }

    @Override
    public void preluGrad(int from, int to, int columns, float[] x, float[] slope, float[] g, float[] gx) {
        if (slope.length > 1) {
            plain.preluGrad(from, to, columns, x, slope, g, gx);
            return;
        }
        int i = from;
        FloatVector a = FLOATS.cast(broadcast(SPECIES, slope[0]));
        for (; i <= to - LENGTH; i += LENGTH) {
            FloatVector v = FLOATS.cast(fromArray(SPECIES, g, i));
            FloatVector passed =
                    a.mul(v).blend(v, FLOATS.cast(fromArray(SPECIES, x, i)).compare(VectorOperators.GT, 0f));
            FLOATS.cast(fromArray(SPECIES, gx, i)).add(passed).intoArray(gx, i);
        }
        plain.preluGrad(i, to, columns, x, slope, g, gx);
    }

    @Override
    public void preluColumnSlopeGrad(int rows, int columns, float[] x, float[] g, float[] ga, int colFrom, int colTo) {
        plain.preluColumnSlopeGrad(rows, columns, x, g, ga, colFrom, colTo);
    }

    @Override
    public void sigmoid(int from, int to, float[] x, float[] y) {
        VectorMath.sigmoids(to - from, x, from, y, from);
    }

    @Override
    public void sigmoidGrad(int from, int to, float[] y, float[] g, float[] gx) {
        int i = from;
        FloatVector one = FLOATS.cast(broadcast(SPECIES, 1f));
        for (; i <= to - LENGTH; i += LENGTH) {
            FloatVector v = FLOATS.cast(fromArray(SPECIES, y, i));
            FLOATS.cast(fromArray(SPECIES, g, i))
                    .mul(v)
                    .fma(one.sub(v), FLOATS.cast(fromArray(SPECIES, gx, i)))
                    .intoArray(gx, i);
        }
        plain.sigmoidGrad(i, to, y, g, gx);
    }

    /** In three passes over memory in the first-level cache: in one, C2 stops inlining, and vectors are put on the heap. */
    @Override
    public void tanh(int from, int to, float[] x, float[] y) {
        for (int start = from; start < to; start += CHUNK) {
            int length = Math.min(CHUNK, to - start);
            doubledMagnitudes(length, x, start, scratch);
            VectorMath.exps(length, scratch, 0, scratch, 0);
            tanhOf(length, x, start, scratch, y);
        }
    }

    private static void doubledMagnitudes(int length, float[] x, int from, float[] out) {
        int i = 0;
        for (; i <= length - LENGTH; i += LENGTH) {
            FloatVector magnitude = FLOATS.cast(fromArray(SPECIES, x, from + i)).abs();
            magnitude.add(magnitude).intoArray(out, i);
        }
        for (; i < length; i++) {
            out[i] = Math.abs(x[from + i]) + Math.abs(x[from + i]);
        }
    }

    /** {@link Cephes#tanh} of x, from {@code exp(2 |x|)}. */
    private static void tanhOf(int length, float[] x, int from, float[] exponentials, float[] y) {
        int i = 0;
        FloatVector two = FLOATS.cast(broadcast(SPECIES, 2f));
        FloatVector one = FLOATS.cast(broadcast(SPECIES, 1f));
        for (; i <= length - LENGTH; i += LENGTH) {
            FloatVector v = FLOATS.cast(fromArray(SPECIES, x, from + i));
            FloatVector magnitude = v.abs();
            FloatVector square = v.mul(v);
            FloatVector p = square.fma(broadcast(SPECIES, Cephes.TANH_C0), broadcast(SPECIES, Cephes.TANH_C1));
            p = p.fma(square, broadcast(SPECIES, Cephes.TANH_C2));
            p = p.fma(square, broadcast(SPECIES, Cephes.TANH_C3));
            p = p.fma(square, broadcast(SPECIES, Cephes.TANH_C4));
            FloatVector small = p.mul(square).fma(magnitude, magnitude);
            FloatVector large = one.sub(
                    two.div(FLOATS.cast(fromArray(SPECIES, exponentials, i)).add(one)));
            FloatVector result = large.blend(small, magnitude.compare(VectorOperators.LT, Cephes.TANH_SPLIT));
            IntVector sign = ((IntVector) VectorMath.INTS.cast(v.reinterpretAsInts())).and(Integer.MIN_VALUE);
            ((FloatVector) FLOATS.cast(((IntVector) VectorMath.INTS.cast(result.reinterpretAsInts()))
                            .or(sign)
                            .reinterpretAsFloats()))
                    .intoArray(y, from + i);
        }
        for (; i < length; i++) {
            y[from + i] = Cephes.tanh(x[from + i]);
        }
    }

    @Override
    public void tanhGrad(int from, int to, float[] y, float[] g, float[] gx) {
        int i = from;
        FloatVector one = FLOATS.cast(broadcast(SPECIES, 1f));
        for (; i <= to - LENGTH; i += LENGTH) {
            FloatVector v = FLOATS.cast(fromArray(SPECIES, y, i));
            FLOATS.cast(fromArray(SPECIES, g, i))
                    .fma(v.neg().fma(v, one), FLOATS.cast(fromArray(SPECIES, gx, i)))
                    .intoArray(gx, i);
        }
        plain.tanhGrad(i, to, y, g, gx);
    }

    @Override
    public void exp(int from, int to, float[] x, float[] y) {
        VectorMath.exps(to - from, x, from, y, from);
    }

    @Override
    public void log(int from, int to, float[] x, float[] y) {
        for (int start = from; start < to; start += CHUNK) {
            int length = Math.min(CHUNK, to - start);
            VectorMath.logs(length, x, start, scratch);
            System.arraycopy(scratch, 0, y, start, length);
        }
    }

    // ---- rows and columns: few columns, or memory-bound as they are
    // ----------------------------------------------------------------------------------------------------------------

    @Override
    public void repeatRow(int rowFrom, int rowTo, int columns, float[] row, float[] out) {
        plain.repeatRow(rowFrom, rowTo, columns, row, out);
    }

    @Override
    public void addColumnSums(int rows, int columns, float[] x, float[] out, int colFrom, int colTo) {
        int rest = lanes.addColumnSums(rows, columns, x, out, colFrom, colTo);
        plain.addColumnSums(rows, columns, x, out, rest, colTo);
    }

    @Override
    public void normalizeRows(int rowFrom, int rowTo, int columns, float[] x, float[] y) {
        plain.normalizeRows(rowFrom, rowTo, columns, x, y);
    }

    @Override
    public void normalizeRowsGrad(int rowFrom, int rowTo, int columns, float[] x, float[] y, float[] g, float[] gx) {
        plain.normalizeRowsGrad(rowFrom, rowTo, columns, x, y, g, gx);
    }

    @Override
    public void softmaxCrossEntropy(int rowFrom, int rowTo, int columns, float[] z, float[] classes, float[] loss) {
        plain.softmaxCrossEntropy(rowFrom, rowTo, columns, z, classes, loss);
    }

    @Override
    public void softmaxCrossEntropyGrad(
            int rowFrom, int rowTo, int columns, float s, float[] z, float[] classes, float[] gz) {
        plain.softmaxCrossEntropyGrad(rowFrom, rowTo, columns, s, z, classes, gz);
    }

    // ---- sums and losses
    // ----------------------------------------------------------------------------------------------------------------

    @Override
    public void sumChunks(int chunkFrom, int chunkTo, int columns, float[] x, float[] partial) {
        for (int c = chunkFrom; c < chunkTo; c++) {
            partial[c] = lanes.sumInLanes(Kernels.chunkLength(c, columns), x, Kernels.chunkStart(c, columns));
        }
    }

    @Override
    public void squaredErrorChunks(int chunkFrom, int chunkTo, int columns, float[] x, float[] y, float[] partial) {
        losses.squaredErrorChunks(chunkFrom, chunkTo, columns, x, y, partial);
    }

    @Override
    public void bceChunks(int chunkFrom, int chunkTo, int columns, float[] p, float[] y, float[] partial) {
        losses.bceChunks(chunkFrom, chunkTo, columns, p, y, partial);
    }

    @Override
    public void bceWithLogitsChunks(int chunkFrom, int chunkTo, int columns, float[] z, float[] y, float[] partial) {
        losses.bceWithLogitsChunks(chunkFrom, chunkTo, columns, z, y, partial);
    }

    @Override
    public void preluSlopeGradChunks(int chunkFrom, int chunkTo, int columns, float[] x, float[] g, float[] partial) {
        losses.preluSlopeGradChunks(chunkFrom, chunkTo, columns, x, g, partial);
    }

    @Override
    public void addScaledDifference(int from, int to, float s, float[] x, float[] y, float[] gx) {
        plain.addScaledDifference(losses.addScaledDifference(from, to, s, x, y, gx), to, s, x, y, gx);
    }

    @Override
    public void bceGrad(int from, int to, float s, float[] p, float[] y, float[] gp) {
        plain.bceGrad(losses.bceGrad(from, to, s, p, y, gp), to, s, p, y, gp);
    }

    @Override
    public void bceWithLogitsGrad(int from, int to, float s, float[] z, float[] y, float[] gz) {
        losses.bceWithLogitsGrad(from, to, s, z, y, gz);
    }

    @Override
    public void bceTargetGrad(int from, int to, float s, float[] p, float[] gy) {
        plain.bceTargetGrad(from, to, s, p, gy);
    }

    @Override
    public int firstOutside(int from, int to, float low, float high, float[] x) {
        int i = from;
        for (; i <= to - 4 * LENGTH; i += 4 * LENGTH) {
            FloatVector a = FLOATS.cast(fromArray(SPECIES, x, i));
            FloatVector b = FLOATS.cast(fromArray(SPECIES, x, i + LENGTH));
            FloatVector c = FLOATS.cast(fromArray(SPECIES, x, i + 2 * LENGTH));
            FloatVector d = FLOATS.cast(fromArray(SPECIES, x, i + 3 * LENGTH));
            VectorMask<Float> two = a.compare(VectorOperators.LT, low).or(a.compare(VectorOperators.GT, high));
            two = two.or(b.compare(VectorOperators.LT, low)).or(b.compare(VectorOperators.GT, high));
            VectorMask<Float> more = c.compare(VectorOperators.LT, low).or(c.compare(VectorOperators.GT, high));
            more = more.or(d.compare(VectorOperators.LT, low)).or(d.compare(VectorOperators.GT, high));
            if (two.or(more).anyTrue()) {
                break;
            }
        }
        return plain.firstOutside(i, to, low, high, x);
    }

    // ---- optimiser steps
    // ----------------------------------------------------------------------------------------------------------------

    @Override
    public void sgdStep(
            int from,
            int to,
            float lr,
            float momentum,
            float weightDecay,
            boolean nesterov,
            float[] p,
            float[] g,
            float[] v) {
        plain.sgdStep(from, to, lr, momentum, weightDecay, nesterov, p, g, v);
    }

    @Override
    public void adamStep(int from, int to, AdamCoefficients k, float[] p, float[] g, float[] m, float[] v) {
        int done = VectorAdam.step(from, to, k, p, g, m, v);
        plain.adamStep(done, to, k, p, g, m, v);
    }
}

package org.gradus.optim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Scale;
import org.gradus.autograd.Tensor;

/** What holds for all options and sizes. */
class OptimizerProperties {

    private static final int STEPS = 6;

    @Property(tries = 200)
    void adamEqualsItsFormulaToTheBit(
            @ForAll @IntRange(min = 1, max = 70) int n,
            @ForAll long seed,
            @ForAll boolean decoupled,
            @ForAll @DoubleRange(min = 0, max = 10) double learningRate,
            @ForAll @DoubleRange(min = 0, max = 0.9999) @Scale(4) double beta1,
            @ForAll @DoubleRange(min = 0, max = 0.9999) @Scale(4) double beta2,
            @ForAll @DoubleRange(min = 0, max = 1) double weightDecay) {
        AdamOptions options = new AdamOptions(learningRate, beta1, beta2, 1e-8, weightDecay);
        Random random = new Random(seed);
        Tensor p = parameter(n, random);
        float[] expected = p.data().clone();
        Optimizer optimizer = decoupled ? new AdamW(List.of(p), options) : new Adam(List.of(p), options);
        WrittenOut.AdamStep step = new WrittenOut.AdamStep(options, decoupled, n);
        for (int s = 0; s < STEPS; s++) {
            fill(p.grad(), random);
            step.apply(expected, p.grad());
            optimizer.step();
            assertThat(bits(p.data())).as("step %d", s).isEqualTo(bits(expected));
        }
    }

    @Property(tries = 200)
    void sgdEqualsItsFormulaToTheBit(
            @ForAll @IntRange(min = 1, max = 70) int n,
            @ForAll long seed,
            @ForAll boolean nesterov,
            @ForAll @DoubleRange(min = 0, max = 10) double learningRate,
            @ForAll @DoubleRange(min = 0, max = 0.99) double momentum,
            @ForAll @DoubleRange(min = 0, max = 1) double weightDecay) {
        SgdOptions options = new SgdOptions(learningRate, momentum, weightDecay, nesterov && momentum > 0);
        Random random = new Random(seed);
        Tensor p = parameter(n, random);
        float[] expected = p.data().clone();
        Optimizer optimizer = new SGD(List.of(p), options);
        WrittenOut.SgdStep step = new WrittenOut.SgdStep(options, n);
        for (int s = 0; s < STEPS; s++) {
            fill(p.grad(), random);
            step.apply(expected, p.grad());
            optimizer.step();
            assertThat(bits(p.data())).as("step %d", s).isEqualTo(bits(expected));
        }
    }

    @Property(tries = 100)
    void anOptimiserRestoredInTheMiddleGoesOnAsIfNeverStopped(
            @ForAll @IntRange(min = 0, max = 2) int kind,
            @ForAll @IntRange(min = 0, max = 30) int before,
            @ForAll @IntRange(min = 1, max = 10) int after,
            @ForAll long seed) {
        Random random = new Random(seed);
        Tensor whole = parameter(20, random);
        Optimizer optimizer = make(kind, whole);
        for (int s = 0; s < before; s++) {
            fill(whole.grad(), random);
            optimizer.step();
        }
        OptimizerState state = optimizer.state();
        Tensor resumed = Tensor.vector(whole.data().clone()).trainable();
        Optimizer second = make(kind, resumed);
        second.learningRate(123);
        second.restore(state);
        assertThat(second.learningRate()).isEqualTo(optimizer.learningRate());
        for (int s = 0; s < after; s++) {
            fill(whole.grad(), random);
            System.arraycopy(whole.grad(), 0, resumed.grad(), 0, whole.size());
            optimizer.step();
            second.step();
            assertThat(bits(resumed.data())).as("step %d", s).isEqualTo(bits(whole.data()));
        }
        assertThat(second.state().steps()).isEqualTo((long) before + after);
    }

    private static Optimizer make(int kind, Tensor p) {
        return switch (kind) {
            case 0 -> new Adam(List.of(p), Adam.defaults().withLearningRate(0.1));
            case 1 -> new AdamW(List.of(p));
            default -> new SGD(List.of(p), SGD.defaults().withMomentum(0.9).withNesterov(true));
        };
    }

    private static Tensor parameter(int n, Random random) {
        Tensor p = Tensor.zeros(n).trainable();
        fill(p.data(), random);
        return p;
    }

    /** Numbers of very different sizes, zero among them. */
    private static void fill(float[] x, Random random) {
        for (int i = 0; i < x.length; i++) {
            x[i] = random.nextInt(8) == 0
                    ? 0
                    : (float) (random.nextGaussian() * Math.scalb(1.0, random.nextInt(20) - 12));
        }
    }

    private static int[] bits(float[] x) {
        return IntStream.range(0, x.length)
                .map(i -> Float.floatToRawIntBits(x[i]))
                .toArray();
    }
}

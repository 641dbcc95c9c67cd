package org.gradus.optim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.gradus.autograd.Tensor;
import org.gradus.testing.Bits;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Optimisers that go on after thousands of steps, when the powers of Adam's betas are small but not yet nothing: 0.999^5000 is
 * 0.0067, where 0.999^1000 is 0.37.
 */
class OptimizerResumeTest {

    private static final int STEPS = 5_000;

    private static final int NUMBERS = 4;

    /** Eighths, the same as in {@code scripts/reference/adam_resume.py}. */
    private static void give(Tensor p, int step) {
        for (int i = 0; i < NUMBERS; i++) {
            p.grad()[i] = ((7 * step + 5 * i) % 16 - 7) / 8f;
        }
    }

    /** Optimisers of all kinds; slow betas, whose powers are far from 0 still, among them. */
    enum Kind {
        ADAM(p -> new Adam(List.of(p))),
        ADAM_W(p -> new AdamW(List.of(p))),
        SLOW_ADAM(p -> new Adam(List.of(p), Adam.defaults().withBetas(0.9995, 0.9999))),
        SLOW_ADAM_W(p -> new AdamW(List.of(p), AdamW.defaults().withBetas(0.9995, 0.9999))),
        SGD_WITH_MOMENTUM(p -> new SGD(List.of(p), SGD.defaults().withMomentum(0.999)));

        @SuppressWarnings("ImmutableEnumChecker") // makes a new one each time
        private final Function<Tensor, Optimizer> maker;

        Kind(Function<Tensor, Optimizer> maker) {
            this.maker = maker;
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void goesOnAsIfNeverStopped(Kind kind) {
        Tensor whole = Tensor.zeros(NUMBERS).trainable();
        Optimizer optimizer = kind.maker.apply(whole);
        for (int step = 1; step <= STEPS; step++) {
            give(whole, step);
            optimizer.step();
        }
        Tensor resumed = whole.copy().trainable();
        Optimizer second = kind.maker.apply(resumed);
        second.restore(optimizer.state());

        for (int step = STEPS + 1; step <= STEPS + 20; step++) {
            give(whole, step);
            give(resumed, step);
            optimizer.step();
            second.step();
            Bits.assertSame("step " + step, resumed.data(), whole.data());
        }
        assertThat(second.state().steps()).isEqualTo(STEPS + 20);
    }

    /** PyTorch in double: where it stood after 5,000 steps with its default options, and the parameter after each of three more. */
    enum PyTorch {
        ADAM(
                Kind.ADAM,
                new double[] {-0.5414819692415247, -0.5403804419112614, -0.537712862359515, -0.537957921961092},
                new double[][] {
                    {-0.5416616365949998, -0.540545764617489, -0.537849402871506, -0.5380860548514326},
                    {-0.5418018486751791, -0.5407808460074411, -0.5378212826693314, -0.5381582877204528},
                    {-0.5420573500785484, -0.5408845710216945, -0.5377959617382897, -0.538331118184081}
                }),
        ADAM_W(
                Kind.ADAM_W,
                new double[] {-0.5281023187391051, -0.5270662330532327, -0.5245369268515998, -0.5247596411923182},
                new double[][] {
                    {-0.5282767050693927, -0.5272262850971299, -0.5246682219943223, -0.5248825264862469},
                    {-0.5284116343825214, -0.527456094224231, -0.5246348551099278, -0.5249495105300023},
                    {-0.5286618516695468, -0.5275545446775421, -0.5246042878303351, -0.5251170914985251}
                });

        /** The same for both: they depend on the gradients alone. */
        private static final float[] MEANS = {
            0.0046523331137856595f, 0.14814155083994973f, 0.06012019056232336f, -0.014672381080066249f
        };

        private static final float[] SQUARES = {
            0.3333465888334875f, 0.333918098373417f, 0.33369282044910037f, 0.3335093780776982f
        };

        private final Kind kind;

        @SuppressWarnings("ImmutableEnumChecker") // not changed
        private final double[] start;

        @SuppressWarnings("ImmutableEnumChecker") // not changed
        private final double[][] next;

        PyTorch(Kind kind, double[] start, double[][] next) {
            this.kind = kind;
            this.start = start;
            this.next = next;
        }
    }

    @ParameterizedTest
    @EnumSource(PyTorch.class)
    void goesOnAsPyTorchDoes(PyTorch pytorch) {
        // Between 1/2 and 1 a float is off by at most 2^-25: the start, and each of three steps. A step of 2e-4 adds
        // its own
        // rounding, a few 2^-24 of it.
        double bound = 4 * 0x1p-25 + 3 * 2e-4 * 16 * 0x1p-24;
        Tensor p = Tensor.zeros(NUMBERS).trainable();
        for (int i = 0; i < NUMBERS; i++) {
            p.data()[i] = (float) pytorch.start[i];
        }
        Optimizer optimizer = pytorch.kind.maker.apply(p);
        optimizer.restore(new OptimizerState(
                STEPS,
                0.001,
                Map.of("0.exp_avg", Tensor.vector(PyTorch.MEANS), "0.exp_avg_sq", Tensor.vector(PyTorch.SQUARES))));

        for (int step = 0; step < pytorch.next.length; step++) {
            give(p, STEPS + 1 + step);
            optimizer.step();
            for (int i = 0; i < NUMBERS; i++) {
                assertThat(Math.abs(p.data()[i] - pytorch.next[step][i]))
                        .as("step %d, number %d", STEPS + 1 + step, i)
                        .isLessThanOrEqualTo(bound);
            }
        }
    }
}

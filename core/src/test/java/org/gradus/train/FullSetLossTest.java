package org.gradus.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.gradus.autograd.ShapeException;
import org.gradus.autograd.Tensor;
import org.gradus.kernel.KernelProvider;
import org.gradus.kernel.simd.PanelKernels;
import org.gradus.nn.CrossEntropyLoss;
import org.gradus.nn.Linear;
import org.gradus.nn.MSELoss;
import org.gradus.nn.Sequential;
import org.gradus.random.TorchRandom;
import org.gradus.testing.Bits;
import org.junit.jupiter.api.Test;

class FullSetLossTest {

    /** y = x, so that losses can be worked out by hand. */
    private static Sequential identity() {
        Sequential net = new Sequential(new Linear(1, 1, new TorchRandom(0)));
        net.stateDict().get("0.weight").data()[0] = 1;
        net.stateDict().get("0.bias").data()[0] = 0;
        return net;
    }

    @Test
    void shortLastBlockCountsByItsSamples() {
        // 512 samples with an error of 0 and one of 3: 9 / 513. The plain mean of both blocks would be 4.5.
        float[] input = new float[FullSetLoss.BLOCK + 1];
        input[FullSetLoss.BLOCK] = 3;

        float loss = new FullSetLoss(identity(), new MSELoss())
                .of(Tensor.matrix(input.length, 1, input), Tensor.zeros(input.length, 1));

        assertThat(loss).isEqualTo((float) (9.0 / 513));
    }

    @Test
    void followsTheWeights() {
        Sequential net = identity();
        FullSetLoss fullSet = new FullSetLoss(net, new MSELoss());
        Tensor one = Tensor.matrix(1, 1, 1f);

        assertThat(fullSet.of(one, one)).isZero();
        net.stateDict().get("0.bias").data()[0] = 2;
        assertThat(fullSet.of(one, one)).isEqualTo(4f);
    }

    @Test
    void leavesGradientsAlone() {
        Sequential net = identity();
        Tensor one = Tensor.matrix(1, 1, 1f);

        new FullSetLoss(net, new MSELoss()).of(one, Tensor.zeros(1, 1));

        net.parameters().forEach(parameter -> assertThat(parameter.grad()).containsOnly(0f));
    }

    @Test
    void targetsMayBeClasses() {
        Sequential net = new Sequential(new Linear(2, 4, new TorchRandom(0)));
        for (Tensor parameter : net.parameters()) {
            Arrays.fill(parameter.data(), 0f);
        }

        int n = 600;
        float loss = new FullSetLoss(net, new CrossEntropyLoss()).of(Tensor.zeros(n, 2), Tensor.zeros(n));

        // All scores are equal, so every one of the four classes has probability 1/4. A sum of n numbers is off by n u
        // at most.
        assertThat((double) loss).isCloseTo(Math.log(4), within(n * 0x1p-24 * Math.log(4)));
    }

    /** A plan for one shape must not compute with another: the second call would read rows at the wrong places. */
    @Test
    void everyCallHasItsOwnShapes() {
        int n = 2 * FullSetLoss.BLOCK;
        FullSetLoss fullSet = new FullSetLoss(new Sequential(new Linear(3, 2, new TorchRandom(0))), new MSELoss());
        fullSet.of(Tensor.zeros(n, 3), Tensor.zeros(n, 2));

        assertThatThrownBy(() -> fullSet.of(Tensor.zeros(n, 4), Tensor.zeros(n, 2)))
                .isInstanceOf(ShapeException.class)
                .hasMessageContaining("[" + FullSetLoss.BLOCK + ",4]");
        assertThatThrownBy(() -> fullSet.of(Tensor.zeros(n, 3), Tensor.zeros(n, 3)))
                .isInstanceOf(ShapeException.class)
                .hasMessageContaining("[" + FullSetLoss.BLOCK + ",3]");
    }

    /** What is frozen computes as before, and nothing learns here: evaluations of frozen networks are planned like others. */
    @Test
    void frozenNetworksAreEvaluatedWithTheSameBits() {
        TorchRandom random = new TorchRandom(3);
        Sequential net = new Sequential(new Linear(5, 4, random), new Linear(4, 5, random));
        int n = 2 * FullSetLoss.BLOCK + 3;
        Tensor x = Tensor.matrix(n, 5, random.rand(n * 5));
        float learning = new FullSetLoss(net, new MSELoss()).of(x, x);
        net.freeze();
        FullSetLoss fullSet = new FullSetLoss(net, new MSELoss());
        float frozen = fullSet.of(x, x);

        Bits.assertSame("loss", new float[] {frozen}, new float[] {learning});
        boolean plans = PanelKernels.of(KernelProvider.kernels()).isPresent();
        assertThat(fullSet.steps().kind()).isEqualTo(plans ? StepKind.PLANNED : StepKind.RECORDED);
    }

    @Test
    void refusesUnequalNumbersOfSamples() {
        FullSetLoss fullSet = new FullSetLoss(identity(), new MSELoss());

        assertThatThrownBy(() -> fullSet.of(Tensor.zeros(3, 1), Tensor.zeros(2, 1)))
                .isInstanceOf(ShapeException.class)
                .hasMessage(
                        "FullSetLoss: input [3,1] has 3 samples but target [2,1] has 2; give one target per sample");
    }
}

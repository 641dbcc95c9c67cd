package org.gradus.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.gradus.autograd.ShapeException;
import org.gradus.autograd.Tensor;
import org.gradus.random.TorchRandom;
import org.junit.jupiter.api.Test;

class InitTest {

    @Test
    void gainsEqualPyTorch() {
        // torch.nn.init.calculate_gain('leaky_relu', a) for a = 0, 0.25, 0.01
        assertThat(Init.leakyReluGain(0)).isEqualTo(1.4142135623730951).isEqualTo(Init.RELU_GAIN);
        assertThat(Init.leakyReluGain(0.25)).isEqualTo(1.3719886811400708);
        assertThat(Init.leakyReluGain(0.01)).isEqualTo(1.4141428569978354);
    }

    @Test
    void fanInIsTheNumberOfColumnsAndFanOutThatOfRows() {
        Tensor in = Tensor.zeros(4, 16);
        Tensor out = Tensor.zeros(16, 4);
        Init.kaimingUniform(in, new TorchRandom(1), FanMode.FAN_IN, 1);
        Init.kaimingUniform(out, new TorchRandom(1), FanMode.FAN_OUT, 1);
        assertThat(out.data()).isEqualTo(in.data());
        // U(-L, L) with L = sqrt(3 / 16): 64 values fill it and stay inside.
        float largest = 0;
        for (float w : in.data()) {
            largest = Math.max(largest, Math.abs(w));
        }
        float bound = (float) Math.sqrt(3.0 / 16);
        assertThat(largest).isBetween(0.9f * bound, bound);
    }

    @Test
    void furtherAxesCountWithBothSides() {
        Tensor kernel = Tensor.zeros(4, 2, 2, 4);
        Tensor matrix = Tensor.zeros(4, 16);
        Init.kaimingUniform(kernel, new TorchRandom(2));
        Init.kaimingUniform(matrix, new TorchRandom(2));
        assertThat(kernel.data()).isEqualTo(matrix.data());
    }

    @Test
    void aGainScales() {
        Tensor one = Tensor.zeros(3, 5);
        Tensor two = Tensor.zeros(3, 5);
        Init.xavierUniform(one, new TorchRandom(3), 1);
        Init.xavierUniform(two, new TorchRandom(3), 2);
        float[] doubled = one.data().clone();
        for (int i = 0; i < doubled.length; i++) {
            doubled[i] *= 2;
        }
        assertThat(two.data()).isEqualTo(doubled);
        Init.xavierNormal(one, new TorchRandom(3), 1);
        Init.xavierNormal(two, new TorchRandom(3), 4);
        for (int i = 0; i < doubled.length; i++) {
            doubled[i] = 4 * one.data()[i];
        }
        assertThat(two.data()).isEqualTo(doubled);
    }

    @Test
    void aVectorHasNoFans() {
        TorchRandom random = new TorchRandom(0);
        assertThatThrownBy(() -> Init.kaimingNormal(Tensor.zeros(5), random))
                .isInstanceOf(ShapeException.class)
                .hasMessage(
                        "kaimingNormal: weight [5] has no inputs and outputs to count: needs at least two axes [out,in]");
        assertThatThrownBy(() -> Init.xavierUniform(Tensor.zeros(5), random))
                .isInstanceOf(ShapeException.class)
                .hasMessageStartingWith("xavierUniform: weight [5]");
    }
}

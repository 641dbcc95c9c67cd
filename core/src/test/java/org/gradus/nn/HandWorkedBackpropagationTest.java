package org.gradus.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.gradus.autograd.Tape;
import org.gradus.autograd.Tensor;
import org.gradus.optim.Optimizer;
import org.gradus.optim.SGD;
import org.gradus.random.TorchRandom;
import org.junit.jupiter.api.Test;

/** Networks small enough for paper. */
class HandWorkedBackpropagationTest {

    /**
     * Two inputs, three hidden units, two outputs. All numbers are sums of few powers of two, so float computes them
     * exactly.
     *
     * <pre>
     *   z = W1 x + b1 = [1 + 1, -1 + 0.5 - 0.5, 0.5 + 2 + 0.5] = [2, -1, 3]
     *   h = prelu(z)  = [2, -0.25, 3]
     *   y = W2 h + b2 = [2 - 0.5 - 3 + 0.5, 3 + 0.25 + 3 - 1] = [-1, 5.25],  t = [0, 3.25]
     *   L = ((-1)^2 + 2^2) / 2 = 2.5
     *   dL/dy = y - t = [-1, 2]                       dL/db2; times h, row by row: dL/dW2
     *   dL/dh = W2^T dL/dy = [-1 + 3, -2 - 2, 1 + 2] = [2, -4, 3]
     *   dL/da = (-4)(-1) = 4                          only the second unit is below 0
     *   dL/dz = [2, -4 / 4, 3] = [2, -1, 3]           dL/db1; times x, row by row: dL/dW1
     *   dL/dx = W1^T dL/dz = [2 + 1 + 1.5, 1 - 0.25 + 3] = [4.5, 3.75]
     * </pre>
     */
    @Test
    void twoThreeTwo() {
        Linear hidden = linear(2, 3, new float[] {1, 0.5f, -1, 0.25f, 0.5f, 1}, 0, -0.5f, 0.5f);
        PReLU activation = new PReLU();
        Linear output = linear(3, 2, new float[] {1, 2, -1, 1.5f, -1, 1}, 0.5f, -1);
        Tape tape = Tape.fresh();
        Tensor x = tape.input(Tensor.matrix(1, 2, 1, 2).trainable());
        Tensor z = hidden.forward(x);
        Tensor h = activation.forward(z);
        Tensor y = output.forward(h);
        Tensor loss = new MSELoss().of(y, Tensor.matrix(1, 2, 0, 3.25f));
        loss.backward();

        assertThat(z.data()).containsExactly(2, -1, 3);
        assertThat(h.data()).containsExactly(2, -0.25f, 3);
        assertThat(y.data()).containsExactly(-1, 5.25f);
        assertThat(loss.item()).isEqualTo(2.5f);
        assertThat(loss.grad()).containsExactly(1);
        assertThat(y.grad()).containsExactly(-1, 2);
        assertThat(output.weight().grad()).containsExactly(-2, 0.25f, -3, 4, -0.5f, 6);
        assertThat(output.bias().grad()).containsExactly(-1, 2);
        assertThat(h.grad()).containsExactly(2, -4, 3);
        assertThat(activation.weight().grad()).containsExactly(4);
        assertThat(z.grad()).containsExactly(2, -1, 3);
        assertThat(hidden.weight().grad()).containsExactly(2, 4, -1, -2, 3, 6);
        assertThat(hidden.bias().grad()).containsExactly(2, -1, 3);
        assertThat(x.grad()).containsExactly(4.5f, 3.75f);
    }

    /**
     * The example of Matt Mazur, "A Step by Step Backpropagation Example", mattmazur.com, 17 March 2015: two inputs,
     * two hidden units, two outputs, all logistic, learning rate 0.5, biases held. Half the sum of two squares is their
     * mean. He prints nine decimals, some of them cut off; numbers below 1 have an ulp of 6e-8 or less here.
     */
    @Test
    void mazur() {
        Linear hidden = linear(2, 2, new float[] {0.15f, 0.20f, 0.25f, 0.30f}, 0.35f, 0.35f);
        Linear output = linear(2, 2, new float[] {0.40f, 0.45f, 0.50f, 0.55f}, 0.60f, 0.60f);
        Sequential model = new Sequential(hidden, new Sigmoid(), output, new Sigmoid());
        Tensor input = Tensor.matrix(1, 2, 0.05f, 0.10f);
        Tensor target = Tensor.matrix(1, 2, 0.01f, 0.99f);
        Tape tape = Tape.fresh();
        Tensor h = model.slice(0, 2).forward(tape.input(input));
        Tensor y = model.slice(2, 4).forward(h);
        Tensor loss = y.mse(target);
        loss.backward();

        Offset<Float> printed = within(1.2e-7f);
        assertThat(h.data()).containsExactly(new float[] {0.593269992f, 0.596884378f}, printed);
        assertThat(y.data()).containsExactly(new float[] {0.751365070f, 0.772928465f}, printed);
        assertThat(loss.item()).isEqualTo(0.298371109f, printed);
        assertThat(output.weight().grad()[0]).isEqualTo(0.082167041f, printed);
        assertThat(h.grad()[0]).isEqualTo(0.036350306f, printed);
        assertThat(hidden.weight().grad()[0]).isEqualTo(0.000438568f, within(1e-9f));

        Optimizer optimizer = new SGD(List.of(hidden.weight(), output.weight()), 0.5);
        optimizer.step();
        assertThat(output.weight().data())
                .containsExactly(new float[] {0.35891648f, 0.408666186f, 0.511301270f, 0.561370121f}, printed);
        assertThat(hidden.weight().data())
                .containsExactly(new float[] {0.149780716f, 0.19956143f, 0.24975114f, 0.29950229f}, printed);
        // He prints 0.291027924, whose last three digits do not follow from his weights: those give 0.291027774 in
        // double.
        assertThat(model.forward(input).mse(target).item()).isEqualTo(0.291027774f, printed);
    }

    private static Linear linear(int in, int out, float[] weight, float... bias) {
        Linear layer = new Linear(in, out, new TorchRandom(0));
        layer.loadStateDict(Map.of("weight", Tensor.matrix(out, in, weight), "bias", Tensor.vector(bias)));
        return layer;
    }
}

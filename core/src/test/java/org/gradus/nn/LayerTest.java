package org.gradus.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.gradus.autograd.ShapeException;
import org.gradus.autograd.Tensor;
import org.gradus.random.TorchRandom;
import org.junit.jupiter.api.Test;

class LayerTest {

    private final TorchRandom random = new TorchRandom(0);

    @Test
    void printsPyTorchsText() {
        assertThat(new Linear(784, 2, random)).hasToString("Linear(in_features=784, out_features=2, bias=True)");
        assertThat(new ReLU()).hasToString("ReLU()");
        assertThat(new PReLU()).hasToString("PReLU(num_parameters=1)");
        assertThat(new PReLU(5)).hasToString("PReLU(num_parameters=5)");
        assertThat(new Sigmoid()).hasToString("Sigmoid()");
        assertThat(new Tanh()).hasToString("Tanh()");
        assertThat(new NormalizeLayer()).hasToString("NormalizeLayer()");
        assertThat(new MSELoss()).hasToString("MSELoss()");
        assertThat(new BCELoss()).hasToString("BCELoss()");
        assertThat(new BCEWithLogitsLoss()).hasToString("BCEWithLogitsLoss()");
        assertThat(new CrossEntropyLoss()).hasToString("CrossEntropyLoss()");
    }

    @Test
    void linearIsXTimesWTransposedPlusB() {
        Linear layer = new Linear(2, 3, random);
        layer.loadStateDict(Map.of("weight", Tensor.matrix(3, 2, 1, 2, 3, 4, 5, 6), "bias", Tensor.vector(10, 20, 30)));
        // x W^T = [1*1-1*2, 1*3-1*4, 1*5-1*6] and [2, 6, 10]
        Tensor y = layer.forward(Tensor.matrix(2, 2, 1, -1, 2, 0));
        assertThat(y.shape().toString()).isEqualTo("[2,3]");
        assertThat(y.data()).containsExactly(9, 19, 29, 12, 26, 40);
        assertThat(layer.inFeatures()).isEqualTo(2);
        assertThat(layer.outFeatures()).isEqualTo(3);
        assertThat(layer.parameterCount()).isEqualTo(9);
        assertThat(layer.parameters()).containsExactly(layer.weight(), layer.bias());
    }

    @Test
    void activations() {
        Tensor x = Tensor.matrix(1, 2, -2, 3);
        assertThat(new ReLU().forward(x).data()).containsExactly(0, 3);
        assertThat(new PReLU().forward(x).data()).containsExactly(-0.5f, 3);
        assertThat(new Sigmoid().forward(Tensor.vector(0)).data()).containsExactly(0.5f);
        assertThat(new Tanh().forward(Tensor.vector(0)).data()).containsExactly(0);
        assertThat(new NormalizeLayer().forward(Tensor.matrix(1, 2, 3, 4)).data())
                .containsExactly(0.6f, 0.8f);
        assertThat(new ReLU().parameters()).isEmpty();
        assertThat(new ReLU().stateDict()).isEmpty();
    }

    @Test
    void pReluHasOneSlopeOrOnePerColumn() {
        PReLU layer = new PReLU(2);
        assertThat(layer.weight().data()).containsExactly(0.25f, 0.25f);
        layer.weight().data()[1] = 3;
        assertThat(layer.forward(Tensor.matrix(1, 2, -4, -4)).data()).containsExactly(-1, -12);
        assertThat(layer.stateDict()).containsExactly(Map.entry("weight", layer.weight()));
        assertThatThrownBy(() -> layer.forward(Tensor.matrix(1, 3, 1, 2, 3))).isInstanceOf(ShapeException.class);
    }

    @Test
    void losses() {
        float ln2 = (float) Math.log(2);
        Tensor one = Tensor.vector(1);
        assertThat(new MSELoss().of(Tensor.vector(1, 2), Tensor.vector(1, 4)).item())
                .isEqualTo(2);
        assertThat(new BCELoss().of(Tensor.vector(0.5f), one).item()).isEqualTo(ln2);
        assertThat(new BCEWithLogitsLoss().of(Tensor.vector(0), one).item()).isEqualTo(ln2);
        assertThat(new CrossEntropyLoss().of(Tensor.matrix(1, 2, 0, 0), one).item())
                .isEqualTo(ln2);
        assertThat(new MSELoss().name()).isEqualTo("mse");
        assertThat(new BCELoss().name()).isEqualTo("bce");
        assertThat(new BCEWithLogitsLoss().name()).isEqualTo("bceWithLogits");
        assertThat(new CrossEntropyLoss().name()).isEqualTo("crossEntropy");
    }

    @Test
    void aLambdaIsALayerWithoutParameters() {
        Layer doubling = x -> x.scale(2);
        assertThat(doubling.forward(Tensor.vector(3)).item()).isEqualTo(6);
        assertThat(doubling.parameterCount()).isZero();
    }

    @Test
    void widthsBelowOneAreRefused() {
        assertThatThrownBy(() -> new Linear(0, 2, random))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Linear: in_features 0 and out_features 2 must both be at least 1");
        assertThatThrownBy(() -> new Linear(2, -1, random))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Linear: in_features 2 and out_features -1 must both be at least 1");
        assertThatThrownBy(() -> new PReLU(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("PReLU: num_parameters 0 must be 1, or the number of columns");
    }

    @Test
    void refusedWidthsDrawNothing() {
        assertThatThrownBy(() -> new Linear(3, 0, random)).isInstanceOf(IllegalArgumentException.class);
        assertThat(random.nextInt32()).isEqualTo(new TorchRandom(0).nextInt32());
    }
}

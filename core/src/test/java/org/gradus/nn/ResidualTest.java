package org.gradus.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.gradus.autograd.ShapeException;
import org.gradus.autograd.Tape;
import org.gradus.autograd.Tensor;
import org.gradus.optim.SGD;
import org.gradus.random.TorchRandom;
import org.gradus.testing.Bits;
import org.junit.jupiter.api.Test;

/** Connections past layers, layers by name, and one layer in two places. Names and texts are those of PyTorch 1.13. */
class ResidualTest {

    private final TorchRandom random = new TorchRandom(0);

    private Sequential named() {
        Sequential encoder =
                new Sequential(new Linear(4, 3, random), new Residual(new Linear(3, 3, random), new ReLU()));
        return Sequential.named("encoder", encoder).and("decoder", new Linear(3, 4, random));
    }

    @Test
    void addsWhatItsLayersMake() {
        Residual twice = new Residual(x -> x.scale(3), x -> x.add(x));
        assertThat(twice.forward(Tensor.matrix(1, 2, 1, -2)).data()).containsExactly(7, -14);
    }

    /** By hand: y = x + w x, so dy/dx = 1 + w and dy/dw = x. */
    @Test
    void gradientGoesBothWays() {
        Linear f = new Linear(1, 1, random);
        f.weight().data()[0] = 3;
        f.bias().data()[0] = 0;
        Tape tape = Tape.fresh();
        Tensor start = Tensor.matrix(1, 1, 2).trainable();
        Tensor x = tape.input(start);
        Tensor y = new Residual(f).forward(x);
        y.sum().backward();
        assertThat(y.item()).isEqualTo(8);
        assertThat(start.grad()).containsExactly(4);
        assertThat(f.weight().grad()).containsExactly(2);
    }

    @Test
    void otherShapesAreRefused() {
        Residual narrow = new Residual(new Linear(4, 3, random));
        assertThatThrownBy(() -> narrow.forward(Tensor.zeros(2, 4)))
                .isInstanceOf(ShapeException.class)
                .hasMessage("Residual: its layers make [2,3] of [2,4], which cannot be added to it; let the last layer"
                        + " give as many features as the first takes");
        // one row would be added to each row, which is no residual connection
        Residual row = new Residual(x -> Tensor.vector(1, 2, 3, 4));
        assertThatThrownBy(() -> row.forward(Tensor.zeros(2, 4))).isInstanceOf(ShapeException.class);
    }

    @Test
    void nothingToLeadPastIsRefused() {
        assertThatThrownBy(Residual::new)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("Residual: there are no layers to lead past");
    }

    @Test
    void namesAndTextAreThoseOfPyTorch() {
        Sequential net = named();
        assertThat(net.stateDict().keySet())
                .containsExactly(
                        "encoder.0.weight",
                        "encoder.0.bias",
                        "encoder.1.0.weight",
                        "encoder.1.0.bias",
                        "decoder.weight",
                        "decoder.bias");
        assertThat(net).hasToString("""
                        Sequential(
                          (encoder): Sequential(
                            (0): Linear(in_features=4, out_features=3, bias=True)
                            (1): Residual(
                              (0): Linear(in_features=3, out_features=3, bias=True)
                              (1): ReLU()
                            )
                          )
                          (decoder): Linear(in_features=3, out_features=4, bias=True)
                        )""");
        assertThat(net.parameterTable()).isEqualTo("""
                        Layer         Parameters
                        encoder.0             15  Linear(in_features=4, out_features=3, bias=True)
                        encoder.1.0           12  Linear(in_features=3, out_features=3, bias=True)
                        encoder.1.1            0  ReLU()
                        decoder               16  Linear(in_features=3, out_features=4, bias=True)
                        Total                 43
                        """);
        assertThat(Residual.named("body", new Tanh()).and("last", new ReLU())).hasToString("""
                        Residual(
                          (body): Tanh()
                          (last): ReLU()
                        )""");
    }

    @Test
    void layersAreFoundByName() {
        Sequential net = named();
        assertThat(net.get("decoder")).isSameAs(net.get(1));
        assertThat(net.get("encoder.1.0")).isInstanceOf(Linear.class);
        assertThat(net.children().keySet()).containsExactly("encoder", "decoder");
        assertThat(new Sequential(new Tanh()).and("head", new ReLU()).children().keySet())
                .containsExactly("0", "head");
        assertThatThrownBy(() -> net.get("encoder.2"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("get: no layer 'encoder.2'; the layers of this network are [encoder.0, encoder.1.0,"
                        + " encoder.1.1, decoder]");
        assertThat(net.slice(1, 2).stateDict().keySet()).containsExactly("decoder.weight", "decoder.bias");
    }

    @Test
    void namesThatWouldNotBeFoundAreRefused() {
        Sequential net = named();
        assertThatThrownBy(() -> net.and("", new Tanh()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("named layer: the name of a layer must not be empty");
        assertThatThrownBy(() -> Residual.named("a.b", new Tanh()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("named layer: the name 'a.b' has a dot, which stands between the names of nested layers;"
                        + " nest a Sequential instead");
        assertThatThrownBy(() -> net.and("decoder", new Tanh()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("named layer: there is a layer 'decoder' already, among [encoder, decoder]; give this one"
                        + " another name");
        assertThatThrownBy(() -> new Sequential(new Tanh()).and("0", new Tanh()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void hooksAndRecordedStepsCarryTheNames() {
        Sequential net = named();
        List<String> seen = new ArrayList<>();
        net.onForward((name, x, y) -> seen.add(name));
        net.onForward("encoder.1", (name, x, y) -> seen.add(name));
        Tape tape = Tape.fresh();
        net.forward(tape.input(Tensor.zeros(2, 4)));
        assertThat(seen).containsExactly("encoder.0", "encoder.1.0", "encoder.1.1", "encoder.1", "decoder");
        assertThat(tape.steps().stream().map(step -> step.op().name() + " " + step.layer()))
                .containsExactly(
                        "affine encoder.0",
                        "affine encoder.1.0",
                        "relu encoder.1.1",
                        "add encoder.1",
                        "affine decoder");
    }

    @Test
    void promisesWhatItsLayersPromise() {
        assertThat(new Residual(new Linear(2, 2, random), new Tanh()).isRepeatable())
                .isTrue();
        assertThat(new Residual(new Tanh(), x -> x).isRepeatable()).isFalse();
    }

    /** As in PyTorch: state_dict() has both names, parameters() has each tensor once. */
    @Test
    void oneLayerInTwoPlacesIsLearnedOnceAndSavedUnderBothNames() {
        Linear square = new Linear(3, 3, random);
        Sequential net = new Sequential(square, new Tanh(), square);
        assertThat(net.stateDict().keySet()).containsExactly("0.weight", "0.bias", "2.weight", "2.bias");
        assertThat(net.parameters()).containsExactly(square.weight(), square.bias());
        assertThat(net.parameterCount()).isEqualTo(12);

        Tape tape = Tape.fresh();
        Tensor x = tape.input(Tensor.matrix(1, 3, 1, 2, 3));
        SGD optimizer = new SGD(net.parameters(), 0.1);
        new MSELoss().of(net.forward(x), x).backward();
        optimizer.step();
        Bits.assertSame(
                "weight",
                net.stateDict().get("2.weight").data(),
                square.weight().data());
    }

    @Test
    void twoValuesForOneTensorAreRefused() {
        Linear square = new Linear(3, 3, random);
        Sequential net = new Sequential(square, new Tanh(), square);
        Map<String, Tensor> values = new LinkedHashMap<>();
        net.stateDict().forEach((name, value) -> values.put(name, value.copy()));
        net.loadStateDict(values);
        values.get("2.bias").data()[1]++;
        float[] before = square.bias().data().clone();
        assertThatThrownBy(() -> net.loadStateDict(values))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "state dict does not fit Sequential and nothing was loaded; different values for one tensor:"
                                + " '0.bias' and '2.bias'. Was it saved from a network of the same layers?");
        Bits.assertSame("bias", square.bias().data(), before);
    }
}

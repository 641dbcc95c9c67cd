package org.gradus.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.gradus.autograd.Tape;
import org.gradus.autograd.Tensor;
import org.gradus.random.TorchRandom;
import org.junit.jupiter.api.Test;

/** The layer that a recorded step belongs to. */
class LayerNamesTest {

    private final TorchRandom random = new TorchRandom(0);

    private static List<String> steps(Tape tape) {
        List<String> steps = new ArrayList<>();
        tape.steps().forEach(step -> steps.add(step.layer() + ":" + step.op().name()));
        return steps;
    }

    private static Tensor batch(int columns) {
        return Tensor.zeros(2, columns);
    }

    @Test
    void stepsCarryTheNumberOfTheirLayer() {
        Sequential model = new Sequential(
                new Linear(3, 2, random), new PReLU(), x -> x.scale(2).exp());
        Tape tape = Tape.fresh();

        Tensor y = model.forward(tape.input(batch(3)).scale(0.5f));
        y.mean();

        assertThat(steps(tape)).containsExactly(":scale", "0:affine", "1:prelu", "2:scale", "2:exp", ":mean");
    }

    /** Every step that uses a parameter of the state dict has that parameter's path in front of its name. */
    @Test
    void nestedNetworksJoinTheirNumbersAsTheStateDictDoes() {
        Sequential model = new Sequential(
                new Sequential(new Linear(3, 4, random), new ReLU()),
                new Sequential(new Sequential(new Linear(4, 2, random), new PReLU()), new Tanh()));
        Tape tape = Tape.fresh();

        model.forward(tape.input(batch(3)));

        assertThat(steps(tape)).containsExactly("0.0:affine", "0.1:relu", "1.0.0:affine", "1.0.1:prelu", "1.1:tanh");
        int named = 0;
        for (Tape.Step step : tape.steps()) {
            for (Tensor parameter : step.in().subList(1, step.in().size())) {
                assertThat(model.stateDict().get(step.layer() + "." + parameter.name()))
                        .isSameAs(parameter);
                named++;
            }
        }
        assertThat(named).isEqualTo(model.stateDict().size());
    }

    @Test
    void slicesKeepTheirNumbers() {
        Sequential model = new Sequential(new Linear(3, 2, random), new Tanh(), new Linear(2, 3, random));
        Tape tape = Tape.fresh();

        model.slice(1, 3).slice(1, 2).forward(tape.input(batch(2)));

        assertThat(steps(tape)).containsExactly("2:affine");
    }

    @Test
    void nextStepOfTheTapeHasTheSameNamesAndTheSameStrings() {
        Sequential model = new Sequential(new Sequential(new Linear(3, 2, random)));
        Tape tape = Tape.reusing();
        model.forward(tape.input(batch(3)));
        String first = tape.steps().get(0).layer();

        tape.begin();
        model.forward(tape.input(batch(3)));

        assertThat(tape.steps().get(0).layer()).isEqualTo("0.0").isSameAs(first);
    }

    @Test
    void layerThatFailsIsLeft() {
        Sequential model = new Sequential(new Tanh(), new Linear(3, 2, random));
        Tape tape = Tape.fresh();
        assertThatThrownBy(() -> model.forward(tape.input(batch(7)))).hasMessageContaining("[2,7]");

        tape.input(batch(3)).exp();

        assertThat(steps(tape)).containsExactly("0:tanh", ":exp");
    }

    @Test
    void compositeLayersMayNameTheirParts() {
        Layer body = new Linear(3, 3, random);
        Layer residual = x -> {
            Tape tape = x.tape().orElseThrow();
            tape.enterLayer("body");
            Tensor y = body.forward(x);
            tape.leaveLayer();
            return y.add(x);
        };
        Tape tape = Tape.fresh();

        new Sequential(new ReLU(), residual).forward(tape.input(batch(3)));

        assertThat(steps(tape)).containsExactly("0:relu", "1.body:affine", "1:add");
        assertThatThrownBy(tape::leaveLayer)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(
                        "leaveLayer: no layer was entered; each enterLayer() needs one leaveLayer(), in a finally block");
    }
}

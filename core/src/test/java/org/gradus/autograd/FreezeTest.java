package org.gradus.autograd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.gradus.nn.Layer;
import org.gradus.nn.Linear;
import org.gradus.nn.ReLU;
import org.gradus.nn.Sequential;
import org.gradus.random.TorchRandom;
import org.junit.jupiter.api.Test;

class FreezeTest {

    private final Tensor w = Tensor.vector(2, 3).trainable().named("w");

    @Test
    void frozenTensorTakesNoGradientUntilItLearnsAgain() {
        w.grad()[0] = 7;

        assertThat(w.freeze()).isSameAs(w);
        assertThat(w.requiresGrad()).isFalse();
        assertThat(w.isFrozen()).isTrue();
        assertThatThrownBy(w::grad)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("tensor 'w' [2] is frozen and has no gradient: call unfreeze() before using it on a tape");
        w.zeroGrad();
        assertThat(w.freeze().isFrozen()).as("twice").isTrue();

        assertThat(w.unfreeze()).isSameAs(w);
        assertThat(w.isFrozen()).isFalse();
        assertThat(w.grad()).as("what was collected before is gone").containsExactly(0, 0);
        assertThat(w.unfreeze().requiresGrad()).as("twice").isTrue();
    }

    @Test
    void gradientsPassThroughAFrozenOperation() {
        Tape tape = Tape.fresh();
        Tensor x = tape.input(Tensor.vector(5, 7).trainable());
        w.freeze();
        x.mul(w).sum().backward();
        assertThat(x.grad()).containsExactly(2, 3);

        w.unfreeze();
        tape.begin();
        Tensor again = tape.input(Tensor.vector(5, 7).trainable());
        again.mul(w).sum().backward();
        assertThat(w.grad()).containsExactly(5, 7);
    }

    /** The double keeps the array of the gradient, so that a recording made before can be replayed after. */
    @Test
    void doubleOnATapeOutlivesTheFreezing() {
        Tape tape = Tape.fresh();
        Tensor loss = tape.input(w).sum();
        w.freeze();
        assertThat(tape.input(w).isFrozen()).isTrue();
        assertThat(tape.input(w).requiresGrad()).isFalse();
        w.unfreeze();
        tape.replay();
        loss.backward();
        assertThat(w.grad()).containsExactly(1, 1);
    }

    @Test
    void trainableEndsTheFreezing() {
        w.freeze().trainable();
        assertThat(w.isFrozen()).isFalse();
        assertThat(w.requiresGrad()).isTrue();
    }

    @Test
    void layerFreezesItsParameters() {
        Tensor constant = Tensor.vector(1);
        Layer scaled = new Layer() {
            @Override
            public Tensor forward(Tensor x) {
                return x.mul(w).mul(constant);
            }

            @Override
            public Map<String, Tensor> namedParameters() {
                return Map.of("w", w, "constant", constant);
            }
        };
        Sequential net = new Sequential(new Linear(2, 2, new TorchRandom(0)), new ReLU(), scaled);
        net.slice(1, 3).freeze();
        assertThat(net.parameters()).filteredOn(Tensor::isFrozen).containsExactly(w);
        net.freeze();
        assertThat(net.parameters()).noneMatch(Tensor::requiresGrad);
        net.unfreeze();
        assertThat(net.parameters()).filteredOn(Tensor::requiresGrad).hasSize(3).doesNotContain(constant);
    }

    @Test
    void whatCannotBeFrozenIsRefused() {
        Tensor data = Tensor.vector(1, 2).named("data");
        assertThatThrownBy(data::freeze)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(
                        "freeze: tensor 'data' [2] was never trainable(), so it takes no gradient as it is; freeze the"
                                + " parameters of a layer");
        assertThatThrownBy(data::unfreeze)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("unfreeze: tensor 'data' [2] was never trainable(); call that on a tensor to be learned");
        Tensor onTape = Tape.fresh().input(w);
        assertThatThrownBy(onTape::freeze)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("freeze: tensor 'w' [2] belongs to a tape; call it on the parameter itself, before the next"
                        + " recording");
        assertThatThrownBy(() -> onTape.exp().unfreeze())
                .hasMessageStartingWith("unfreeze: tensor 'exp' [2] belongs to a tape");
    }
}

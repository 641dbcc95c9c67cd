package org.gradus.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.gradus.autograd.Tensor;
import org.gradus.nn.ForwardHook;
import org.gradus.nn.Layer;
import org.gradus.nn.Linear;
import org.gradus.nn.MSELoss;
import org.gradus.nn.NetSpec;
import org.gradus.nn.Residual;
import org.gradus.nn.Sequential;
import org.gradus.nn.Tanh;
import org.gradus.optim.Adam;
import org.gradus.optim.AdamW;
import org.gradus.optim.SGD;
import org.gradus.random.NumpyRandom;
import org.gradus.random.TorchRandom;
import org.junit.jupiter.api.Test;

/** A null is refused where it is given, by the name of what is null. */
@SuppressWarnings("NullAway")
class NullsAtTheDoorTest {

    private final Layer net = new Linear(2, 2, new TorchRandom(0));
    private final List<Tensor> parameters = net.parameters();

    private static void refused(String message, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(NullPointerException.class).hasMessage(message);
    }

    @Test
    void networks() {
        refused("Sequential: layer 0 is null", () -> new Sequential((Layer) null));
        refused("Sequential: layer 1 is null", () -> new Sequential(Arrays.asList(new Tanh(), null)));
        refused("Sequential: layers is null", () -> new Sequential((Layer[]) null));
        refused("Sequential: layers is null", () -> new Sequential((List<Layer>) null));
        refused("Residual: layer 0 is null", () -> new Residual((Layer) null));
        refused("Residual: layer 1 is null", () -> new Residual(new Tanh(), null));
        refused("Residual: layers is null", () -> new Residual((Layer[]) null));
        refused("Residual: layers is null", () -> new Residual((List<Layer>) null));
        refused("named layer: the layer 'a' is null", () -> Sequential.named("a", null));
        refused("named layer: name is null", () -> Sequential.named(null, net));
        refused("named layer: the layer 'a\\n' is null", () -> Residual.named("a\n", null));
        refused(
                "named layer: the layer 'b' is null",
                () -> Sequential.named("a", net).and("b", null));
        refused(
                "named layer: the layer 'b' is null",
                () -> Residual.named("a", net).and("b", null));
        Sequential chain = new Sequential(net);
        refused("get: the layer's name is null", () -> chain.get(null));
        refused("onForward: hook is null", () -> chain.onForward("0", null));
        refused("onForward: hook is null", () -> chain.onForward((ForwardHook) null));
    }

    @Test
    void specifications() {
        refused("NetSpec: text is null", () -> NetSpec.parse(null));
        refused("NetSpec: stages is null", () -> new NetSpec(1, null));
        refused("NetSpec: one of the stages is null", () -> new NetSpec(1, Arrays.asList((NetSpec.Stage) null)));
        refused("NetSpec: activations is null", () -> new NetSpec.Stage(1, null));
        refused(
                "NetSpec: one of the activations is null",
                () -> new NetSpec.Stage(1, Arrays.asList((NetSpec.Activation) null)));
        refused("NetSpec: random is null", () -> NetSpec.parse("2-2").build(null));
    }

    @Test
    void training() {
        Adam adam = new Adam(parameters);
        NumpyRandom random = new NumpyRandom(0);
        MSELoss loss = new MSELoss();
        refused("Trainer: net is null", () -> new Trainer(null, loss, adam, random));
        refused("Trainer: loss is null", () -> new Trainer(net, null, adam, random));
        refused("Trainer: optimizer is null", () -> new Trainer(net, loss, null, random));
        refused("Trainer: random is null", () -> new Trainer(net, loss, adam, null));
        Trainer trainer = new Trainer(net, loss, adam, random);
        refused("Trainer: engine is null", () -> trainer.on(null));
        refused("Trainer: listener is null", () -> trainer.listener(null));
        refused("Trainer: afterEpoch is null", () -> trainer.afterEpoch(null));
        refused("Trainer: the history to be continued is null", () -> trainer.continuing(null));
        refused("FullSetLoss: net is null", () -> new FullSetLoss(null, loss));
        refused("FullSetLoss: loss is null", () -> new FullSetLoss(net, null));
        refused("FullSetLoss: engine is null", () -> new FullSetLoss(net, loss).on(null));
    }

    @Test
    void optimisers() {
        refused("Adam: engine is null", () -> new Adam(parameters).on(null));
        refused("AdamW: engine is null", () -> new AdamW(parameters).on(null));
        refused("SGD: engine is null", () -> new SGD(parameters, 0.1).on(null));
        refused("Adam: parameters is null", () -> new Adam(null));
        refused("AdamW: parameter 0 is null", () -> new AdamW(Arrays.asList((Tensor) null)));
        refused("SGD: parameters is null", () -> new SGD(null, 0.1));
        refused("Adam: options is null", () -> new Adam(parameters, null));
        refused("AdamW: options is null", () -> new AdamW(parameters, null));
        refused("SGD: options is null", () -> new SGD(parameters, null));
    }

    /** A name is one line in whatever is printed; the state dict has it as it was given. */
    @Test
    void namesArePrintedOnOneLine() {
        Sequential named = Sequential.named("a\nb\u001b[2J", net);
        assertThat(named.toString())
                .startsWith("Sequential(\n  (a\\nb\\u001b[2J): Linear(")
                .hasLineCount(3);
        assertThat(named.parameterTable().lines().toList().get(1)).startsWith("a\\nb\\u001b[2J            6  Linear(");
        assertThat(named.stateDict()).containsKey("a\nb\u001b[2J.weight");
        assertThatThrownBy(() -> NetSpec.parse("2\n-x")).hasMessageStartingWith("net '2\\n-x': width '2\\n' is not");
    }
}

package org.gradus.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.gradus.autograd.HookHandle;
import org.gradus.autograd.Tape;
import org.gradus.autograd.TapeObserver;
import org.gradus.autograd.Tensor;
import org.gradus.random.TorchRandom;
import org.junit.jupiter.api.Test;

class ForwardHooksTest {

    private final TorchRandom random = new TorchRandom(0);
    private final List<String> seen = new ArrayList<>();

    private void note(String layer, Tensor x, Tensor y) {
        seen.add(layer + " " + x.shape() + " " + y.shape());
    }

    private Sequential nested() {
        return new Sequential(new Sequential(new Linear(3, 2, random), new ReLU()), new Tanh(), x -> x.reshape(1, 4));
    }

    /**
     * PyTorch 1.13.1 with a hook on every module of named_modules() calls 0.0, 0.1, 0, 1, and so on: a nested network after its
     * layers.
     */
    @Test
    void everyLayerIsWatchedInTheOrderItRuns() {
        Sequential model = nested();
        HookHandle all = model.onForward(this::note);
        HookHandle whole = model.onForward("0", this::note);

        model.forward(Tensor.zeros(2, 3));
        assertThat(seen)
                .containsExactly(
                        "0.0 [2,3] [2,2]", "0.1 [2,2] [2,2]", "0 [2,3] [2,2]", "1 [2,2] [2,2]", "2 [2,2] [1,4]");

        seen.clear();
        all.remove();
        model.forward(Tensor.zeros(2, 3));
        assertThat(seen).containsExactly("0 [2,3] [2,2]");

        seen.clear();
        whole.remove();
        model.forward(Tensor.zeros(2, 3));
        assertThat(seen).isEmpty();
    }

    @Test
    void layerWrittenAsALambdaIsWatched() {
        Sequential model = new Sequential(new ReLU(), x -> x.scale(3));
        List<Float> values = new ArrayList<>();
        model.onForward("1", (layer, x, y) -> values.add(x.item() + y.item()));

        model.forward(Tensor.vector(2));

        assertThat(values).containsExactly(8f);
    }

    /** The layers record no step, 1, none and 2: the hook of each is called when exactly its own are done. */
    @Test
    void replayCallsHooksAtTheRecordedPlaces() {
        Sequential model =
                new Sequential(x -> x, x -> x.scale(2), x -> x, x -> x.exp().log());
        Tape tape = Tape.fresh();
        Tensor batch = Tensor.vector(1);
        Tensor y = model.forward(tape.input(batch));
        List<String> heard = new ArrayList<>();
        tape.observe(new TapeObserver() {
            @Override
            public void afterForward(int index, Tape.Step step, long nanos) {
                heard.add(step.op().name());
            }
        });
        HookHandle handle = model.onForward((layer, in, out) -> heard.add(layer + ": " + in.item()));

        batch.data()[0] = 0;
        tape.replay();

        assertThat(heard).containsExactly("0: 0.0", "scale", "1: 0.0", "2: 0.0", "exp", "log", "3: 0.0");
        heard.clear();
        handle.remove();
        tape.replay();
        assertThat(heard).containsExactly("scale", "exp", "log");
        assertThat(y.tape()).contains(tape);
    }

    @Test
    void nextStepOfTheTapeForgetsThePlacesOfTheLast() {
        Sequential model = new Sequential(new ReLU(), new Tanh());
        Tape tape = Tape.reusing();
        model.onForward(this::note);
        model.forward(tape.input(Tensor.vector(1, 2)));
        assertThat(seen).containsExactly("0 [2] [2]", "1 [2] [2]");

        seen.clear();
        tape.begin();
        model.slice(1, 2).forward(tape.input(Tensor.vector(1, 2, 3)));
        assertThat(seen).containsExactly("1 [3] [3]");

        seen.clear();
        tape.replay();
        assertThat(seen).containsExactly("1 [3] [3]");
        assertThat(tape.isWatched()).isTrue();
    }

    /** Whoever has seen a recording may have attached something to it, or wait for the next batch. */
    @Test
    void recordingRemembersThatAHookHasSeenIt() {
        Sequential model = new Sequential(new ReLU());
        Tape tape = Tape.reusing();
        model.forward(tape.input(Tensor.vector(1)));
        assertThat(tape.isShown()).isFalse();
        HookHandle later = model.onForward(this::note);
        assertThat(tape.isShown()).as("a replay would call it").isTrue();
        later.remove();
        assertThat(tape.isShown()).isFalse();

        HookHandle handle = model.onForward(this::note);
        tape.replay();
        handle.remove();
        assertThat(tape.isShown()).as("it was called").isTrue();
        assertThat(tape.isWatched()).isFalse();
        tape.begin();
        assertThat(tape.isShown()).isFalse();
        tape.detectAnomalies();
        assertThat(tape.isShown()).as("the library's own").isFalse();
        assertThat(tape.isWatched()).isTrue();
        tape.observe(new TapeObserver() {});
        assertThat(tape.isShown()).isTrue();
    }

    /** As in PyTorch, where model[1:] holds the same modules. */
    @Test
    void sliceHasTheHooksOfTheWhole() {
        Sequential model = nested();
        HookHandle onSlice = model.slice(1, 3).onForward("1", (layer, x, y) -> seen.add("slice"));
        model.onForward("1", (layer, x, y) -> seen.add("whole"));

        model.slice(1, 2).forward(Tensor.vector(1));
        assertThat(seen).containsExactly("slice", "whole");

        seen.clear();
        onSlice.remove();
        model.forward(Tensor.zeros(2, 3));
        assertThat(seen).containsExactly("whole");
    }

    @Test
    void layerInTwoPlacesIsWatchedInOne() {
        Layer shared = new Tanh();
        Sequential model = new Sequential(shared, shared);
        model.onForward("1", this::note);

        model.forward(Tensor.vector(1));

        assertThat(seen).containsExactly("1 [1] [1]");
    }

    @Test
    void whatAHookComputesIsNotRecorded() {
        Sequential model = new Sequential(new ReLU());
        List<Float> means = new ArrayList<>();
        model.onForward((layer, x, y) -> means.add(y.mean().item()));
        Tape tape = Tape.fresh();

        model.forward(tape.input(Tensor.vector(1, 3)));
        tape.replay();

        assertThat(means).containsExactly(2f, 2f);
        assertThat(tape.steps()).hasSize(1);
    }

    @Test
    void hooksAreCalledInAPauseTooButNotInReplaysOfIt() {
        Sequential model = new Sequential(new ReLU());
        model.onForward(this::note);
        Tape tape = Tape.fresh();
        Tensor x = tape.input(Tensor.vector(1, 3));
        Tape.Pause off = tape.pause();
        try (off) {
            model.forward(x);
        }
        assertThat(seen).hasSize(1);

        tape.replay();

        assertThat(seen).hasSize(1);
        assertThat(tape.isWatched()).isFalse();
    }

    @Test
    void gradientOfAHiddenLayerCanBeReachedThroughAHook() {
        Sequential model = new Sequential(x -> x.scale(2), x -> x.mul(x));
        List<Float> gradients = new ArrayList<>();
        model.onForward("0", (layer, x, y) -> y.onGrad(g -> gradients.add(g[0])));

        model.forward(Tape.fresh().variable("x", 3)).backward();

        assertThat(gradients).containsExactly(12f);
    }

    @Test
    void hookThatFailsLeavesItsLayer() {
        Sequential model = new Sequential(new ReLU());
        HookHandle handle = model.onForward((layer, x, y) -> {
            throw new IllegalStateException("enough");
        });
        Tape tape = Tape.fresh();
        Tensor x = tape.input(Tensor.vector(1));
        assertThatThrownBy(() -> model.forward(x)).hasMessage("enough");
        handle.remove();

        x.exp();

        assertThat(tape.steps().get(1).layer()).isEmpty();
    }

    @Test
    void layersThatAreNotThereAreRefused() {
        Sequential model = nested();
        String known = "; the layers of this network are [0.0, 0.1, 1, 2]";
        for (String wrong : List.of("3", "0.2", "1.0", "", "0.", "00")) {
            assertThatThrownBy(() -> model.onForward(wrong, this::note))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("onForward: no layer '" + wrong + "'" + known);
        }
        assertThatThrownBy(() -> model.slice(1, 3).onForward("0", this::note))
                .hasMessage("onForward: no layer '0'; the layers of this network are [1, 2]");
    }
}

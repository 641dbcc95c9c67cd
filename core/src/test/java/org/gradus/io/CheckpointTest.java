package org.gradus.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.gradus.autograd.Tensor;
import org.gradus.nn.BCELoss;
import org.gradus.nn.Linear;
import org.gradus.nn.PReLU;
import org.gradus.nn.Sequential;
import org.gradus.nn.Sigmoid;
import org.gradus.optim.Adam;
import org.gradus.optim.AdamW;
import org.gradus.optim.Optimizer;
import org.gradus.optim.SGD;
import org.gradus.random.NumpyRandom;
import org.gradus.random.TorchRandom;
import org.gradus.testing.Bits;
import org.gradus.train.EpochLoss;
import org.gradus.train.EpochSeconds;
import org.gradus.train.History;
import org.gradus.train.Trainer;
import org.gradus.train.TrainingListener;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointTest {

    private static final int WIDTH = 12;
    private static final Map<String, String> SETTINGS = Map.of("net", "12-3-12", "größe", "\"2\"\n");

    @TempDir
    private Path folder;

    private Path file = Path.of("");
    private Path state = Path.of("");

    @BeforeEach
    void nameFiles() {
        file = folder.resolve("run.safetensors");
        state = folder.resolve("run.state.safetensors");
    }

    enum Kind {
        ADAM(net -> new Adam(net.parameters())),
        ADAM_W(net -> new AdamW(net.parameters())),
        SGD_WITH_MOMENTUM(net ->
                new SGD(net.parameters(), SGD.defaults().withLearningRate(0.1).withMomentum(0.9))),
        SGD_WITHOUT(net -> new SGD(net.parameters(), 0.1));

        @SuppressWarnings("ImmutableEnumChecker") // makes new optimisers
        private final Function<Sequential, Optimizer> maker;

        Kind(Function<Sequential, Optimizer> maker) {
            this.maker = maker;
        }
    }

    private static Tensor samples(int rows, long seed) {
        return Tensor.matrix(rows, WIDTH, new TorchRandom(seed).rand(rows * WIDTH));
    }

    /** All that a run consists of. Its streams stand in the middle, each with a normal value left over. */
    private static final class Run {

        final TorchRandom torch = new TorchRandom(1);
        final NumpyRandom numpy = new NumpyRandom(2);
        final Sequential net;
        final Optimizer optimizer;

        Run(Kind kind, int hidden) {
            net = new Sequential(
                    new Linear(WIDTH, hidden, torch), new PReLU(), new Linear(hidden, WIDTH, torch), new Sigmoid());
            optimizer = kind.maker.apply(net);
            torch.randn(3);
            numpy.normal();
        }

        Run(Kind kind) {
            this(kind, 3);
        }

        History train(int epochs, History earlier, BiConsumer<Run, History> afterEpoch) {
            return new Trainer(net, new BCELoss(), optimizer, numpy)
                    .epochs(epochs)
                    .batchSize(8)
                    .continuing(earlier)
                    .afterEpoch(history -> afterEpoch.accept(this, history))
                    .fit(samples(50, 3), samples(20, 4));
        }

        History train(int epochs) {
            return train(epochs, History.EMPTY, (run, history) -> {});
        }

        Checkpoint checkpoint(History history) {
            return Checkpoint.of(net, optimizer, torch, numpy, history, SETTINGS);
        }

        void restore(Checkpoint checkpoint) {
            checkpoint.restore(net, optimizer, torch, numpy);
        }
    }

    private static void assertSame(Map<String, Tensor> actual, Map<String, Tensor> expected) {
        assertThat(actual.keySet()).isEqualTo(expected.keySet());
        expected.forEach((name, tensor) -> {
            assertThat(actual.get(name).shape()).isEqualTo(tensor.shape());
            Bits.assertSame(name, actual.get(name).data(), tensor.data());
        });
    }

    private static void assertSame(Run actual, Run expected) {
        assertSame(actual.net.stateDict(), expected.net.stateDict());
        assertSame(actual.optimizer.state().values(), expected.optimizer.state().values());
        assertThat(actual.optimizer.state().steps())
                .isEqualTo(expected.optimizer.state().steps());
        assertThat(actual.optimizer.learningRate()).isEqualTo(expected.optimizer.learningRate());
        assertThat(actual.torch.state()).isEqualTo(expected.torch.state());
        assertThat(actual.numpy.state()).isEqualTo(expected.numpy.state());
    }

    /** Stopped after each epoch, and continued by new objects from the file alone. */
    @ParameterizedTest
    @EnumSource(Kind.class)
    void continuesAsIfItHadNeverStopped(Kind kind) throws IOException {
        Run whole = new Run(kind);
        History expected = whole.train(4);

        new Run(kind).checkpoint(History.EMPTY).save(file);
        Run part = new Run(kind);
        for (int epoch = 1; epoch <= 4; epoch++) {
            Checkpoint checkpoint = Checkpoint.load(file);
            assertThat(checkpoint.epoch()).isEqualTo(epoch - 1);
            part = new Run(kind);
            // Nothing of the new objects may show through.
            part.torch.manualSeed(99);
            part.numpy.seed(99);
            part.net.parameters().forEach(parameter -> parameter.data()[0] = 99);
            part.optimizer.learningRate(99);
            part.restore(checkpoint);
            part.train(epoch, checkpoint.history(), (run, history) -> save(run.checkpoint(history)));
        }

        assertSame(part, whole);
        Checkpoint last = Checkpoint.load(file);
        assertThat(last.settings()).isEqualTo(SETTINGS);
        Bits.assertSame("losses", last.history().batchLosses(), expected.batchLosses());
        assertThat(last.history().table()).isEqualTo(expected.table());
        assertThat(last.history().epochSeconds()).hasSize(4);
        assertThat(last.history().interrupted()).isFalse();
        assertSame(Safetensors.read(file), whole.net.stateDict());
        // Both streams go on alike, the values left over first.
        assertThat(part.torch.randn(3)).isEqualTo(whole.torch.randn(3));
        assertThat(part.numpy.normal(3)).isEqualTo(whole.numpy.normal(3));
    }

    private void save(Checkpoint checkpoint) {
        try {
            checkpoint.save(file);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @Test
    void timesAndLossesAreKeptExactly() throws IOException {
        Run run = new Run(Kind.ADAM);
        History history = run.train(3);

        run.checkpoint(history).save(file);

        assertThat(Checkpoint.load(file).history().epochSeconds()).isEqualTo(history.epochSeconds());
    }

    /** The thread is interrupted when the second epoch has ended and is yet to be saved. */
    @Test
    void interruptedRunSavesItsLastEpoch() throws IOException {
        Run run = new Run(Kind.ADAM);
        TrainingListener interrupting = new TrainingListener() {
            @Override
            public void onEpoch(int epoch, int epochs, EpochLoss loss, EpochSeconds seconds) {
                if (epoch == 2) {
                    Thread.currentThread().interrupt();
                }
            }
        };
        History history;
        Checkpoint checkpoint;
        boolean interrupted;
        try {
            history = new Trainer(run.net, new BCELoss(), run.optimizer, run.numpy)
                    .epochs(4)
                    .batchSize(8)
                    .listener(interrupting)
                    .afterEpoch(soFar -> save(run.checkpoint(soFar)))
                    .fit(samples(50, 3), samples(20, 4));
            checkpoint = Checkpoint.load(file);
        } finally {
            interrupted = Thread.interrupted();
        }

        assertThat(interrupted).isTrue();
        assertThat(history.interrupted()).isTrue();
        assertThat(checkpoint.epoch()).isEqualTo(2);
        assertSame(checkpoint.weights(), run.net.stateDict());
    }

    @Test
    void twoFilesAndNoMore() throws IOException {
        Checkpoint.requireWritable(file);
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).isEmpty();
        }

        Run run = new Run(Kind.ADAM);
        run.checkpoint(run.train(1)).save(file);
        run.checkpoint(run.train(1)).save(file);

        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactlyInAnyOrder(file, state);
        }
        assertThat(Safetensors.load(file).metadata())
                .containsEntry("epoch", "1")
                .containsEntry("setting.net", "12-3-12");
    }

    @Test
    void laterTrainingDoesNotReachACheckpoint() {
        Run run = new Run(Kind.ADAM);
        Checkpoint checkpoint = run.checkpoint(run.train(1));
        float before = checkpoint.weights().get("0.weight").data()[0];

        run.train(1);

        assertThat(checkpoint.weights().get("0.weight").data()[0]).isEqualTo(before);
    }

    @Test
    void nameOfTheStateFile() {
        assertThat(Checkpoint.stateFile(Path.of("a/b.safetensors"))).isEqualTo(Path.of("a/b.state.safetensors"));
        assertThat(Checkpoint.stateFile(Path.of("b"))).isEqualTo(Path.of("b.state.safetensors"));
    }

    // ---- what does not fit
    // -------------------------------------------------------------------------------------------

    @Test
    void otherNetworkOrOptimiserChangesNothing() {
        Checkpoint checkpoint = new Run(Kind.ADAM).checkpoint(History.EMPTY);

        Run other = new Run(Kind.ADAM, 4);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> other.restore(checkpoint))
                .withMessageContaining("state dict does not fit Adam and nothing was loaded")
                .withMessageContaining("'0.exp_avg' [3,12] instead of [4,12]");
        assertSame(other, new Run(Kind.ADAM, 4));

        Run otherOptimizer = new Run(Kind.SGD_WITHOUT, 4);
        Checkpoint withoutMomentum = new Run(Kind.SGD_WITHOUT).checkpoint(History.EMPTY);
        otherOptimizer.optimizer.learningRate(7);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> otherOptimizer.restore(withoutMomentum))
                .withMessageContaining("does not fit Sequential")
                .withMessageContaining("'0.weight' [3,12] instead of [4,12]");
        assertThat(otherOptimizer.optimizer.learningRate()).isEqualTo(7);
        assertThat(otherOptimizer.torch.state()).isEqualTo(new Run(Kind.SGD_WITHOUT, 4).torch.state());

        Run sgd = new Run(Kind.SGD_WITH_MOMENTUM);
        assertThatIllegalArgumentException().isThrownBy(() -> sgd.restore(checkpoint));
        assertSame(sgd, new Run(Kind.SGD_WITH_MOMENTUM));
    }

    @Test
    void onlyAtTheEndOfAnEpoch() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Run(Kind.ADAM).checkpoint(new History(new float[3], List.of(), List.of(), true)))
                .withMessage("checkpoint: the run was interrupted within an epoch; take one at the end of an epoch");
    }

    private void assertRefused(Path named, String problem) {
        assertThatThrownBy(() -> Checkpoint.load(file))
                .isExactlyInstanceOf(SafetensorsException.class)
                .hasMessage(named + ": " + problem);
        assertThat(Checkpoint.find(file, SETTINGS)).isEmpty();
    }

    @Test
    void missingFiles() throws IOException {
        assertRefused(file, "there is no such file; check the name");

        Run run = new Run(Kind.ADAM);
        run.checkpoint(History.EMPTY).save(file);
        Files.delete(state);
        assertRefused(
                file,
                "cannot be continued, there is no run.state.safetensors beside it; its weights alone can be loaded for "
                        + "a fresh start");
    }

    @Test
    void filesOfDifferentRuns() throws IOException {
        Run run = new Run(Kind.ADAM);
        History first = run.train(1);
        run.checkpoint(first).save(file);
        Map<String, String> metadata = Safetensors.load(file).metadata();
        String problem =
                "does not belong to run.state.safetensors beside it: one of them was written later, by something "
                        + "else; weights alone can be loaded for a fresh start";

        Map<String, Tensor> changed = new LinkedHashMap<>();
        run.net.stateDict().forEach((name, tensor) -> changed.put(name, tensor.copy()));
        changed.get("2.bias").data()[0] = Math.nextUp(changed.get("2.bias").data()[0]);
        Safetensors.write(file, changed, metadata);
        assertRefused(file, problem);

        Safetensors.write(file, run.net.stateDict(), Map.of());
        assertRefused(file, problem);

        changed.remove("2.bias");
        Safetensors.write(file, changed, metadata);
        assertRefused(file, problem);

        Safetensors.write(file, run.net.stateDict(), metadata);
        assertThat(Checkpoint.load(file).epoch()).isEqualTo(1);
    }

    /** The program ended after the state was written and before the weights were; not every epoch is saved. */
    @ParameterizedTest
    @ValueSource(ints = {2, 3, 6})
    void weightsOfAnEarlierEpoch(int epochs) throws IOException {
        Run run = new Run(Kind.ADAM);
        History first = run.train(1);
        run.checkpoint(first).save(file);
        byte[] weights = Files.readAllBytes(file);
        History last = run.train(epochs, first, (r, h) -> {});
        run.checkpoint(last).save(file);
        Files.write(file, weights);

        Checkpoint checkpoint = Checkpoint.load(file);

        assertThat(checkpoint.epoch()).isEqualTo(epochs);
        assertSame(checkpoint.weights(), run.net.stateDict());
        Run continued = new Run(Kind.ADAM);
        continued.restore(checkpoint);
        assertSame(continued, run);
    }

    @Test
    void weightsOfALaterEpochOrOfOtherSettings() throws IOException {
        Run run = new Run(Kind.ADAM);
        History first = run.train(1);
        run.checkpoint(first).save(file);
        byte[] stateBefore = Files.readAllBytes(state);
        run.checkpoint(run.train(2, first, (r, h) -> {})).save(file);
        byte[] stateAfter = Files.readAllBytes(state);
        Files.write(state, stateBefore);
        assertThatThrownBy(() -> Checkpoint.load(file)).hasMessageContaining("does not belong to");

        Files.write(state, stateAfter);
        for (Map<String, String> metadata : List.of(
                Map.of("epoch", "1", "setting.net", "12-4-12"),
                Map.of("epoch", "-1"),
                Map.of("epoch", "01"),
                Map.of("epoch", "one"),
                Map.of("format", "another"))) {
            Map<String, String> changed = new HashMap<>(Safetensors.load(file).metadata());
            changed.putAll(metadata);
            Path other = folder.resolve("other.safetensors");
            Files.copy(state, Checkpoint.stateFile(other), StandardCopyOption.REPLACE_EXISTING);
            Safetensors.write(other, run.net.stateDict(), changed);
            assertThatThrownBy(() -> Checkpoint.load(other))
                    .as("%s", metadata)
                    .hasMessageContaining("does not belong to");
        }
    }

    /** The program ended between the two files of its first checkpoint. */
    @Test
    void stateWithoutWeights() throws IOException {
        Run run = new Run(Kind.ADAM);
        run.checkpoint(run.train(1)).save(file);
        Files.delete(file);

        Checkpoint checkpoint = Checkpoint.load(file);

        Run continued = new Run(Kind.ADAM);
        continued.restore(checkpoint);
        assertSame(continued, run);
        assertThat(Checkpoint.find(file, SETTINGS)).isPresent();

        Files.write(state, new byte[3]);
        assertThatThrownBy(() -> Checkpoint.load(file)).hasMessageStartingWith(state + ": ");
    }

    /** As a damaged file may say. The powers of Adam's betas are computed by so many multiplications. */
    @ParameterizedTest
    @EnumSource(Kind.class)
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void anyNumberOfStepsIsRestoredAtOnce(Kind kind) throws IOException {
        Run run = new Run(kind);
        run.checkpoint(run.train(1)).save(file);
        Safetensors good = Safetensors.load(state);
        Map<String, String> metadata = new HashMap<>(good.metadata());
        metadata.put("optimizer.steps", "9223372036854775807");
        Safetensors.write(state, good.tensors(), metadata);

        Run restored = new Run(kind);
        restored.restore(Checkpoint.load(file));

        assertThat(restored.optimizer.state().steps()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void stateInPlaceOfWeights() throws IOException {
        new Run(Kind.ADAM).checkpoint(History.EMPTY).save(file);
        Files.copy(state, folder.resolve("copy.safetensors"));

        assertThatThrownBy(() -> Checkpoint.load(state))
                .hasMessage(state + ": is the state of training that stands beside the weights; "
                        + "name the file of the weights");
        Files.copy(file, state, StandardCopyOption.REPLACE_EXISTING);
        assertRefused(state, "holds no state of training; move it away and train anew");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "epoch||has no 'epoch' in its metadata",
                "epoch|2|says epoch 2 but has losses of 1",
                "optimizer.steps||has no 'optimizer.steps' in its metadata",
                "optimizer.steps|-1|does not make sense (optimiser state: the number of steps is -1, below 0)",
                "optimizer.steps|x|does not make sense (For input string: \"x\")",
                "optimizer.learning_rate|fast|does not make sense (For input string: \"fast\")",
                "history.seconds|1.0|has a time of training without one of evaluation",
                "history.seconds|1.0 2.0 3.0 4.0|does not make sense (History: 1 epochs have losses but 2 have times; each needs both)",
                "random.torch||has no 'random.torch' in its metadata",
                "random.numpy|624 none|has a 'random.numpy' that is no position, value and words",
                "random.numpy|624 none abc|has a 'random.numpy' that is no position, value and words",
                "random.numpy|624 none 00000000|does not make sense (RandomState: 1 words, but MT19937 has 624; was the saved state cut short?)",
            })
    void damagedState(String name, String value, String problem) throws IOException {
        Run run = new Run(Kind.ADAM);
        run.checkpoint(run.train(1)).save(file);
        Safetensors good = Safetensors.load(state);
        Map<String, String> metadata = new HashMap<>(good.metadata());
        if (value == null) {
            metadata.remove(name);
        } else {
            metadata.put(name, value);
        }
        Safetensors.write(state, good.tensors(), metadata);

        assertRefused(state, problem + "; the state of training is damaged, train anew");
    }

    @Test
    void stateOfAnotherVersion() throws IOException {
        new Run(Kind.ADAM).checkpoint(History.EMPTY).save(file);
        Safetensors good = Safetensors.load(state);
        Map<String, String> metadata = new HashMap<>(good.metadata());
        metadata.put("version", "2");
        Safetensors.write(state, good.tensors(), metadata);

        assertRefused(state, "was written in version 2 of the format, but this program reads 1; train anew");
    }

    @Test
    void tableOfAnotherShape() throws IOException {
        Run run = new Run(Kind.ADAM);
        run.checkpoint(run.train(1)).save(file);
        Safetensors good = Safetensors.load(state);
        Map<String, Tensor> tensors = new LinkedHashMap<>(good.tensors());
        tensors.put("history.table", Tensor.vector(1, 2));
        Safetensors.write(state, tensors, good.metadata());

        assertRefused(
                state,
                "has a table of losses of shape [2] instead of [epochs,2]; the state of training is damaged, train anew");
    }

    // ---- kept results
    // ------------------------------------------------------------------------------------------------

    @Test
    void foundOnlyWithTheSameSettings() throws IOException {
        assertThat(Checkpoint.find(file, SETTINGS)).isEmpty();
        Run run = new Run(Kind.ADAM);
        run.checkpoint(run.train(2)).save(file);

        assertThat(Checkpoint.find(file, SETTINGS)).hasValueSatisfying(found -> {
            assertThat(found.epoch()).isEqualTo(2);
            assertSame(found.weights(), run.net.stateDict());
        });
        assertThat(Checkpoint.find(file, Map.of("net", "12-3-12"))).isEmpty();
        Map<String, String> more = new HashMap<>(SETTINGS);
        more.put("version", "2");
        assertThat(Checkpoint.find(file, more)).isEmpty();
        more.remove("version");
        more.put("net", "12-4-12");
        assertThat(Checkpoint.find(file, more)).isEmpty();

        Files.write(file, new byte[3]);
        assertThat(Checkpoint.find(file, SETTINGS)).isEmpty();
    }
}

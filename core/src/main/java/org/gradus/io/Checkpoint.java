package org.gradus.io;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.gradus.autograd.Tensor;
import org.gradus.nn.Layer;
import org.gradus.optim.Optimizer;
import org.gradus.optim.OptimizerState;
import org.gradus.random.NumpyRandom;
import org.gradus.random.RandomState;
import org.gradus.random.TorchRandom;
import org.gradus.train.History;

/**
 * A training run at the end of an epoch, complete: restored, it continues bit for bit as if it had never stopped.
 *
 * <p>It is kept in two files. {@code run.safetensors} holds the weights alone, under the names of {@link Layer#stateDict()}, for
 * whoever wants the network. {@code run.state.safetensors} beside it holds all of the checkpoint, the weights once more: so the
 * state is whole in itself, and a program that ends between the two files does no harm. {@link #load} then finds no weights
 * beside the state, or those of an earlier epoch. It does not take a state beside weights of another run: where a run saves over
 * the files of another, it has to get as far as both.
 *
 * <pre>{@code
 * new Trainer(net, loss, optimizer, numpy)
 *         .afterEpoch(history -> save(Checkpoint.of(net, optimizer, torch, numpy, history, settings)))
 *         .fit(train, test);
 *
 * Checkpoint checkpoint = Checkpoint.load(file);      // later, after building the same network and optimiser
 * checkpoint.restore(net, optimizer, torch, numpy);
 * new Trainer(net, loss, optimizer, numpy).continuing(checkpoint.history()).fit(train, test);
 * }</pre>
 *
 * @param weights the state dict of the network
 * @param optimizer what the optimiser remembers
 * @param torch where the stream of weights stands
 * @param numpy where the stream of permutations stands
 * @param history of all epochs so far
 * @param settings what the run was made with, by name: the caller's choice, see {@link #find}
 */
public record Checkpoint(
        Map<String, Tensor> weights,
        OptimizerState optimizer,
        RandomState torch,
        RandomState numpy,
        History history,
        Map<String, String> settings) {

    private static final String SUFFIX = ".safetensors";
    private static final String STATE_SUFFIX = ".state" + SUFFIX;

    /**
     * A checkpoint.
     *
     * @throws IllegalArgumentException if the history ends within an epoch
     */
    public Checkpoint {
        if (history.interrupted()) {
            throw new IllegalArgumentException(
                    "checkpoint: the run was interrupted within an epoch; take one at the end of an epoch");
        }
        weights = Collections.unmodifiableMap(new LinkedHashMap<>(weights));
        settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
    }

    /**
     * Takes a checkpoint.
     *
     * @param net what is trained
     * @param optimizer how
     * @param torch the stream of weights
     * @param numpy the stream of permutations
     * @param history of all epochs so far, as {@link org.gradus.train.Trainer#afterEpoch} gives it
     * @param settings what the run is made with, by name
     * @return copies of all of it
     */
    public static Checkpoint of(
            Layer net,
            Optimizer optimizer,
            TorchRandom torch,
            NumpyRandom numpy,
            History history,
            Map<String, String> settings) {
        Map<String, Tensor> weights = new LinkedHashMap<>();
        net.stateDict().forEach((name, tensor) -> weights.put(name, tensor.copy()));
        return new Checkpoint(weights, optimizer.state(), torch.state(), numpy.state(), history, settings);
    }

    /** {@return the number of epochs done, 0 or more} */
    public int epoch() {
        return history.epochs();
    }

    /**
     * Brings everything to where it stood. The optimiser must have been made with the same options.
     *
     * @param net a network of the same layers
     * @param optimizer of the same kind, for its parameters
     * @param torchStream the stream of weights
     * @param numpyStream the stream of permutations
     * @throws IllegalArgumentException if network or optimiser do not fit; then nothing has changed
     */
    public void restore(Layer net, Optimizer optimizer, TorchRandom torchStream, NumpyRandom numpyStream) {
        OptimizerState before = optimizer.state();
        optimizer.restore(this.optimizer);
        try {
            net.loadStateDict(weights);
        } catch (IllegalArgumentException refused) {
            optimizer.restore(before);
            throw refused;
        }
        torchStream.restore(torch);
        numpyStream.restore(numpy);
    }

    // ---- files
    // -------------------------------------------------------------------------------------------------------

    /**
     * Where the state of training is kept.
     *
     * @param file the weights, {@code run.safetensors}
     * @return the file beside it, {@code run.state.safetensors}
     */
    public static Path stateFile(Path file) {
        Path last = file.getFileName();
        String name = last == null ? "" : last.toString();
        String stem = name.endsWith(SUFFIX) ? name.substring(0, name.length() - SUFFIX.length()) : name;
        return file.resolveSibling(stem + STATE_SUFFIX);
    }

    /**
     * Makes sure, before the work, that both files can be written. Leaves nothing behind.
     *
     * @param file the weights
     * @throws IOException if not, in one line
     */
    public static void requireWritable(Path file) throws IOException {
        AtomicFile.at(file);
        AtomicFile.at(stateFile(file));
    }

    /**
     * Writes both files, each the old or the new one, never half. Neither is replaced before both are finished.
     *
     * @param file the weights; the state is written to {@link #stateFile}
     * @throws IOException if one cannot be written, in one line; where a finished file was refused its place, it is kept, and the
     *     line says where and what became of the other
     */
    public void save(Path file) throws IOException {
        AtomicFile weightsFile = AtomicFile.at(file);
        AtomicFile stateFile = AtomicFile.at(stateFile(file));
        // The state first: if the program ends in between, load() needs no more.
        AtomicFile.write(List.of(
                new AtomicFile.Part(stateFile, Safetensors.content(StateFile.tensors(this), StateFile.metadata(this))),
                new AtomicFile.Part(weightsFile, Safetensors.content(weights, StateFile.weightsMetadata(this)))));
    }

    /**
     * Reads a checkpoint. All of it is in the state; the weights beside it tell whether both are of the same run.
     *
     * @param file the weights, which may be missing or of an earlier epoch; the state is read from {@link #stateFile}
     * @return the checkpoint
     * @throws SafetensorsException if there is no state, one of the files is damaged, or they do not belong together
     */
    public static Checkpoint load(Path file) throws SafetensorsException {
        if (Files.notExists(file) && Files.exists(stateFile(file))) {
            return StateFile.read(stateFile(file));
        }
        Safetensors weights = Safetensors.load(file);
        if (StateFile.isState(weights.metadata())) {
            throw new SafetensorsException(
                    file, "is the state of training that stands beside the weights; name the file of the weights");
        }
        Path stateFile = stateFile(file);
        if (!Files.exists(stateFile)) {
            throw new SafetensorsException(
                    file,
                    "cannot be continued, there is no " + stateFile.getFileName()
                            + " beside it; its weights alone can be loaded for a fresh start");
        }
        Checkpoint checkpoint = StateFile.read(stateFile);
        boolean together = StateFile.weightsMetadata(checkpoint).equals(weights.metadata())
                && sameBits(weights.tensors(), checkpoint.weights);
        if (!together && !StateFile.isEarlierEpoch(weights.metadata(), checkpoint)) {
            throw new SafetensorsException(
                    file,
                    "does not belong to " + stateFile.getFileName()
                            + " beside it: one of them was written later, by something else; weights alone can be loaded for "
                            + "a fresh start");
        }
        return checkpoint;
    }

    /**
     * A checkpoint that was made before with the same settings: the way to a result that is computed once and kept. The settings
     * are to name everything that the result depends on, the version of the program included.
     *
     * @param file the weights
     * @param settings what the checkpoint must have been made with, exactly
     * @return the checkpoint; nothing if there is none, if it was made with other settings, or if its files are damaged
     */
    public static Optional<Checkpoint> find(Path file, Map<String, String> settings) {
        try {
            return Optional.of(load(file)).filter(found -> found.settings.equals(settings));
        } catch (SafetensorsException unusable) {
            return Optional.empty();
        }
    }

    private static boolean sameBits(Map<String, Tensor> a, Map<String, Tensor> b) {
        if (a.size() != b.size()) {
            return false;
        }
        for (Map.Entry<String, Tensor> entry : a.entrySet()) {
            Tensor x = entry.getValue();
            Tensor y = b.get(entry.getKey());
            if (y == null || !x.shape().equals(y.shape()) || !Arrays.equals(bits(x), bits(y))) {
                return false;
            }
        }
        return true;
    }

    private static int[] bits(Tensor tensor) {
        float[] data = tensor.data();
        int[] bits = new int[data.length];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = Float.floatToRawIntBits(data[i]);
        }
        return bits;
    }
}

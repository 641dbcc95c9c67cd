package org.gradus.examples.tutorial;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.gradus.examples.run.Environment;
import org.gradus.examples.run.Fingerprint;
import org.gradus.io.Checkpoint;
import org.gradus.io.SafetensorsException;
import org.gradus.nn.Loss;
import org.gradus.nn.Sequential;
import org.gradus.random.NumpyRandom;
import org.gradus.random.TorchRandom;

/**
 * Trainings in a folder, a checkpoint for each experiment, so that a tutorial that was interrupted continues with what
 * is done, even within a training.
 *
 * <p>A checkpoint is taken up only if it was made with the same settings, and they name what decides the numbers, and nothing else:
 * the build of the library, the network, the loss, epochs and batch, and checksums of the initial weights, of the samples and of
 * both random streams. Threads, kernels and JDK change no number. They are kept beside the settings, because the times that are
 * reported are theirs.
 */
final class RunStore {

    private static final String COMPUTED_BY = "computed by";

    private final Path folder;

    /** Made when the first checkpoint is saved. */
    RunStore(Path folder) {
        this.folder = folder;
    }

    /** What decides the numbers of a training that is about to begin. */
    static Map<String, String> settings(
            Sequential net, Loss loss, int epochs, int batch, Pairs pairs, TorchRandom torch, NumpyRandom numpy) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("library", LibraryVersion.current());
        settings.put("network", net.toString());
        settings.put("loss", loss.name());
        settings.put("epochs", Integer.toString(epochs));
        settings.put("batch", Integer.toString(batch));
        settings.put("initial weights", new Fingerprint().add(net.parameters()).toString());
        settings.put("samples", pairs.fingerprint());
        settings.put(
                "random streams",
                new Fingerprint().add(torch.state()).add(numpy.state()).toString());
        return settings;
    }

    /**
     * A checkpoint that can be taken up.
     *
     * @param checkpoint of the same settings
     * @param computedBy what computed its last epoch
     */
    record Kept(Checkpoint checkpoint, Environment computedBy) {}

    private Path file(String id) {
        return folder.resolve(id + ".safetensors");
    }

    /** The checkpoint of an experiment, unless there is none of these settings or its files are damaged. */
    Optional<Kept> find(String id, Map<String, String> settings) {
        Checkpoint found;
        try {
            found = Checkpoint.load(file(id));
        } catch (SafetensorsException unusable) {
            return Optional.empty();
        }
        Map<String, String> made = new LinkedHashMap<>(found.settings());
        String computedBy = String.valueOf(made.remove(COMPUTED_BY));
        return made.equals(settings)
                ? Optional.of(new Kept(found, Environment.parse(computedBy).orElseGet(Environment::current)))
                : Optional.empty();
    }

    /** What a checkpoint of these settings is made with. */
    static Map<String, String> withEnvironment(Map<String, String> settings) {
        Map<String, String> all = new LinkedHashMap<>(settings);
        all.put(COMPUTED_BY, Environment.current().toString());
        return all;
    }

    /**
     * Keeps a checkpoint in place of the last one of the experiment.
     *
     * @throws UncheckedIOException if it cannot be written, in one line
     */
    void keep(String id, Checkpoint checkpoint) {
        try {
            Files.createDirectories(folder);
            checkpoint.save(file(id));
        } catch (IOException failed) {
            throw new UncheckedIOException(String.valueOf(failed.getMessage()), failed);
        }
    }
}

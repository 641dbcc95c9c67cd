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
import org.gradus.nn.Loss;
import org.gradus.nn.Sequential;
import org.gradus.random.NumpyRandom;
import org.gradus.random.TorchRandom;

/**
 * Trainings in a folder, a checkpoint for each experiment, so that a tutorial that was interrupted continues with what
 * is done, even within a training.
 *
 * <p>A checkpoint is taken up only if it was made with the same settings, and they name everything that decides the
 * numbers: the build of the library, the network, and checksums of its initial weights, of the samples and of both
 * random streams. What computes is named, too: it changes no number, but the times that are reported.
 */
final class RunStore {

    private final Path folder;

    /** Made when the first checkpoint is saved. */
    RunStore(Path folder) {
        this.folder = folder;
    }

    /** What decides the numbers of a training that is about to begin. */
    static Map<String, String> settings(
            Sequential net, Loss loss, int epochs, int batch, Samples samples, TorchRandom torch, NumpyRandom numpy) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("library", LibraryVersion.current());
        settings.put("network", net.toString());
        settings.put("loss", loss.name());
        settings.put("epochs", Integer.toString(epochs));
        settings.put("batch", Integer.toString(batch));
        settings.put("initial weights", new Fingerprint().add(net.parameters()).toString());
        settings.put("samples", samples.fingerprint());
        settings.put(
                "random streams",
                new Fingerprint().add(torch.state()).add(numpy.state()).toString());
        settings.put("computed by", Environment.current().toString());
        return settings;
    }

    private Path file(String id) {
        return folder.resolve(id + ".safetensors");
    }

    /** The checkpoint of an experiment, unless there is none of these settings. */
    Optional<Checkpoint> find(String id, Map<String, String> settings) {
        return Checkpoint.find(file(id), settings);
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

package org.gradus.io;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import org.gradus.autograd.Shape;
import org.gradus.autograd.Tensor;
import org.gradus.optim.OptimizerState;
import org.gradus.random.RandomState;
import org.gradus.train.EpochLoss;
import org.gradus.train.EpochSeconds;
import org.gradus.train.History;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Checkpoint} as a safetensors file.
 *
 * <pre>
 *   tensors    weights.NAME, optimizer.NAME, history.batch_losses [batches], history.table [epochs,2]
 *   metadata   format, version, epoch, optimizer.steps, optimizer.learning_rate, history.seconds, random.torch, random.numpy,
 *              setting.NAME
 * </pre>
 *
 * <p>Doubles are written as {@link Double#toString} does, which {@link Double#parseDouble} reverses exactly. A random stream is
 * {@code "position cachedNormal words"}: the 624 words in hexadecimal, the cached value {@code none} if there is none.
 */
final class StateFile {

    private static final String FORMAT = "format";
    private static final String STATE = "gradus training state";
    private static final String WEIGHTS = "gradus weights";
    private static final String VERSION = "version";

    /** Changes when files of before can no longer be continued from. */
    private static final String CURRENT = "1";

    private static final String EPOCH = "epoch";
    private static final String STEPS = "optimizer.steps";
    private static final String LEARNING_RATE = "optimizer.learning_rate";
    private static final String SECONDS = "history.seconds";
    private static final String TORCH = "random.torch";
    private static final String NUMPY = "random.numpy";
    private static final String SETTING = "setting.";

    private static final String WEIGHT = "weights.";
    private static final String OPTIMIZER = "optimizer.";
    private static final String BATCH_LOSSES = "history.batch_losses";
    private static final String TABLE = "history.table";

    private static final String NONE = "none";
    private static final int STREAM_PARTS = 3;

    private final Path file;
    private final Safetensors content;

    private StateFile(Path file, Safetensors content) {
        this.file = file;
        this.content = content;
    }

    // ---- writing
    // -----------------------------------------------------------------------------------------------------

    static Map<String, Tensor> tensors(Checkpoint checkpoint) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        checkpoint.weights().forEach((name, tensor) -> tensors.put(WEIGHT + name, tensor));
        checkpoint.optimizer().values().forEach((name, tensor) -> tensors.put(OPTIMIZER + name, tensor));
        // A tensor has at least one number, so what is empty is left out.
        float[] losses = checkpoint.history().batchLosses();
        if (losses.length > 0) {
            tensors.put(BATCH_LOSSES, Tensor.vector(losses));
        }
        List<EpochLoss> rows = checkpoint.history().table();
        if (!rows.isEmpty()) {
            Tensor table = Tensor.zeros(rows.size(), 2);
            for (int e = 0; e < rows.size(); e++) {
                table.data()[2 * e] = rows.get(e).train();
                table.data()[2 * e + 1] = rows.get(e).test();
            }
            tensors.put(TABLE, table);
        }
        return tensors;
    }

    static Map<String, String> metadata(Checkpoint checkpoint) {
        Map<String, String> metadata = common(STATE, checkpoint);
        metadata.put(STEPS, String.valueOf(checkpoint.optimizer().steps()));
        metadata.put(LEARNING_RATE, String.valueOf(checkpoint.optimizer().learningRate()));
        metadata.put(
                SECONDS,
                checkpoint.history().epochSeconds().stream()
                        .map(time -> time.training() + " " + time.evaluation())
                        .collect(Collectors.joining(" ")));
        metadata.put(TORCH, text(checkpoint.torch()));
        metadata.put(NUMPY, text(checkpoint.numpy()));
        return metadata;
    }

    /** What the file of the weights says about them. */
    static Map<String, String> weightsMetadata(Checkpoint checkpoint) {
        return common(WEIGHTS, checkpoint);
    }

    private static Map<String, String> common(String format, Checkpoint checkpoint) {
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put(FORMAT, format);
        metadata.put(VERSION, CURRENT);
        metadata.put(EPOCH, String.valueOf(checkpoint.epoch()));
        checkpoint.settings().forEach((name, value) -> metadata.put(SETTING + name, value));
        return metadata;
    }

    private static String text(RandomState state) {
        int[] words = state.words();
        ByteBuffer bytes = ByteBuffer.allocate(words.length * Integer.BYTES).order(ByteOrder.BIG_ENDIAN);
        bytes.asIntBuffer().put(words);
        OptionalDouble cached = state.cachedNormal();
        return state.position() + " " + (cached.isPresent() ? String.valueOf(cached.getAsDouble()) : NONE) + " "
                + HexFormat.of().formatHex(bytes.array());
    }

    // ---- reading
    // -----------------------------------------------------------------------------------------------------

    static boolean isState(Map<String, String> metadata) {
        return STATE.equals(metadata.get(FORMAT));
    }

    /** Whether a file of weights is that of the same run, any number of epochs earlier: not every one needs to have been saved. */
    static boolean isEarlierEpoch(Map<String, String> metadata, Checkpoint checkpoint) {
        Map<String, String> earlier = weightsMetadata(checkpoint);
        for (int epoch = 0; epoch < checkpoint.epoch(); epoch++) {
            earlier.put(EPOCH, String.valueOf(epoch));
            if (metadata.equals(earlier)) {
                return true;
            }
        }
        return false;
    }

    static Checkpoint read(Path file) throws SafetensorsException {
        return new StateFile(file, Safetensors.load(file)).checkpoint();
    }

    private Checkpoint checkpoint() throws SafetensorsException {
        if (!isState(content.metadata())) {
            throw new SafetensorsException(file, "holds no state of training; move it away and train anew");
        }
        String version = text(VERSION);
        if (!version.equals(CURRENT)) {
            throw new SafetensorsException(
                    file,
                    "was written in version " + version + " of the format, but this program reads " + CURRENT
                            + "; train anew");
        }
        try {
            History history = history();
            if (!text(EPOCH).equals(String.valueOf(history.epochs()))) {
                throw broken("says epoch " + text(EPOCH) + " but has losses of " + history.epochs(), null);
            }
            return new Checkpoint(
                    tensors(WEIGHT),
                    new OptimizerState(
                            Long.parseLong(text(STEPS)), Double.parseDouble(text(LEARNING_RATE)), tensors(OPTIMIZER)),
                    stream(TORCH),
                    stream(NUMPY),
                    history,
                    settings());
        } catch (IllegalArgumentException refused) {
            throw broken("does not make sense (" + refused.getMessage() + ")", refused);
        }
    }

    private SafetensorsException broken(String problem, @Nullable Throwable cause) {
        return new SafetensorsException(file, problem + "; the state of training is damaged, train anew", cause);
    }

    private String text(String name) throws SafetensorsException {
        String value = content.metadata().get(name);
        if (value == null) {
            throw broken("has no '" + name + "' in its metadata", null);
        }
        return value;
    }

    private Map<String, Tensor> tensors(String prefix) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        content.tensors().forEach((name, tensor) -> {
            if (name.startsWith(prefix)) {
                tensors.put(name.substring(prefix.length()), tensor);
            }
        });
        return tensors;
    }

    private Map<String, String> settings() {
        Map<String, String> settings = new LinkedHashMap<>();
        content.metadata().forEach((name, value) -> {
            if (name.startsWith(SETTING)) {
                settings.put(name.substring(SETTING.length()), value);
            }
        });
        return settings;
    }

    private History history() throws SafetensorsException {
        List<EpochSeconds> seconds = new ArrayList<>();
        String[] times = text(SECONDS).isEmpty() ? new String[0] : text(SECONDS).split(" ", -1);
        if (times.length % 2 != 0) {
            throw broken("has a time of training without one of evaluation", null);
        }
        for (int t = 0; t < times.length; t += 2) {
            seconds.add(new EpochSeconds(Double.parseDouble(times[t]), Double.parseDouble(times[t + 1])));
        }
        List<EpochLoss> table = new ArrayList<>();
        Tensor rows = content.tensors().get(TABLE);
        if (rows != null) {
            if (!rows.shape().equals(Shape.of(rows.shape().rows(), 2))) {
                throw broken("has a table of losses of shape " + rows.shape() + " instead of [epochs,2]", null);
            }
            for (int e = 0; e < rows.shape().rows(); e++) {
                table.add(new EpochLoss(rows.get(e, 0), rows.get(e, 1)));
            }
        }
        Tensor losses = content.tensors().get(BATCH_LOSSES);
        return new History(losses == null ? new float[0] : losses.data(), table, seconds, false);
    }

    private RandomState stream(String name) throws SafetensorsException {
        String[] parts = text(name).split(" ", -1);
        if (parts.length != STREAM_PARTS || parts[2].length() % (2 * Integer.BYTES) != 0) {
            throw broken("has a '" + name + "' that is no position, value and words", null);
        }
        byte[] bytes = HexFormat.of().parseHex(parts[2]);
        int[] words = new int[bytes.length / Integer.BYTES];
        ByteBuffer.wrap(bytes).order(ByteOrder.BIG_ENDIAN).asIntBuffer().get(words);
        OptionalDouble cached =
                parts[1].equals(NONE) ? OptionalDouble.empty() : OptionalDouble.of(Double.parseDouble(parts[1]));
        return new RandomState(words, Integer.parseInt(parts[0]), cached);
    }
}

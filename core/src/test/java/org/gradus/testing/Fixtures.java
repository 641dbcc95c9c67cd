package org.gradus.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reference values from PyTorch and NumPy, as {@code scripts/reference/fixtures.py} writes them. They come from the class path, or
 * from the file that the system property {@code gradus.fixtures} names: another seed, other sizes. So a test goes through
 * the entries it finds, and fails on one it does not understand.
 */
public final class Fixtures {

    private static final String PROPERTY = "gradus.fixtures";
    private static final String RESOURCE = "/org/gradus/fixtures_seed0.json";

    private static final class Holder {
        static final Fixtures LOADED = read();
    }

    private final long seed;
    private final Map<String, Array> rng;
    private final Map<String, Array> init;
    private final Map<String, Map<String, Array>> initStates;
    private final Map<String, Map<String, Summary>> initSummaries;
    private final List<OpCase> ops;
    private final List<OptimiserCase> optimisers;

    private Fixtures(JsonNode root) {
        seed = child(root, "seed").asLong();
        rng = new LinkedHashMap<>();
        child(root, "rng").properties().forEach(e -> rng.put(e.getKey(), array(e.getKey(), e.getValue())));
        init = new LinkedHashMap<>();
        initStates = new LinkedHashMap<>();
        initSummaries = new LinkedHashMap<>();
        child(root, "init").properties().forEach(e -> addInit(e.getKey(), e.getValue()));
        ops = new ArrayList<>();
        child(root, "ops").forEach(node -> ops.add(opCase(node)));
        optimisers = new ArrayList<>();
        child(root, "optimisers").forEach(node -> optimisers.add(optimiserCase(node)));
    }

    /** The fixtures of this run, read once. */
    public static Fixtures get() {
        return Holder.LOADED;
    }

    /** The seed given to {@code torch.manual_seed} and {@code numpy.random.seed} before every entry. */
    public long seed() {
        return seed;
    }

    /** Draws from the random streams; the key is the Python expression, such as {@code torch.randn(3,7)}. */
    public Map<String, Array> rng() {
        return rng;
    }

    /** Single tensors from PyTorch's initialisers; the key is name and shape, such as {@code kaiming_uniform_(3,5)}. */
    public Map<String, Array> init() {
        return init;
    }

    /** Whole state dicts of freshly built networks; the key describes the network. */
    public Map<String, Map<String, Array>> initStates() {
        return initStates;
    }

    /** State dicts too large to list, each entry cut to head, tail and sum; the key describes the network. */
    public Map<String, Map<String, Summary>> initSummaries() {
        return initSummaries;
    }

    /** One forward and backward pass of each op. */
    public List<OpCase> ops() {
        return ops;
    }

    /** Ten steps of each optimiser. */
    public List<OptimiserCase> optimisers() {
        return optimisers;
    }

    /** A tensor in row-major order; a scalar has an empty shape. */
    @SuppressWarnings("ArrayRecordComponent") // test data, never compared
    public record Array(int[] shape, double[] data) {

        /** The data as the floats they were in PyTorch, exactly. */
        public float[] floats() {
            float[] floats = new float[data.length];
            for (int i = 0; i < data.length; i++) {
                floats[i] = (float) data[i];
            }
            return floats;
        }
    }

    /** First and last elements of a long tensor and the double sum of all. */
    public record Summary(Array head, Array tail, double sum) {}

    /** {@code grads} are those of {@code inputs} for {@code upstream}; empty where PyTorch gives none. */
    public record OpCase(
            String op, String note, List<Array> inputs, Array output, Array upstream, List<Optional<Array>> grads) {

        @Override
        public String toString() {
            return note.isEmpty() ? op : op + " (" + note + ")";
        }
    }

    /** Whether these are the project's fixtures, for which errors may be pinned, and no file was named. */
    public static boolean areOwn() {
        return System.getProperty(PROPERTY, "").isEmpty();
    }

    /** Parameters before the first step, and for each step the gradients given and the parameters after it. */
    public record OptimiserCase(String optimiser, Array start, List<Array> grads, List<Array> after) {

        @Override
        public String toString() {
            return optimiser;
        }
    }

    private static Fixtures read() {
        String file = System.getProperty(PROPERTY, "");
        try (InputStream in =
                file.isEmpty() ? Fixtures.class.getResourceAsStream(RESOURCE) : Files.newInputStream(named(file))) {
            if (in == null) {
                throw new IllegalStateException("fixtures: no resource " + RESOURCE + " on the class path");
            }
            return new Fixtures(new ObjectMapper().readTree(in));
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "fixtures: cannot read " + (file.isEmpty() ? RESOURCE : file + ", named by -D" + PROPERTY), e);
        }
    }

    /** Tests run in the module's folder; a relative name may also be meant from the project's root, where Maven was called. */
    private static Path named(String file) {
        Path fromRoot = Path.of("..").resolve(file);
        return Files.exists(Path.of(file)) || !Files.exists(fromRoot) ? Path.of(file) : fromRoot;
    }

    private void addInit(String key, JsonNode node) {
        if (node.has("data")) {
            init.put(key, array(key, node));
            return;
        }
        Map<String, Array> state = new LinkedHashMap<>();
        Map<String, Summary> summaries = new LinkedHashMap<>();
        node.properties().forEach(e -> {
            String name = key + " " + e.getKey();
            JsonNode value = e.getValue();
            if (value.has("sum")) {
                Array head = array(name, child(value, "head"));
                Array tail = array(name, child(value, "tail"));
                summaries.put(
                        e.getKey(), new Summary(head, tail, value.get("sum").asDouble()));
            } else {
                state.put(e.getKey(), array(name, value));
            }
        });
        if (!state.isEmpty()) {
            initStates.put(key, state);
        }
        if (!summaries.isEmpty()) {
            initSummaries.put(key, summaries);
        }
    }

    private static OpCase opCase(JsonNode node) {
        String op = child(node, "op").asText();
        List<Optional<Array>> grads = new ArrayList<>();
        child(node, "grads").forEach(g -> grads.add(g.isNull() ? Optional.empty() : Optional.of(array(op, g))));
        return new OpCase(
                op,
                child(node, "note").asText(),
                arrays(op, child(node, "inputs")),
                array(op, child(node, "output")),
                array(op, child(node, "upstream")),
                grads);
    }

    private static OptimiserCase optimiserCase(JsonNode node) {
        String name = child(node, "optimiser").asText();
        return new OptimiserCase(
                name,
                array(name, child(node, "start")),
                arrays(name, child(node, "grads")),
                arrays(name, child(node, "after")));
    }

    private static List<Array> arrays(String name, JsonNode nodes) {
        List<Array> arrays = new ArrayList<>();
        nodes.forEach(node -> arrays.add(array(name, node)));
        return arrays;
    }

    private static Array array(String name, JsonNode node) {
        JsonNode shapeNode = child(node, "shape");
        JsonNode dataNode = child(node, "data");
        int[] shape = new int[shapeNode.size()];
        int size = 1;
        for (int i = 0; i < shape.length; i++) {
            shape[i] = shapeNode.get(i).asInt();
            size *= shape[i];
        }
        double[] data = new double[dataNode.size()];
        for (int i = 0; i < data.length; i++) {
            data[i] = dataNode.get(i).asDouble();
        }
        if (data.length != size) {
            throw new IllegalStateException(
                    "fixtures: '" + name + "' has " + data.length + " values for a shape of " + size);
        }
        return new Array(shape, data);
    }

    private static JsonNode child(JsonNode node, String name) {
        JsonNode child = node.get(name);
        if (child == null) {
            throw new IllegalStateException("fixtures: no entry '" + name + "' in " + shortened(node.toString()));
        }
        return child;
    }

    private static String shortened(String text) {
        return text.length() <= 80 ? text : text.substring(0, 80) + "...";
    }
}

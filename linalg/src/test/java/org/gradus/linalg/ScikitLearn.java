package org.gradus.linalg;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.gradus.autograd.Tensor;

/**
 * Reference values from scikit-learn in double precision: {@code PCA(svd_solver="full")} and {@code NMF}. The property
 * {@code gradus.fixtures} names a file that takes the place of the small examples, made from another seed.
 */
final class ScikitLearn {

    private final JsonNode root;

    private ScikitLearn(JsonNode root) {
        this.root = root;
    }

    /** Examples small enough to list. */
    static ScikitLearn examples() {
        String file = System.getProperty("gradus.fixtures", "");
        try {
            JsonNode all =
                    file.isEmpty() ? resource("decompositions_seed0.json") : read(Files.newInputStream(Path.of(file)));
            return new ScikitLearn(all).at("decompositions");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file + ", named by -Dgradus.fixtures", e);
        }
    }

    /** Results for MNIST divided by 255; for NMF plus 0.5. */
    static ScikitLearn mnist() {
        return new ScikitLearn(resource("mnist_fits_seed0.json"));
    }

    /** Components of data around 1e4 to 1e7, from NumPy; made by {@code scripts/reference/pca_far_from_zero.py}. */
    static ScikitLearn farFromZero() {
        return new ScikitLearn(resource("pca_far_from_zero.json")).at("fits");
    }

    private static JsonNode resource(String name) {
        InputStream in = ScikitLearn.class.getResourceAsStream(name);
        if (in == null) {
            throw new IllegalStateException("no resource " + name + " beside " + ScikitLearn.class);
        }
        return read(in);
    }

    private static JsonNode read(InputStream in) {
        try (in) {
            return new ObjectMapper().readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    ScikitLearn at(String key) {
        JsonNode child = root.get(key);
        if (child == null) {
            throw new IllegalStateException("no entry '" + key + "' in the reference values");
        }
        return new ScikitLearn(child);
    }

    /** Keys that begin with these words. */
    List<String> keys(String start) {
        List<String> keys = new ArrayList<>();
        root.fieldNames().forEachRemaining(key -> {
            if (key.startsWith(start)) {
                keys.add(key);
            }
        });
        return keys;
    }

    double number(String key) {
        return at(key).root.asDouble();
    }

    /** All numbers under a key, row after row. */
    double[] numbers(String key) {
        JsonNode node = at(key).root;
        List<Double> numbers = new ArrayList<>();
        collect(node.has("data") ? node.get("data") : node, numbers);
        return numbers.stream().mapToDouble(Double::doubleValue).toArray();
    }

    private static void collect(JsonNode node, List<Double> numbers) {
        if (node.isArray()) {
            node.forEach(child -> collect(child, numbers));
        } else {
            numbers.add(node.asDouble());
        }
    }

    /** A matrix under a key, rounded to float. */
    Tensor matrix(String key) {
        JsonNode shape = at(key).root.get("shape");
        double[] numbers = numbers(key);
        float[] floats = new float[numbers.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) numbers[i];
        }
        return Tensor.matrix(shape.get(0).asInt(), shape.get(1).asInt(), floats);
    }
}

package org.gradus.pages.report;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.gradus.nn.Layer;
import org.gradus.nn.Linear;
import org.gradus.nn.PReLU;
import org.gradus.nn.ReLU;
import org.gradus.nn.Sequential;
import org.gradus.nn.Sigmoid;
import org.gradus.pages.FloatBytes;
import org.gradus.plots.Limits;
import org.gradus.plots.Sphere;

/**
 * What the interactive parts of a page work with, as JavaScript: a page opened from disk may run a script beside it, but not
 * read a data file. Numbers are the bytes of little-endian floats in Base64, so none loses a bit.
 */
final class PageScript {

    private static final int AXES = 2;

    /** A range below this share of the largest coordinate is that of a dead unit: the map then shows 1 to either side. */
    private static final double DEAD = 1e-6;

    private PageScript() {}

    /** A call of {@code gradus.cloud} in cloud.js. */
    static String of(String id, LatentCloud cloud) throws IOException {
        return call("cloud", id, json -> {
            json.writeStringField("labels", digits(cloud.labels()));
            json.writeStringField("codes", FloatBytes.base64(cloud.codes()));
        });
    }

    /**
     * A call of {@code gradus.explorer} in explorer.js.
     *
     * @throws IllegalArgumentException if the decoder has layers that explorer.js does not know, or other widths
     */
    static String of(String id, ExplorerModel model) throws IOException {
        List<Layer> layers = flat(model.decoder());
        requireDecoder(id, layers, model.sphere() ? 3 : AXES);
        float[] map = model.sphere() ? Sphere.toS2(model.codes()) : model.codes();
        return call("explorer", id, json -> {
            json.writeBooleanField("sphere", model.sphere());
            json.writeArrayFieldStart("limits");
            for (Limits axis : limits(model, map)) {
                json.writeNumber(axis.lo());
                json.writeNumber(axis.hi());
            }
            json.writeEndArray();
            json.writeStringField("labels", digits(model.labels()));
            json.writeStringField("map", FloatBytes.base64(map));
            json.writeArrayFieldStart("layers");
            for (Layer layer : layers) {
                json.writeStartObject();
                write(json, layer);
                json.writeEndObject();
            }
            json.writeEndArray();
        });
    }

    private static List<Limits> limits(ExplorerModel model, float[] map) {
        if (model.sphere()) {
            return List.of(new Limits(0, Math.PI), new Limits(-Math.PI, Math.PI));
        }
        List<Limits> limits = new ArrayList<>();
        for (int axis = 0; axis < AXES; axis++) {
            Limits found = Limits.of(map, AXES, axis);
            double middle = (found.lo() + found.hi()) / 2;
            boolean dead = found.hi() - found.lo() <= DEAD * Math.max(1, Math.abs(middle));
            limits.add(dead ? new Limits(middle - 1, middle + 1) : found);
        }
        return limits;
    }

    /** The layers of a network, those of nested networks in their place. */
    private static List<Layer> flat(Sequential net) {
        List<Layer> layers = new ArrayList<>();
        for (Layer layer : net.layers()) {
            if (layer instanceof Sequential nested) {
                layers.addAll(flat(nested));
            } else {
                layers.add(layer);
            }
        }
        return layers;
    }

    private static void requireDecoder(String id, List<Layer> layers, int codeWidth) {
        int width = codeWidth;
        for (Layer layer : layers) {
            if (layer instanceof Linear linear) {
                if (linear.inFeatures() != width) {
                    throw new IllegalArgumentException("latent explorer of " + id + ": " + linear + " gets rows of "
                            + width + " numbers, the codes being " + codeWidth
                            + " wide; give the decoder alone, from codes to pixels");
                }
                width = linear.outFeatures();
            } else if (!(layer instanceof PReLU || layer instanceof ReLU || layer instanceof Sigmoid)) {
                throw new IllegalArgumentException("latent explorer of " + id + ": the browser cannot compute layer "
                        + layer + "; a decoder may have Linear, ReLU, PReLU and Sigmoid");
            }
        }
        long side = Math.round(Math.sqrt(width));
        if (side * side != width || width == codeWidth) {
            throw new IllegalArgumentException("latent explorer of " + id + ": the decoder gives rows of " + width
                    + " numbers, which are no square image such as 784 = 28 x 28");
        }
    }

    private static void write(JsonGenerator json, Layer layer) throws IOException {
        if (layer instanceof Linear linear) {
            json.writeStringField("kind", "linear");
            json.writeNumberField("inputs", linear.inFeatures());
            json.writeNumberField("outputs", linear.outFeatures());
            json.writeStringField("weight", FloatBytes.base64(linear.weight().data()));
            json.writeStringField("bias", FloatBytes.base64(linear.bias().data()));
        } else if (layer instanceof PReLU prelu) {
            json.writeStringField("kind", "prelu");
            json.writeStringField("slope", FloatBytes.base64(prelu.weight().data()));
        } else {
            json.writeStringField("kind", layer instanceof ReLU ? "relu" : "sigmoid");
        }
    }

    private static String digits(int[] labels) {
        StringBuilder digits = new StringBuilder(labels.length);
        IntStream.of(labels).forEach(digits::append);
        return digits.toString();
    }

    @FunctionalInterface
    private interface Fields {
        void writeTo(JsonGenerator json) throws IOException;
    }

    private static String call(String function, String id, Fields fields) throws IOException {
        StringWriter script = new StringWriter();
        try (JsonGenerator json = PageJson.factory().createGenerator(script)) {
            json.writeStartObject();
            fields.writeTo(json);
            json.writeEndObject();
        }
        return "gradus." + function + "(\"" + id + "\", " + script + ");\n";
    }
}

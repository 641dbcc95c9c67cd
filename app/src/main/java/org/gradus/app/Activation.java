package org.gradus.app;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.gradus.nn.Layer;
import org.gradus.nn.NormalizeLayer;
import org.gradus.nn.PReLU;
import org.gradus.nn.ReLU;
import org.gradus.nn.Sigmoid;
import org.gradus.nn.Tanh;

/** What may stand behind a width in a {@link NetSpec}. */
enum Activation {
    RELU,
    PRELU,
    SIGMOID,
    TANH,
    NORMALIZE;

    Layer layer() {
        return switch (this) {
            case RELU -> new ReLU();
            case PRELU -> new PReLU();
            case SIGMOID -> new Sigmoid();
            case TANH -> new Tanh();
            case NORMALIZE -> new NormalizeLayer();
        };
    }

    static Optional<Activation> named(String word) {
        return Arrays.stream(values()).filter(a -> a.word().equals(word)).findFirst();
    }

    static String words() {
        return Arrays.stream(values()).map(Activation::word).collect(Collectors.joining(", "));
    }

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}

package org.gradus.nn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.gradus.autograd.Printable;
import org.gradus.random.TorchRandom;

/**
 * A network in a line of text.
 *
 * <pre>
 *   SPEC       = width { "-" width [ ":" activation { "+" activation } ] }
 *   activation = "relu" | "prelu" | "sigmoid" | "tanh" | "normalize"
 *
 *   784-128:prelu-3:prelu+normalize-128:prelu-784:sigmoid
 * </pre>
 *
 * <p>A {@link Linear} layer stands between two widths, the activations behind it in order; without any the layer is
 * linear. The first width is that of the input and takes no activation. Widths are whole numbers from 1.
 *
 * <pre>{@code
 * Sequential net = NetSpec.parse("784-2:prelu-784:sigmoid").build(new TorchRandom(0));
 * }</pre>
 *
 * @param inputs the first width
 * @param stages the others, at least one
 */
public record NetSpec(int inputs, List<Stage> stages) {

    private static final String EXAMPLE = "write for example 784-32:relu-784:sigmoid";

    /** What may stand behind a width, written in lower case. */
    public enum Activation {
        /** {@link ReLU}. */
        RELU,
        /** {@link PReLU} with one slope. */
        PRELU,
        /** {@link Sigmoid}. */
        SIGMOID,
        /** {@link Tanh}. */
        TANH,
        /** {@link NormalizeLayer}. */
        NORMALIZE;

        /**
         * A layer of this kind.
         *
         * @return a new one
         */
        public Layer layer() {
            return switch (this) {
                case RELU -> new ReLU();
                case PRELU -> new PReLU();
                case SIGMOID -> new Sigmoid();
                case TANH -> new Tanh();
                case NORMALIZE -> new NormalizeLayer();
            };
        }

        /**
         * How a specification spells it.
         *
         * @return one word
         */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        private static Optional<Activation> named(String word) {
            return Arrays.stream(values()).filter(a -> a.word().equals(word)).findFirst();
        }

        private static String words() {
            return Arrays.stream(values()).map(Activation::word).collect(Collectors.joining(", "));
        }
    }

    /**
     * A Linear layer and what follows it.
     *
     * @param width its outputs
     * @param activations in order, may be empty
     */
    public record Stage(int width, List<Activation> activations) {

        /**
         * A stage.
         *
         * @throws IllegalArgumentException if the width is not positive
         */
        public Stage {
            if (width < 1) {
                throw new IllegalArgumentException("width is " + width + "; widths start at 1");
            }
            activations = copy(activations, "activations");
        }

        /** The stage as a specification spells it. */
        @Override
        public String toString() {
            String words = activations.stream().map(Activation::word).collect(Collectors.joining("+"));
            return words.isEmpty() ? String.valueOf(width) : width + ":" + words;
        }
    }

    /**
     * A specification.
     *
     * @throws IllegalArgumentException if a width is not positive, there is no stage, or a layer has more weights than an
     *     array can hold
     */
    public NetSpec {
        stages = copy(stages, "stages");
        if (inputs < 1) {
            throw new IllegalArgumentException("width is " + inputs + "; widths start at 1");
        }
        if (stages.isEmpty()) {
            throw new IllegalArgumentException("a network of " + inputs + " inputs needs at least one layer");
        }
        int before = inputs;
        for (Stage stage : stages) {
            if ((long) before * stage.width() > Integer.MAX_VALUE) {
                throw new IllegalArgumentException("the layer " + before + "-" + stage.width()
                        + " has more weights than an array can hold; choose smaller widths");
            }
            before = stage.width();
        }
    }

    /**
     * Reads a specification.
     *
     * @param text see above; blanks around it are passed over
     * @return what it says; its text is the same but for leading zeros and blanks
     * @throws IllegalArgumentException in one line, {@code net 'TEXT': ...}, that names the part which is wrong and the way out
     */
    public static NetSpec parse(String text) {
        String[] parts =
                Objects.requireNonNull(text, "NetSpec: text is null").strip().split("-", -1);
        if (parts.length < 2) {
            throw failure(text, "needs at least two widths, joined by '-'; " + EXAMPLE);
        }
        if (parts[0].contains(":")) {
            throw failure(text, "'" + parts[0] + "' is the input and takes no activation; " + EXAMPLE);
        }
        int inputs = width(text, parts[0]);
        List<Stage> stages = new ArrayList<>();
        for (int p = 1; p < parts.length; p++) {
            stages.add(stage(text, parts[p]));
        }
        try {
            return new NetSpec(inputs, stages);
        } catch (IllegalArgumentException tooLarge) {
            throw failure(text, String.valueOf(tooLarge.getMessage()), tooLarge);
        }
    }

    private static <T> List<T> copy(List<T> list, String name) {
        for (T one : Objects.requireNonNull(list, () -> "NetSpec: " + name + " is null")) {
            Objects.requireNonNull(one, () -> "NetSpec: one of the " + name + " is null");
        }
        return List.copyOf(list);
    }

    private static Stage stage(String text, String part) {
        int colon = part.indexOf(':');
        if (colon < 0) {
            return new Stage(width(text, part), List.of());
        }
        int width = width(text, part.substring(0, colon));
        List<Activation> activations = new ArrayList<>();
        for (String word : part.substring(colon + 1).split("\\+", -1)) {
            activations.add(Activation.named(word)
                    .orElseThrow(() -> failure(
                            text, "unknown layer '" + word + "' in '" + part + "'; there are " + Activation.words())));
        }
        return new Stage(width, activations);
    }

    private static int width(String text, String digits) {
        if (digits.isEmpty() || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw failure(text, "width '" + digits + "' is not a whole number; " + EXAMPLE);
        }
        try {
            int width = Integer.parseInt(digits);
            if (width > 0) {
                return width;
            }
        } catch (NumberFormatException tooLarge) {
            throw failure(text, "width " + digits + " is too large; choose a smaller one", tooLarge);
        }
        throw failure(text, "width 0 leaves nothing to compute with; widths start at 1");
    }

    /**
     * Width of what the network gives.
     *
     * @return the last width
     */
    public int outputs() {
        return stages.get(stages.size() - 1).width();
    }

    /**
     * Whether the activations at the end keep every output between 0 and 1, whatever the weights: what binary
     * cross-entropy needs.
     *
     * @return whether they do
     */
    public boolean givesProbabilities() {
        boolean notNegative = false;
        boolean atMostOne = false;
        for (Activation activation : stages.get(stages.size() - 1).activations()) {
            switch (activation) {
                case RELU -> notNegative = true;
                case PRELU -> atMostOne &= notNegative;
                case SIGMOID -> {
                    notNegative = true;
                    atMostOne = true;
                }
                case TANH -> atMostOne = true;
                // The quotient by a rounded length may exceed 1 by a rounding.
                case NORMALIZE -> atMostOne = false;
            }
        }
        return notNegative && atMostOne;
    }

    /**
     * The network with PyTorch's default weights, drawn layer by layer.
     *
     * @param random where they are drawn from
     * @return a new network
     */
    public Sequential build(TorchRandom random) {
        Objects.requireNonNull(random, "NetSpec: random is null");
        List<Layer> layers = new ArrayList<>();
        int before = inputs;
        for (Stage stage : stages) {
            layers.add(new Linear(before, stage.width(), random));
            stage.activations().forEach(activation -> layers.add(activation.layer()));
            before = stage.width();
        }
        return new Sequential(layers);
    }

    private static IllegalArgumentException failure(String text, String problem) {
        return new IllegalArgumentException("net '" + Printable.text(text) + "': " + Printable.text(problem));
    }

    private static IllegalArgumentException failure(String text, String problem, Throwable cause) {
        return new IllegalArgumentException("net '" + Printable.text(text) + "': " + Printable.text(problem), cause);
    }

    /** The specification; parsing it gives an equal one. */
    @Override
    public String toString() {
        return inputs + stages.stream().map(stage -> "-" + stage).collect(Collectors.joining());
    }
}

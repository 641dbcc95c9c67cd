package org.gradus.app;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.gradus.nn.Layer;
import org.gradus.nn.Linear;
import org.gradus.nn.Sequential;
import org.gradus.random.TorchRandom;

/**
 * A network in a line of text.
 *
 * <pre>
 *   SPEC = width { "-" width [ ":" activation { "+" activation } ] }
 *   784-128:prelu-3:prelu+normalize-128:prelu-784:sigmoid
 * </pre>
 *
 * <p>A Linear layer stands between two widths, the activations behind it in order; without any the layer is linear.
 *
 * @param inputs the first width
 * @param stages the others, at least one
 */
record NetSpec(int inputs, List<Stage> stages) {

    /** Pixels of an image of the bundled set, for networks that are checked before it is read. */
    static final int MNIST_PIXELS = 28 * 28;

    private static final String EXAMPLE = "write for example 784-32:relu-784:sigmoid";

    /**
     * A Linear layer and what follows it.
     *
     * @param width its outputs
     * @param activations in order, may be empty
     */
    record Stage(int width, List<Activation> activations) {

        Stage {
            activations = List.copyOf(activations);
        }

        @Override
        public String toString() {
            String words = activations.stream().map(Activation::word).collect(Collectors.joining("+"));
            return words.isEmpty() ? String.valueOf(width) : width + ":" + words;
        }
    }

    NetSpec {
        stages = List.copyOf(stages);
    }

    /**
     * Reads a specification.
     *
     * @throws CommandFailure in one line that names the part which is wrong
     */
    static NetSpec parse(String text) {
        String[] parts = text.strip().split("-", -1);
        if (parts.length < 2) {
            throw failure(text, "needs at least two widths, joined by '-'; " + EXAMPLE);
        }
        if (parts[0].contains(":")) {
            throw failure(text, "'" + parts[0] + "' is the input and takes no activation; " + EXAMPLE);
        }
        int inputs = width(text, parts[0]);
        List<Stage> stages = new ArrayList<>();
        int before = inputs;
        for (int p = 1; p < parts.length; p++) {
            Stage stage = stage(text, parts[p]);
            if ((long) before * stage.width() > Integer.MAX_VALUE) {
                throw failure(
                        text,
                        "the layer " + before + "-" + stage.width() + " has more weights than an array can hold; "
                                + "choose smaller widths");
            }
            stages.add(stage);
            before = stage.width();
        }
        return new NetSpec(inputs, stages);
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

    /** Width of what the network gives. */
    int outputs() {
        return stages.get(stages.size() - 1).width();
    }

    /** Whether the activations at the end keep every output between 0 and 1, whatever the weights. */
    boolean givesProbabilities() {
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
     * Checks that a network fits images and loss.
     *
     * @throws CommandFailure if its first or last width is not the number of pixels, or BCE could see outputs outside [0,1]
     */
    void requireAutoencoder(int pixels, LossName loss) {
        if (inputs != pixels || outputs() != pixels) {
            boolean first = inputs != pixels;
            throw failure(
                    toString(),
                    "the " + (first ? "first" : "last") + " width is " + (first ? inputs : outputs())
                            + " but images have " + pixels + " pixels; make first and last width " + pixels);
        }
        if (loss == LossName.BCE && !givesProbabilities()) {
            throw failure(
                    toString(),
                    "BCE needs outputs in [0,1]; end the network with " + pixels + ":sigmoid or choose --loss mse");
        }
    }

    /** The network with PyTorch's default weights, drawn layer by layer. */
    Sequential build(TorchRandom random) {
        List<Layer> layers = new ArrayList<>();
        int before = inputs;
        for (Stage stage : stages) {
            layers.add(new Linear(before, stage.width(), random));
            stage.activations().forEach(activation -> layers.add(activation.layer()));
            before = stage.width();
        }
        return new Sequential(layers);
    }

    private static CommandFailure failure(String text, String problem) {
        return new CommandFailure("--net '" + text + "': " + problem);
    }

    private static CommandFailure failure(String text, String problem, Throwable cause) {
        return new CommandFailure("--net '" + text + "': " + problem, cause);
    }

    /** The specification; parsing it gives an equal one. */
    @Override
    public String toString() {
        return inputs + stages.stream().map(stage -> "-" + stage).collect(Collectors.joining());
    }
}

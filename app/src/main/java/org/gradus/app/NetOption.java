package org.gradus.app;

import org.gradus.nn.NetSpec;

/** What {@code --net} says, and whether it fits images and loss. */
final class NetOption {

    /** Pixels of an image of the bundled set, for networks that are checked before it is read. */
    static final int MNIST_PIXELS = 28 * 28;

    private NetOption() {}

    /**
     * Reads a specification.
     *
     * @throws CommandFailure in one line that names the part which is wrong
     */
    static NetSpec parse(String text) {
        try {
            return NetSpec.parse(text);
        } catch (IllegalArgumentException refused) {
            throw new CommandFailure("--" + refused.getMessage(), refused);
        }
    }

    /**
     * Checks that a network fits images and loss.
     *
     * @throws CommandFailure if its first or last width is not the number of pixels, or BCE could see outputs outside [0,1]
     */
    static void requireAutoencoder(NetSpec net, int pixels, LossName loss) {
        if (net.inputs() != pixels || net.outputs() != pixels) {
            boolean first = net.inputs() != pixels;
            throw failure(
                    net,
                    "the " + (first ? "first" : "last") + " width is " + (first ? net.inputs() : net.outputs())
                            + " but images have " + pixels + " pixels; make first and last width " + pixels);
        }
        if (loss == LossName.BCE && !net.givesProbabilities()) {
            throw failure(
                    net,
                    "BCE needs outputs in [0,1]; end the network with " + pixels + ":sigmoid or choose --loss mse");
        }
    }

    private static CommandFailure failure(NetSpec net, String problem) {
        return new CommandFailure("--net '" + net + "': " + problem);
    }
}

package org.gradus.train;

import java.util.Optional;
import org.gradus.autograd.Shape;
import org.gradus.autograd.Tape;
import org.gradus.autograd.Tensor;
import org.gradus.kernel.Engine;
import org.gradus.nn.Layer;
import org.gradus.nn.Loss;

/**
 * One pass through a network and its loss for a fixed number of samples: recorded the first time, replayed on other samples
 * from then on. Creates nothing once recorded.
 */
final class Recording {

    private final Layer net;
    private final Loss loss;
    private final Samples input;
    private final Samples target;
    private final Tape tape;
    private boolean recorded;
    private Tensor x = Tensor.scalar(Float.NaN);
    private Tensor y = x;
    private Tensor value = Tensor.scalar(Float.NaN);

    /**
     * @param engine the arithmetic
     * @param inputShape shape of the samples' input, their number first
     * @param targetShape shape of their target
     * @param shared whether target and input are the same numbers, which are then copied once
     */
    Recording(Engine engine, Layer net, Loss loss, Shape inputShape, Shape targetShape, boolean shared) {
        tape = Tape.fresh(engine);
        this.net = net;
        this.loss = loss;
        input = new Samples(inputShape, "input");
        target = shared ? input : new Samples(targetShape, "target");
    }

    /** The loss of the samples {@code order[from], order[from + 1], ...}. */
    float lossOfRows(Tensor inputs, Tensor targets, int[] order, int from) {
        input.gather(inputs, order, from);
        if (target != input) {
            target.gather(targets, order, from);
        }
        return run();
    }

    /** The loss of the samples {@code from, from + 1, ...}. */
    float lossOfRange(Tensor inputs, Tensor targets, int from) {
        input.copy(inputs, from);
        if (target != input) {
            target.copy(targets, from);
        }
        return run();
    }

    /** Adds the gradients of the last loss to those of the parameters. */
    void backward() {
        tape.backward(value);
    }

    /** What was recorded, if it is a chain of layers; empty before the first batch. */
    Optional<Chain> chain() {
        return recorded ? Chain.of(tape, x, y) : Optional.empty();
    }

    /** Whether somebody sees, or changes, what is computed here, so that it must not be computed elsewhere. */
    boolean isWatched() {
        return tape.isWatched();
    }

    /** The same of the loss without its gradients. */
    boolean isForwardWatched() {
        return tape.isReplayWatched();
    }

    void computeOn(Engine engine) {
        tape.computeOn(engine);
    }

    void detectAnomalies() {
        tape.detectAnomalies();
    }

    int samples() {
        return input.rows;
    }

    /** Whether target and input are the same numbers. */
    boolean isReproducing() {
        return target == input;
    }

    private float run() {
        if (recorded) {
            tape.replay();
        } else {
            x = tape.input(input.batch);
            y = target == input ? x : tape.input(target.batch);
            value = loss.of(net.forward(x), y);
            recorded = true;
        }
        return value.item();
    }

    /** A tensor that is filled with some samples of a larger one. */
    private static final class Samples {

        private final Tensor batch;
        private final int rows;
        private final int width;

        Samples(Shape shape, String name) {
            batch = Tensor.of(shape, new float[shape.size()]).named(name);
            rows = shape.length(0);
            width = shape.size() / rows;
        }

        void gather(Tensor all, int[] order, int from) {
            float[] source = all.data();
            float[] filled = batch.data();
            for (int r = 0; r < rows; r++) {
                System.arraycopy(source, order[from + r] * width, filled, r * width, width);
            }
        }

        void copy(Tensor all, int from) {
            System.arraycopy(all.data(), from * width, batch.data(), 0, rows * width);
        }
    }
}

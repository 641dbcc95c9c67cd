package org.gradus.train;

import java.util.HashMap;
import java.util.Map;
import java.util.OptionalDouble;
import org.gradus.autograd.Shape;
import org.gradus.autograd.ShapeException;
import org.gradus.autograd.Tensor;
import org.gradus.nn.Layer;
import org.gradus.nn.Loss;

/**
 * The loss of a network over a whole set of samples, without gradients.
 *
 * <p>The set goes through the network in blocks of {@value #BLOCK} samples, the last one shorter; the result is {@code sum
 * (loss of block x samples in block) / samples}, summed in double. So memory stays small, and the number depends neither on
 * the number of threads nor on the size of training batches. The loss must be a mean over samples, as all in {@link
 * org.gradus.nn} are.
 *
 * <p>An object keeps its memory for the next call. It serves one thread.
 */
public final class FullSetLoss {

    /** Samples that go through the network together. */
    static final int BLOCK = 512;

    private final Layer net;
    private final Loss loss;
    private final Map<Key, Recording> recordings = new HashMap<>();

    private record Key(Shape input, Shape target, boolean shared) {}

    /**
     * For one network and loss.
     *
     * @param net the network; its weights at the time of {@link #of} count
     * @param loss a mean over samples
     */
    public FullSetLoss(Layer net, Loss loss) {
        this.net = net;
        this.loss = loss;
    }

    /**
     * The mean loss.
     *
     * @param input [n, ...] n samples
     * @param target [n, ...] what the network should make of them; may be {@code input} itself
     * @return the loss with the present weights
     * @throws ShapeException if the numbers of samples differ, or the shapes do not fit network and loss
     */
    public float of(Tensor input, Tensor target) {
        requirePairs("FullSetLoss", input, target);
        return (float) sumOverBlocks(input, target, false).orElseThrow();
    }

    /** The mean loss, or nothing if this thread was interrupted meanwhile. */
    OptionalDouble unlessInterrupted(Tensor input, Tensor target) {
        return sumOverBlocks(input, target, true);
    }

    private OptionalDouble sumOverBlocks(Tensor input, Tensor target, boolean interruptible) {
        int n = input.shape().length(0);
        double sum = 0;
        for (int from = 0; from < n; from += BLOCK) {
            if (interruptible && Thread.currentThread().isInterrupted()) {
                return OptionalDouble.empty();
            }
            int rows = Math.min(BLOCK, n - from);
            sum += (double) recording(rows, input, target).lossOfRange(input, target, from) * rows;
        }
        return OptionalDouble.of(sum / n);
    }

    private Recording recording(int rows, Tensor input, Tensor target) {
        Key key = new Key(samples(rows, input), samples(rows, target), input == target);
        return recordings.computeIfAbsent(key, k -> new Recording(net, loss, k.input, k.target, k.shared));
    }

    /** The shape of {@code rows} samples of a set. */
    static Shape samples(int rows, Tensor set) {
        int[] lengths = new int[set.shape().rank()];
        lengths[0] = rows;
        for (int axis = 1; axis < lengths.length; axis++) {
            lengths[axis] = set.shape().length(axis);
        }
        return Shape.of(lengths);
    }

    static void requirePairs(String who, Tensor input, Tensor target) {
        if (input.shape().rank() == 0 || target.shape().rank() == 0) {
            throw new ShapeException(who + ": input " + input.shape() + " and target " + target.shape()
                    + " must both have samples along their first axis");
        }
        if (input.shape().length(0) != target.shape().length(0)) {
            throw new ShapeException(
                    who + ": input " + input.shape() + " has " + input.shape().length(0)
                            + " samples but target " + target.shape() + " has "
                            + target.shape().length(0) + "; give one target per sample");
        }
    }
}

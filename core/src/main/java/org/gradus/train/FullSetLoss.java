package org.gradus.train;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.gradus.autograd.DomainException;
import org.gradus.autograd.Shape;
import org.gradus.autograd.ShapeException;
import org.gradus.autograd.Tensor;
import org.gradus.kernel.Engine;
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
 * <p>{@code forward} is called for every block, and so are forward hooks, as in PyTorch; what a layer draws or counts goes on from
 * block to block. Where network and loss {@linkplain Layer#isRepeatable() promise} to do the same for every batch and no hook
 * looks on, blocks are replayed from a recording instead; and where the network is a chain of layers and the SIMD kernels are in
 * use, they are planned: the same bits sooner.
 *
 * <p>An object keeps its memory for the next call. It serves one thread.
 */
public final class FullSetLoss {

    /** Samples that go through the network together. */
    static final int BLOCK = 512;

    /** Samples whose losses are computed between two looks at the interrupt status where a plan serves. */
    private static final int SPAN = 16 * BLOCK;

    private final Layer net;
    private final Loss loss;
    private final Map<Key, Recording> recordings = new HashMap<>();
    private final Map<Key, Optional<PlannedLoss>> plans = new HashMap<>();
    private float[] partial = new float[0];
    private StepKind last = StepKind.RECORDED;
    private SetCheck checked = new SetCheck();

    private boolean planned = true;
    private boolean detectsAnomalies;

    /** What a recording or a plan is for: the shapes of its samples, and whether the target is the input itself. */
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
     * @throws DomainException if the loss is not defined for a target or an output
     */
    public float of(Tensor input, Tensor target) {
        requirePairs("FullSetLoss", input, target);
        checked.forget();
        try {
            return (float) sumOverBlocks(input, target, false).orElseThrow();
        } catch (DomainException wrong) {
            throw wrong.during("FullSetLoss");
        }
    }

    /** Has all blocks searched for numbers that are NaN or infinite. */
    void detectAnomalies() {
        detectsAnomalies = true;
    }

    /** Takes over what is known of the data sets. */
    void relyOn(SetCheck known) {
        checked = known;
    }

    /** Has all blocks recorded or replayed. */
    void withoutPlan() {
        planned = false;
    }

    /** The mean loss, or nothing if this thread was interrupted meanwhile. */
    OptionalDouble unlessInterrupted(Tensor input, Tensor target) {
        return sumOverBlocks(input, target, true);
    }

    private OptionalDouble sumOverBlocks(Tensor input, Tensor target, boolean interruptible) {
        int n = input.shape().length(0);
        Key one = key(1, input, target);
        double sum = 0;
        for (int from = 0; from < n; ) {
            if (interruptible && Thread.currentThread().isInterrupted()) {
                return OptionalDouble.empty();
            }
            Optional<PlannedLoss> plan = mayPlan() ? plans.getOrDefault(one, Optional.empty()) : Optional.empty();
            int rows = Math.min(plan.isPresent() ? SPAN : BLOCK, n - from);
            if (plan.isPresent()) {
                double span = sumOverSpan(plan.get(), input, target, from, rows);
                if (Double.isNaN(span) && plan.get().mayLeaveDomain()) {
                    requireDomain(one, input, target, from, rows);
                }
                sum += span;
            } else {
                sum += sumOfBlock(one, input, target, from, rows);
            }
            from += rows;
        }
        return OptionalDouble.of(sum / n);
    }

    private boolean mayPlan() {
        return recordings.values().stream()
                .allMatch(recording -> recording.isPromised() && !recording.isForwardWatched());
    }

    /** On plain kernels, whose code is compiled sooner, until it is known that there is no plan. */
    private double sumOfBlock(Key one, Tensor input, Tensor target, int from, int rows) {
        Recording recording = recording(rows, input, target);
        boolean seeks =
                planned && !plans.containsKey(one) && Plan.isPossible(Engine.shared()) && recording.isPromised();
        recording.computeOn(seeks ? Engine.plain() : Engine.shared());
        float value;
        try {
            value = recording.lossOfRange(input, target, from);
        } catch (DomainException wrong) {
            throw SetCheck.placed(wrong, loss, target, rows, row -> from + row);
        }
        last = recording.isNew() ? StepKind.RECORDED : StepKind.REPLAYED;
        if (seeks) {
            plans.put(one, PlannedLoss.of(Engine.shared(), recording));
        }
        return (double) value * rows;
    }

    /** How the last block went through. */
    StepKind last() {
        return last;
    }

    /** Block by block from recordings, whose loss says which output is none that it is defined for. */
    private void requireDomain(Key one, Tensor input, Tensor target, int from, int rows) {
        for (int start = from; start < from + rows; start += BLOCK) {
            sumOfBlock(one, input, target, start, Math.min(BLOCK, from + rows - start));
        }
    }

    /** The same sums, several blocks at a time: threads then meet less often. */
    private double sumOverSpan(PlannedLoss plan, Tensor input, Tensor target, int from, int rows) {
        if (plan.isCrossEntropy()) {
            checked.requireProbabilities(target);
        }
        int perSample = plan.chunksPerSample();
        if (partial.length < rows * perSample) {
            partial = new float[rows * perSample];
        }
        plan.chunks(input, target, from, rows, partial);
        last = StepKind.PLANNED;
        double sum = 0;
        for (int start = 0; start < rows; start += BLOCK) {
            int some = Math.min(BLOCK, rows - start);
            double block = 0;
            for (int c = start * perSample; c < (start + some) * perSample; c++) {
                block += partial[c];
            }
            sum += (double) (float) (block / (some * plan.outputs())) * some;
        }
        return sum;
    }

    private Recording recording(int rows, Tensor input, Tensor target) {
        return recordings.computeIfAbsent(key(rows, input, target), this::recording);
    }

    private static Key key(int rows, Tensor input, Tensor target) {
        return new Key(samples(rows, input), samples(rows, target), input == target);
    }

    private Recording recording(Key key) {
        Recording recording = new Recording(Engine.shared(), net, loss, key.input, key.target, key.shared);
        if (detectsAnomalies) {
            recording.detectAnomalies();
        }
        return recording;
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

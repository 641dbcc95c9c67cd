package org.gradus.train;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import org.gradus.autograd.DomainException;
import org.gradus.autograd.Shape;
import org.gradus.autograd.ShapeException;
import org.gradus.autograd.Tensor;
import org.gradus.data.Samples;
import org.gradus.kernel.Engine;
import org.gradus.nn.Layer;
import org.gradus.nn.Loss;
import org.gradus.plan.EvaluationSteps;
import org.gradus.plan.KnownTargets;
import org.gradus.plan.Recording;

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
 * looks on, blocks are replayed from a recording instead; and where the library has a planned form of all operations and the SIMD
 * kernels are in use, as for {@link Trainer}, they are planned: the same bits sooner. {@link #steps()} tells.
 *
 * <p>An object keeps its memory for the next call. It serves one thread; others may ask for {@link #steps()}.
 */
public final class FullSetLoss {

    /** Samples that go through the network together. */
    static final int BLOCK = EvaluationSteps.BLOCK;

    private final Layer net;
    private final Loss loss;
    private final Map<Key, EvaluationSteps> steps = new HashMap<>();
    private Optional<Engine> engine = Optional.empty();
    private volatile Optional<EvaluationSteps> last = Optional.empty();
    private KnownTargets known = new KnownTargets();

    private boolean planned = true;
    private boolean detectsAnomalies;

    /** What is computed in the same way: the shapes of one sample, and whether the target is the input itself. */
    private record Key(Shape inputSample, Shape targetSample, boolean shared) {}

    /**
     * For one network and loss.
     *
     * @param net the network; its weights at the time of {@link #of} count
     * @param loss a mean over samples
     */
    public FullSetLoss(Layer net, Loss loss) {
        this.net = Objects.requireNonNull(net, "FullSetLoss: net is null");
        this.loss = Objects.requireNonNull(loss, "FullSetLoss: loss is null");
    }

    /**
     * Computes on another engine than {@link Engine#shared()}, from the next call of {@link #of} on: the same bits.
     *
     * @param other to be closed by whoever made it, when the last loss is computed
     * @return this
     */
    public FullSetLoss on(Engine other) {
        engine = Optional.of(Objects.requireNonNull(other, "FullSetLoss: engine is null"));
        steps.clear();
        return this;
    }

    /**
     * The mean loss.
     *
     * @param input [n, ...] n samples
     * @param target [n, ...] what the network should make of them; may be {@code input} itself
     * @return the loss with the present weights
     * @throws ShapeException if the numbers of samples differ, or the shapes do not fit network and loss, or that gives no scalar
     * @throws IllegalStateException if the loss gives something that was not computed from the network's output
     * @throws DomainException if the loss is not defined for a target or an output
     */
    public float of(Tensor input, Tensor target) {
        requirePairs("FullSetLoss", input, target);
        return of(Samples.of(input), Samples.of(target));
    }

    /**
     * The mean loss over samples that may lie anywhere.
     *
     * @param input n samples
     * @param target n samples, what the network should make of them; may be {@code input} itself, or equal to it
     * @return the loss with the present weights
     * @throws ShapeException if the numbers of samples differ, or the shapes do not fit network and loss, or that gives no scalar
     * @throws IllegalStateException if the loss gives something that was not computed from the network's output
     * @throws DomainException if the loss is not defined for a target or an output
     */
    public float of(Samples input, Samples target) {
        requirePairs("FullSetLoss", input, target);
        known.forget();
        try {
            return (float) sumOverBlocks(input, target, false).orElseThrow();
        } catch (DomainException wrong) {
            throw wrong.during("FullSetLoss");
        }
    }

    /**
     * How the last blocks went through the network, and why they were not planned if so. Any thread may ask, while {@link #of} runs,
     * too: it is told what the thread that computes has published.
     *
     * @return recorded, since there was no step yet, before the end of the first block; also where that failed
     */
    public StepReport steps() {
        return last.map(StepReport::of).orElse(StepReport.NONE);
    }

    /** Has all blocks searched for numbers that are NaN or infinite. */
    void detectAnomalies() {
        detectsAnomalies = true;
    }

    /** Takes over what is known of the targets. */
    void relyOn(KnownTargets targets) {
        known = targets;
    }

    /** Has all blocks recorded or replayed. */
    void withoutPlan() {
        planned = false;
    }

    /** The mean loss, or nothing if this thread was interrupted meanwhile. */
    OptionalDouble unlessInterrupted(Samples input, Samples target) {
        return sumOverBlocks(input, target, true);
    }

    private OptionalDouble sumOverBlocks(Samples input, Samples target, boolean interruptible) {
        int n = input.count();
        EvaluationSteps blocks = steps.computeIfAbsent(
                new Key(input.sampleShape(), target.sampleShape(), input.equals(target)), this::stepsOf);
        last = Optional.of(blocks);
        double sum = 0;
        for (int from = 0; from < n; from += blocks.done()) {
            if (interruptible && Thread.currentThread().isInterrupted()) {
                return OptionalDouble.empty();
            }
            sum += blocks.sum(input, target, from);
        }
        return OptionalDouble.of(sum / n);
    }

    private EvaluationSteps stepsOf(Key one) {
        Engine arithmetic = engine.orElseGet(Engine::shared);
        return new EvaluationSteps(
                arithmetic, rows -> recording(arithmetic, one, rows), planned && !detectsAnomalies, known);
    }

    private Recording recording(Engine arithmetic, Key one, int rows) {
        Recording recording = new Recording(
                arithmetic, net, loss, one.inputSample.batch(rows), one.targetSample.batch(rows), one.shared);
        if (detectsAnomalies) {
            recording.detectAnomalies();
        }
        return recording;
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

    static void requirePairs(String who, Samples input, Samples target) {
        requireSome(who, "input", input);
        requireSome(who, "target", target);
        if (input.count() != target.count()) {
            throw new ShapeException(who + ": input has " + input.count() + " samples " + input.sampleShape()
                    + " but target has " + target.count() + " samples " + target.sampleShape()
                    + "; give one target per sample");
        }
    }

    private static void requireSome(String who, String role, Samples set) {
        if (set.count() < 1) {
            throw new ShapeException(
                    who + ": " + role + " has a count of " + set.count() + "; give a source of at least one sample");
        }
        if (set.width() != set.sampleShape().size()) {
            throw new ShapeException(who + ": " + role + " says that a sample has " + set.width()
                    + " numbers, but samples " + set.sampleShape() + " have "
                    + set.sampleShape().size()
                    + "; leave width() to the interface");
        }
    }
}

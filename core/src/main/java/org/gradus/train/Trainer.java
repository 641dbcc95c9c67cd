package org.gradus.train;

import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.gradus.autograd.AnomalyException;
import org.gradus.autograd.DomainException;
import org.gradus.autograd.ShapeException;
import org.gradus.autograd.Tensor;
import org.gradus.data.Samples;
import org.gradus.kernel.Engine;
import org.gradus.nn.Layer;
import org.gradus.nn.Loss;
import org.gradus.optim.Optimizer;
import org.gradus.plan.KnownTargets;
import org.gradus.random.NumpyRandom;

/**
 * The training loop: stochastic gradient descent over shuffled batches, and the losses over both whole sets after each epoch.
 *
 * <pre>
 *   for each epoch
 *     order = permutation of all training samples            numpy.random.permutation
 *     for each batch of consecutive samples in that order    the last one may be shorter
 *       loss = L(net(x), y)                                  kept
 *       gradients to zero; backward; optimizer step
 *     row of the table = loss over the whole training set, loss over the whole test set    {@link FullSetLoss}
 * </pre>
 *
 * <p>Whatever a layer computes is what it would compute if {@code forward} were called for every batch. It is called for every
 * batch where anybody could tell the difference, in memory that is used again. Where network and loss {@linkplain
 * Layer#isRepeatable() promise} to do the same for every batch, as all of the library do, a batch is recorded once and replayed on
 * the numbers of the next; and where the library has a planned form of all its operations and the SIMD kernels are in use, the step is
 * planned: the same bits with less traffic. Then the loop creates no arrays after the first epoch but those of the growing history.
 *
 * <p>Planned forms have all layers of the library but {@link org.gradus.nn.PReLU} with a slope per column, {@link
 * org.gradus.nn.Residual} connections and sums of results, layers that stand in several places, all losses, and optimisers that are an
 * {@link org.gradus.optim.ElementwiseOptimizer}; nothing may be frozen. {@link #steps()} tells how steps were taken, and why.
 *
 * <p>Every trainable tensor that the loss depends on must be moved by the optimiser or {@linkplain Tensor#freeze() frozen}; see
 * {@link Optimizer#check}. Parameters may be frozen and unfrozen at any time, by a listener too.
 *
 * <p>Hooks may be attached and removed at any time, by a listener too: forward hooks of layers, gradient hooks of parameters, and
 * on tensors that a forward hook is given, gradient hooks, retained gradients and observers of the tape. While there are any,
 * every batch is recorded anew, with the same bits: a hook gets new tensors each time, which can be read until the next batch of
 * this size. Forward hooks also see the blocks of the evaluation, which comes between the {@code onBatch} of an epoch's last
 * batch and its {@code onEpoch}.
 *
 * <p>A run can be continued later, in another process too, from what {@link #afterEpoch} was given to keep: see {@link
 * org.gradus.io.Checkpoint}.
 *
 * <p>Training ends, with an exception that says where, at the first loss that is not finite; see {@link #keepGoing()}.
 *
 * <p>Interrupting the thread ends training between two batches. The interrupt status stays set, and the {@link History}
 * says so.
 *
 * <pre>{@code
 * History history = new Trainer(net, new BCELoss(), new Adam(net.parameters()), random)
 *         .epochs(10)
 *         .batchSize(64)
 *         .fit(train, test);
 * }</pre>
 */
public final class Trainer {

    private static final int DEFAULT_EPOCHS = 10;
    private static final int DEFAULT_BATCH_SIZE = 32;

    private final Layer net;
    private final Loss loss;
    private final Optimizer optimizer;
    private final NumpyRandom random;
    private int epochs = DEFAULT_EPOCHS;
    private int batchSize = DEFAULT_BATCH_SIZE;
    private TrainingListener listener = TrainingListener.NONE;
    private Optional<Consumer<History>> keeper = Optional.empty();
    private History earlier = History.EMPTY;
    private boolean planned = true;
    private boolean detectsAnomalies;
    private boolean keepsGoing;
    private Optional<Engine> engine = Optional.empty();
    private volatile Supplier<StepReport> report = () -> StepReport.NONE;

    /**
     * A loop of 10 epochs in batches of 32.
     *
     * @param net what is trained
     * @param loss what is minimised, a mean over samples
     * @param optimizer how, holding the parameters of {@code net} that are not frozen, or all of them
     * @param random the order of the samples: one permutation per epoch, nothing else is drawn
     */
    public Trainer(Layer net, Loss loss, Optimizer optimizer, NumpyRandom random) {
        this.net = Objects.requireNonNull(net, "Trainer: net is null");
        this.loss = Objects.requireNonNull(loss, "Trainer: loss is null");
        this.optimizer = Objects.requireNonNull(optimizer, "Trainer: optimizer is null");
        this.random = Objects.requireNonNull(random, "Trainer: random is null");
    }

    /**
     * Sets the number of passes over the training set.
     *
     * @param number 0 or more
     * @return this
     * @throws IllegalArgumentException if negative
     */
    public Trainer epochs(int number) {
        if (number < 0) {
            throw new IllegalArgumentException("Trainer: epochs is " + number + " but must be 0 or more");
        }
        epochs = number;
        return this;
    }

    /**
     * Sets the number of samples per step.
     *
     * @param samples 1 or more; more than there are makes one batch of all
     * @return this
     * @throws IllegalArgumentException if below 1
     */
    public Trainer batchSize(int samples) {
        if (samples < 1) {
            throw new IllegalArgumentException("Trainer: batch size is " + samples + " but must be 1 or more");
        }
        batchSize = samples;
        return this;
    }

    /**
     * Sets who is told about progress.
     *
     * @param watcher called on this thread
     * @return this
     */
    public Trainer listener(TrainingListener watcher) {
        listener = Objects.requireNonNull(watcher, "Trainer: listener is null");
        return this;
    }

    /**
     * Sets what happens at the end of every epoch, when network, optimiser and random stream stand where the next one begins: the
     * place for a checkpoint.
     *
     * @param action given everything recorded so far; called on this thread, after {@link TrainingListener#onEpoch}. What it
     *     throws ends training
     * @return this
     */
    public Trainer afterEpoch(Consumer<History> action) {
        keeper = Optional.of(Objects.requireNonNull(action, "Trainer: afterEpoch is null"));
        return this;
    }

    /**
     * Continues an earlier run: its epochs count towards {@link #epochs} and in the numbers given to the listener, and the
     * history of {@code fit} begins with its. Network, optimiser and random stream must stand where they stood at its end.
     *
     * @param history of the earlier run, on the same number of samples in batches of the same size
     * @return this
     */
    public Trainer continuing(History history) {
        earlier = Objects.requireNonNull(history, "Trainer: the history to be continued is null");
        return this;
    }

    /**
     * Trains and evaluates on another engine than {@link Engine#shared()}: the same bits. The optimiser computes on its own, which
     * matters where steps are not planned: give it the same, {@code new Adam(net.parameters()).on(engine)}.
     *
     * @param other to be closed by whoever made it, when {@code fit} has returned
     * @return this
     */
    public Trainer on(Engine other) {
        engine = Optional.of(Objects.requireNonNull(other, "Trainer: engine is null"));
        return this;
    }

    /**
     * Has every step recorded or replayed, and walked back, also where a plan would give the same bits sooner:
     * for a debugger, or to compare the two.
     *
     * @return this
     */
    public Trainer withoutPlan() {
        planned = false;
        return this;
    }

    /**
     * Has every number that is computed searched for NaN and infinity, in training and evaluation: see {@link
     * org.gradus.autograd.Tape#detectAnomalies()}. {@code fit} then ends with an {@link AnomalyException} that names epoch, batch,
     * layer and operation. Steps are recorded or replayed and not planned; losses keep their bits.
     *
     * @return this
     */
    public Trainer detectAnomalies() {
        detectsAnomalies = true;
        return this;
    }

    /**
     * Lets training go on whatever becomes of the numbers. Otherwise {@code fit} refuses data that are not finite, and ends with a {@link
     * NonFiniteException} at the first loss, of a batch or of an evaluation, that is NaN or infinite, before the optimiser moves by it,
     * and at the end of an epoch that leaves a parameter so.
     *
     * @return this
     */
    public Trainer keepGoing() {
        keepsGoing = true;
        return this;
    }

    /**
     * Trains a network to reproduce its input.
     *
     * @param train [n, ...] samples to learn from
     * @param test [m, ...] samples to judge by
     * @return losses and times
     * @throws ShapeException if the shapes do not fit the network or the loss
     * @throws IllegalStateException as for {@link #fit(Tensor, Tensor, Tensor, Tensor)}
     * @throws DomainException if a sample has a number that is not finite, see {@link #keepGoing()}, or the loss is not defined for
     *     a target or an output
     * @throws NonFiniteException if a loss or a parameter becomes NaN or infinite; see {@link #keepGoing()}
     */
    public History fit(Tensor train, Tensor test) {
        return fit(train, train, test, test);
    }

    /**
     * Trains a network to make targets of inputs. A call continues where the last one ended: with the present weights, the
     * optimiser's state and the random stream as they are.
     *
     * @param inputTrain [n, ...] samples to learn from
     * @param targetTrain [n, ...] what the network should make of them
     * @param inputTest [m, ...] samples to judge by
     * @param targetTest [m, ...] what the network should make of them
     * @return losses and times
     * @throws ShapeException if inputs and targets differ in number, or the shapes do not fit the network or the loss
     * @throws IllegalStateException if an earlier run is to be continued that was interrupted within an epoch, had another
     *     number of batches, or more epochs than this one is to have in all; or if the optimiser does not move what the loss
     *     depends on, see {@link Optimizer#check}, or the loss gives something that was not computed from the network's output
     * @throws DomainException if a sample has a number that is not finite, see {@link #keepGoing()}, or the loss is not defined for
     *     a target or an output
     * @throws NonFiniteException if a loss or a parameter becomes NaN or infinite; see {@link #keepGoing()}
     */
    public History fit(Tensor inputTrain, Tensor targetTrain, Tensor inputTest, Tensor targetTest) {
        report = () -> StepReport.NONE;
        FullSetLoss.requirePairs(DataSets.WHO + DataSets.TRAINING_SET, inputTrain, targetTrain);
        FullSetLoss.requirePairs(DataSets.WHO + DataSets.TEST_SET, inputTest, targetTest);
        return fit(Samples.of(inputTrain), Samples.of(targetTrain), Samples.of(inputTest), Samples.of(targetTest));
    }

    /**
     * Trains a network to reproduce its input, samples that may lie anywhere; see {@link #fit(Samples, Samples, Samples, Samples)}.
     *
     * @param train samples to learn from
     * @param test samples to judge by
     * @return losses and times
     * @throws ShapeException if the shapes do not fit the network or the loss
     * @throws IllegalStateException as for {@link #fit(Tensor, Tensor, Tensor, Tensor)}
     * @throws DomainException if a sample has a number that is not finite, see {@link #keepGoing()}, or the loss is not defined for
     *     a target or an output
     * @throws NonFiniteException if a loss or a parameter becomes NaN or infinite; see {@link #keepGoing()}
     */
    public History fit(Samples train, Samples test) {
        return fit(train, train, test, test);
    }

    /**
     * Trains a network to make targets of inputs that may lie anywhere: as bytes, in another order, or as a formula. They are read when
     * a batch needs them, and the bits are those of the same numbers in tensors. Where steps are planned, worker threads read.
     * For the rest this is {@link #fit(Tensor, Tensor, Tensor, Tensor)}.
     *
     * @param inputTrain samples to learn from
     * @param targetTrain as many: what the network should make of them; the same source as the input, or an equal one, where it is to
     *     reproduce that
     * @param inputTest samples to judge by
     * @param targetTest as many: what the network should make of them
     * @return losses and times
     * @throws ShapeException if inputs and targets differ in number, or the shapes do not fit the network or the loss
     * @throws IllegalStateException as for {@link #fit(Tensor, Tensor, Tensor, Tensor)}
     * @throws DomainException if a sample has a number that is not finite, see {@link #keepGoing()}, or the loss is not defined for
     *     a target or an output
     * @throws NonFiniteException if a loss or a parameter becomes NaN or infinite; see {@link #keepGoing()}
     */
    public History fit(Samples inputTrain, Samples targetTrain, Samples inputTest, Samples targetTest) {
        report = () -> StepReport.NONE;
        DataSets sets = new DataSets(inputTrain, targetTrain, inputTest, targetTest);
        KnownTargets known = sets.require(loss, !keepsGoing);
        TrainingRun run = new TrainingRun(settings(), sets, known);
        report = run::steps;
        try {
            return run.toEnd();
        } finally {
            StepReport kept = steps(); // and not the memory of the run
            report = () -> kept;
        }
    }

    private TrainingRun.Settings settings() {
        return new TrainingRun.Settings(
                net,
                loss,
                optimizer,
                random,
                engine.orElseGet(Engine::shared),
                epochs,
                batchSize,
                listener,
                keeper,
                earlier,
                planned && !detectsAnomalies,
                detectsAnomalies,
                keepsGoing);
    }

    /**
     * How steps on full batches were taken in the last call of {@code fit}, or are taken in the present one: planned, or else why not.
     * Any thread may ask, while {@code fit} runs, too: it is told of the last such step that came to its end, as the thread that
     * trains has published it, with the reason found when steps of this kind began.
     *
     * @return recorded, since there was no step yet, before the end of the first; also where that failed
     */
    public StepReport steps() {
        return report.get();
    }
}

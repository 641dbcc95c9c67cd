package org.gradus.optim;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.gradus.autograd.Tensor;
import org.gradus.kernel.Engine;
import org.gradus.kernel.Engine.Cost;
import org.gradus.kernel.Kernels;

/**
 * Stochastic gradient descent with optional momentum, {@code torch.optim.SGD} with dampening 0.
 *
 * <pre>
 *   d = g + weightDecay p
 *   v = momentum v + d                 v = 0 before the first step
 *   d = v,  or  d + momentum v         the second with nesterov
 *   p = p - learningRate d
 * </pre>
 *
 * <p>Source: Sutskever, Martens, Dahl, Hinton, "On the importance of initialization and momentum in deep learning",
 * ICML 2013, in PyTorch's form, where the learning rate multiplies v. {@link Kernels#sgdStep} gives the roundings.
 *
 * <pre>{@code
 * Optimizer optimizer = new SGD(model.parameters(), SGD.defaults().withLearningRate(0.1).withMomentum(0.9));
 * }</pre>
 */
public final class SGD implements ElementwiseOptimizer {

    private static final SgdOptions DEFAULTS = new SgdOptions(1e-3, 0, 0, false);
    private static final String MOMENTUM_BUFFER = "momentum_buffer";
    private static final float[] NO_VELOCITY = {};

    private final ParameterList parameters;
    private final float[][] velocity;
    private SgdOptions options;
    private Optional<Engine> engine = Optional.empty();
    private long steps;

    /**
     * Plain gradient descent.
     *
     * @param parameters what to optimise
     * @param learningRate length of a step
     * @throws IllegalArgumentException as for {@link #SGD(List, SgdOptions)}
     */
    public SGD(List<Tensor> parameters, double learningRate) {
        this(parameters, DEFAULTS.withLearningRate(learningRate));
    }

    /**
     * Gradient descent with options.
     *
     * @param parameters what to optimise
     * @param options change {@link #defaults()}
     * @throws IllegalArgumentException if there are no parameters, one is not trainable, two have the same numbers, or
     *     Nesterov's momentum is asked for without a momentum
     */
    public SGD(List<Tensor> parameters, SgdOptions options) {
        Objects.requireNonNull(options, "SGD: options is null");
        if (options.nesterov() && options.momentum() == 0) {
            throw new IllegalArgumentException("SGD: nesterov needs a momentum above 0; add withMomentum(0.9)");
        }
        this.parameters = new ParameterList("SGD", parameters);
        this.options = options;
        velocity = options.momentum() == 0 ? new float[0][] : this.parameters.zeros();
    }

    /**
     * PyTorch's defaults: learning rate 0.001, no momentum, no weight decay.
     *
     * @return options to be changed with their {@code with} methods
     */
    public static SgdOptions defaults() {
        return DEFAULTS;
    }

    /** {@return the options in force, with the present learning rate} */
    public SgdOptions options() {
        return options;
    }

    /**
     * Computes on another engine than {@link Engine#shared()}: the same bits. {@link #stepRange} takes its kernels from who calls it.
     *
     * @param other to be closed by whoever made it, after the last step
     * @return this
     */
    public SGD on(Engine other) {
        engine = Optional.of(Objects.requireNonNull(other, "SGD: engine is null"));
        return this;
    }

    @Override
    public void zeroGrad() {
        parameters.zeroGrad();
    }

    @Override
    public void step() {
        beginStep();
        Engine arithmetic = engine.orElseGet(Engine::shared);
        for (int i = 0; i < parameters.size(); i++) {
            if (parameters.isFrozen(i)) {
                continue;
            }
            int parameter = i;
            int n = parameters.get(i).grad().length; // made here if it never was, by one thread
            arithmetic.elements(n, Cost.CHEAP, (k, from, to) -> stepRange(k, parameter, from, to));
        }
    }

    @Override
    public void beginStep() {
        steps++;
    }

    @Override
    public void stepRange(Kernels kernels, int parameter, int from, int to) {
        Tensor p = parameters.get(parameter);
        kernels.sgdStep(
                from,
                to,
                (float) options.learningRate(),
                (float) options.momentum(),
                (float) options.weightDecay(),
                options.nesterov(),
                p.data(),
                p.grad(),
                velocity.length == 0 ? NO_VELOCITY : velocity[parameter]);
    }

    @Override
    public List<Tensor> parameters() {
        return parameters.tensors();
    }

    @Override
    public double learningRate() {
        return options.learningRate();
    }

    @Override
    public void learningRate(double learningRate) {
        options = options.withLearningRate(learningRate);
    }

    /** With momentum: {@code "i.momentum_buffer"}, the v of parameter i. */
    @Override
    public OptimizerState state() {
        Map<String, Tensor> copies = new LinkedHashMap<>();
        live().forEach((name, value) -> copies.put(name, value.copy()));
        return new OptimizerState(steps, options.learningRate(), copies);
    }

    @Override
    public void restore(OptimizerState state) {
        SgdOptions restored = options.withLearningRate(state.learningRate());
        parameters.load(live(), state);
        options = restored;
        steps = state.steps();
    }

    private Map<String, Tensor> live() {
        Map<String, Tensor> named = new LinkedHashMap<>();
        parameters.name(MOMENTUM_BUFFER, velocity, named);
        return named;
    }

    /** The options. */
    @Override
    public String toString() {
        return "SGD(lr=" + options.learningRate() + ", momentum=" + options.momentum() + ", weight_decay="
                + options.weightDecay() + ", nesterov=" + options.nesterov() + ")";
    }
}

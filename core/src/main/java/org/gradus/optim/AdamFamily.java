package org.gradus.optim;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.gradus.autograd.Tensor;
import org.gradus.kernel.AdamCoefficients;
import org.gradus.kernel.Engine;
import org.gradus.kernel.Engine.Cost;
import org.gradus.kernel.Kernels;

/**
 * What {@link Adam} and {@link AdamW} have in common: the two running means, and the step that uses them.
 *
 * <p>{@link #state()} has {@code "i.exp_avg"} and {@code "i.exp_avg_sq"}: the m and v of parameter i. Where it was frozen for a while,
 * also {@code "i.steps"}: its own t, as {@code t / 2^24} and {@code t % 2^24}.
 */
abstract class AdamFamily implements ElementwiseOptimizer {

    private static final String FIRST = "exp_avg";
    private static final String SECOND = "exp_avg_sq";
    private static final String OWN_STEPS = ".steps";
    private static final int DIGITS = 24;

    private final String name;
    private final ParameterList parameters;
    private final boolean decoupled;
    private final float[][] m;
    private final float[][] v;
    private AdamOptions options;
    private Optional<Engine> engine = Optional.empty();
    private final Time[] times;
    private long steps;

    /** The steps that one parameter has made, which are fewer than all where it was frozen for a while. */
    private static final class Time {
        private final AdamCoefficients coefficients;
        private long steps;
        private double beta1Power = 1;
        private double beta2Power = 1;

        Time(AdamCoefficients coefficients) {
            this.coefficients = coefficients;
        }
    }

    /**
     * Adam or AdamW.
     *
     * @param decoupled whether weight decay shrinks the parameter (AdamW) or is added to its gradient (Adam)
     */
    AdamFamily(String name, List<Tensor> parameters, AdamOptions options, boolean decoupled) {
        this.name = name;
        this.parameters = new ParameterList(name, parameters);
        this.options = Objects.requireNonNull(options, () -> name + ": options is null");
        this.decoupled = decoupled;
        times = new Time[this.parameters.size()];
        for (int i = 0; i < times.length; i++) {
            times[i] = new Time(new AdamCoefficients(
                    options.beta1(), options.beta2(), options.epsilon(), decoupled ? 0 : options.weightDecay()));
        }
        m = this.parameters.zeros();
        v = this.parameters.zeros();
    }

    @Override
    public final List<Tensor> parameters() {
        return parameters.tensors();
    }

    /** {@return the options in force, with the present learning rate} */
    public final AdamOptions options() {
        return options;
    }

    @Override
    public final double learningRate() {
        return options.learningRate();
    }

    @Override
    public final void zeroGrad() {
        parameters.zeroGrad();
    }

    @Override
    public final void learningRate(double learningRate) {
        options = options.withLearningRate(learningRate);
    }

    /** Has {@link #step} compute on another engine. */
    final void computeOn(Engine other) {
        engine = Optional.of(Objects.requireNonNull(other, () -> name + ": engine is null"));
    }

    @Override
    public final void step() {
        beginStep();
        Engine arithmetic = engine.orElseGet(Engine::shared);
        for (int i = 0; i < parameters.size(); i++) {
            if (parameters.isFrozen(i)) {
                continue;
            }
            int parameter = i;
            int n = parameters.get(i).grad().length; // made here if it never was, by one thread
            arithmetic.elements(n, Cost.EXPENSIVE, (k, from, to) -> stepRange(k, parameter, from, to));
        }
    }

    @Override
    public final void stepRange(Kernels kernels, int parameter, int from, int to) {
        Tensor p = parameters.get(parameter);
        kernels.adamStep(from, to, times[parameter].coefficients, p.data(), p.grad(), m[parameter], v[parameter]);
    }

    @Override
    public final void beginStep() {
        steps++;
        for (int i = 0; i < times.length; i++) {
            if (!parameters.isFrozen(i)) {
                begin(times[i]);
            }
        }
    }

    private void begin(Time time) {
        time.steps++;
        // Products of doubles, the same on every platform; Math.pow need not be.
        time.beta1Power *= options.beta1();
        time.beta2Power *= options.beta2();
        double learningRate = options.learningRate();
        double shrink = decoupled ? 1 - learningRate * options.weightDecay() : 1;
        time.coefficients.step(learningRate / (1 - time.beta1Power), Math.sqrt(1 - time.beta2Power), shrink);
    }

    @Override
    public final OptimizerState state() {
        Map<String, Tensor> copies = new LinkedHashMap<>();
        live().forEach((key, value) -> copies.put(key, value.copy()));
        for (int i = 0; i < times.length; i++) {
            if (times[i].steps != steps) {
                copies.put(i + OWN_STEPS, written(times[i].steps).named(i + OWN_STEPS));
            }
        }
        return new OptimizerState(steps, options.learningRate(), copies);
    }

    @Override
    public final void restore(OptimizerState state) {
        AdamOptions restored = options.withLearningRate(state.learningRate());
        long[] own = new long[times.length];
        Map<String, Tensor> expected = live();
        for (int i = 0; i < own.length; i++) {
            Tensor counted = state.values().get(i + OWN_STEPS);
            own[i] = counted == null ? state.steps() : read(i + OWN_STEPS, counted, state.steps());
            if (counted != null) {
                expected.put(i + OWN_STEPS, Tensor.zeros(2));
            }
        }
        parameters.load(expected, state);
        options = restored;
        steps = state.steps();
        for (int i = 0; i < own.length; i++) {
            times[i].steps = own[i];
            times[i].beta1Power = product(options.beta1(), own[i]);
            times[i].beta2Power = product(options.beta2(), own[i]);
        }
    }

    /** A float counts to 2^24 only. */
    private static Tensor written(long count) {
        return Tensor.vector((float) (count >> DIGITS), (float) (count & (1 << DIGITS) - 1));
    }

    private long read(String key, Tensor value, long most) {
        long count = value.size() == 2 ? ((long) value.data()[0] << DIGITS) + (long) value.data()[1] : -1;
        if (count < 0 || count > most || !Arrays.equals(written(count).data(), value.data())) {
            throw new IllegalArgumentException(
                    "state dict does not fit " + name + " and nothing was loaded; '" + key + "' " + value.shape()
                            + " must be a number of steps from 0 to " + most + ", written as n / 2^24 and n % 2^24");
        }
        return count;
    }

    /**
     * The same multiplications as in {@code steps} steps, so the same bits. Once a product is rounded to what it was, nothing
     * changes any more: for a beta above 1/2 at one of the smallest numbers, else at 0.
     */
    private static double product(double beta, long steps) {
        double power = 1;
        for (long s = 0; s < steps; s++) {
            double next = power * beta;
            if (next == power) {
                break;
            }
            power = next;
        }
        return power;
    }

    private Map<String, Tensor> live() {
        Map<String, Tensor> named = new LinkedHashMap<>();
        parameters.name(FIRST, m, named);
        parameters.name(SECOND, v, named);
        return named;
    }

    /** The options. */
    @Override
    public final String toString() {
        return name + "(lr=" + options.learningRate() + ", betas=(" + options.beta1() + ", " + options.beta2()
                + "), eps=" + options.epsilon() + ", weight_decay=" + options.weightDecay() + ")";
    }
}

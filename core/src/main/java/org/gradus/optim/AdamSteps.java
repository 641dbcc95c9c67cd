package org.gradus.optim;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.gradus.autograd.Tensor;
import org.gradus.kernel.AdamCoefficients;
import org.gradus.kernel.Engine;
import org.gradus.kernel.Kernels;

/** What Adam and AdamW have in common: the two running means, and the step that uses them. */
final class AdamSteps {

    private static final String FIRST = "exp_avg";
    private static final String SECOND = "exp_avg_sq";

    private final String name;
    private final ParameterList parameters;
    private final boolean decoupled;
    private final AdamCoefficients coefficients;
    private final float[][] m;
    private final float[][] v;
    private AdamOptions options;
    private long steps;
    private double beta1Power = 1;
    private double beta2Power = 1;

    /**
     * Adam or AdamW.
     *
     * @param decoupled whether weight decay shrinks the parameter (AdamW) or is added to its gradient (Adam)
     */
    AdamSteps(String name, List<Tensor> parameters, AdamOptions options, boolean decoupled) {
        this.name = name;
        this.parameters = new ParameterList(name, parameters);
        this.options = options;
        this.decoupled = decoupled;
        coefficients = new AdamCoefficients(
                options.beta1(), options.beta2(), options.epsilon(), decoupled ? 0 : options.weightDecay());
        m = this.parameters.zeros();
        v = this.parameters.zeros();
    }

    List<Tensor> parameters() {
        return parameters.tensors();
    }

    AdamOptions options() {
        return options;
    }

    void zeroGrad() {
        parameters.zeroGrad();
    }

    void learningRate(double learningRate) {
        options = options.withLearningRate(learningRate);
    }

    void step() {
        beginStep();
        for (int i = 0; i < parameters.size(); i++) {
            Tensor p = parameters.get(i);
            Engine.shared().adamStep(p.size(), coefficients, p.data(), p.grad(), m[i], v[i]);
        }
    }

    void stepRange(Kernels kernels, int parameter, int from, int to) {
        Tensor p = parameters.get(parameter);
        kernels.adamStep(from, to, coefficients, p.data(), p.grad(), m[parameter], v[parameter]);
    }

    void beginStep() {
        steps++;
        // Products of doubles, the same on every platform; Math.pow need not be.
        beta1Power *= options.beta1();
        beta2Power *= options.beta2();
        double learningRate = options.learningRate();
        double shrink = decoupled ? 1 - learningRate * options.weightDecay() : 1;
        coefficients.step(learningRate / (1 - beta1Power), Math.sqrt(1 - beta2Power), shrink);
    }

    OptimizerState state() {
        Map<String, Tensor> copies = new LinkedHashMap<>();
        live().forEach((key, value) -> copies.put(key, value.copy()));
        return new OptimizerState(steps, options.learningRate(), copies);
    }

    void restore(OptimizerState state) {
        AdamOptions restored = options.withLearningRate(state.learningRate());
        parameters.load(live(), state);
        options = restored;
        steps = state.steps();
        beta1Power = product(options.beta1(), steps);
        beta2Power = product(options.beta2(), steps);
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

    @Override
    public String toString() {
        return name + "(lr=" + options.learningRate() + ", betas=(" + options.beta1() + ", " + options.beta2()
                + "), eps=" + options.epsilon() + ", weight_decay=" + options.weightDecay() + ")";
    }
}

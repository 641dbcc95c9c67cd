package org.gradus.pages.explain;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.gradus.autograd.Tape;
import org.gradus.autograd.Tensor;
import org.gradus.inspect.Trace;
import org.gradus.nn.Loss;
import org.gradus.nn.Sequential;
import org.gradus.optim.Adam;
import org.gradus.optim.AdamOptions;

/**
 * One step of Adam on one image, kept with all its numbers: forward, backward, update.
 *
 * <pre>{@code
 * Explanation step = Explanation.of(model, new BCELoss(), image, 1);
 * }</pre>
 */
public final class Explanation {

    /** The first walks of a JVM show the interpreter's times; operations that are not compiled by then still do. */
    private static final long WARM_UP_NANOS = 500_000_000;

    private final Trace trace;
    private final List<Operation> operations;
    private final List<Parameter> parameters;
    private final AdamOptions options;
    private final long step;
    private final float lossAfter;
    private final float[] outputAfter;

    private Explanation(
            Trace trace,
            List<Operation> operations,
            List<Parameter> parameters,
            AdamOptions options,
            long step,
            float lossAfter,
            float[] outputAfter) {
        this.trace = trace;
        this.operations = operations;
        this.parameters = parameters;
        this.options = options;
        this.step = step;
        this.lossAfter = lossAfter;
        this.outputAfter = outputAfter;
    }

    /**
     * Takes the first steps on an image and keeps the last of them. The network is then as it is after that step.
     *
     * @param model an autoencoder, each of whose layers records one operation
     * @param loss of the output and the image
     * @param image [1,pixels]
     * @param step how many steps to take, at least 1
     * @return the numbers of the last one
     * @throws IllegalArgumentException if one of them is infinite or not a number, so that there is nothing to explain
     */
    public static Explanation of(Sequential model, Loss loss, Tensor image, long step) {
        Adam adam = new Adam(model.parameters());
        Tape tape = Tape.reusing();
        for (long s = 1; s < step; s++) {
            walk(tape, model, loss, image, adam);
            adam.step();
        }
        warmUp(() -> walk(tape, model, loss, image, adam));
        Trace.Stopwatch stopwatch = Trace.time(tape);
        Trace trace = Trace.of(walk(tape, model, loss, image, adam), stopwatch);
        List<Operation> operations = operations(tape.steps(), model, loss);
        Map<String, Tensor> before = copies(model);
        Map<String, Tensor> memoryBefore = adam.state().values();
        adam.step();
        Map<String, Tensor> memory = adam.state().values();

        List<Parameter> parameters = new ArrayList<>();
        model.namedParameters().forEach((name, live) -> {
            String mean = parameters.size() + ".exp_avg";
            String square = parameters.size() + ".exp_avg_sq";
            parameters.add(new Parameter(
                    name,
                    live.shape(),
                    data(before, name),
                    live.grad().clone(),
                    data(memoryBefore, mean),
                    data(memoryBefore, square),
                    data(memory, mean),
                    data(memory, square),
                    live.data().clone()));
        });
        Tensor output = model.forward(image);
        Explanation explanation = new Explanation(
                trace,
                operations,
                parameters,
                adam.options(),
                step,
                loss.of(output, image).item(),
                output.data().clone());
        explanation.requireFinite();
        return explanation;
    }

    /** A walk changes no parameter, so that it can be repeated. */
    private static void warmUp(Runnable walk) {
        long start = System.nanoTime();
        while (System.nanoTime() - start < WARM_UP_NANOS) {
            walk.run();
        }
    }

    private static Tensor walk(Tape tape, Sequential model, Loss loss, Tensor image, Adam adam) {
        tape.begin();
        Tensor x = tape.input(image);
        Tensor value = loss.of(model.forward(x), x);
        adam.zeroGrad();
        value.backward();
        return value;
    }

    private static List<Operation> operations(List<Tape.Step> recorded, Sequential model, Loss loss) {
        if (recorded.size() != model.size() + 1) {
            throw new IllegalArgumentException("explain: " + model.size() + " layers and a loss recorded "
                    + recorded.size() + " operations; each layer must be one operation");
        }
        List<Operation> operations = new ArrayList<>();
        for (int k = 0; k < recorded.size(); k++) {
            Tape.Step step = recorded.get(k);
            Tensor x = step.in().get(0);
            operations.add(new Operation(
                    step.op(),
                    k < model.size() ? model.get(k).toString() : loss.toString(),
                    x.data().clone(),
                    x.requiresGrad() ? x.grad().clone() : new float[0],
                    step.out().data().clone(),
                    step.out().grad().clone()));
        }
        return operations;
    }

    private static Map<String, Tensor> copies(Sequential model) {
        Map<String, Tensor> copies = new LinkedHashMap<>();
        model.namedParameters().forEach((name, live) -> copies.put(name, live.copy()));
        return copies;
    }

    private static float[] data(Map<String, Tensor> named, String name) {
        Tensor found = named.get(name);
        if (found == null) {
            throw new AssertionError("no " + name + " among " + named.keySet());
        }
        return found.data();
    }

    private void requireFinite() {
        for (Operation operation : operations) {
            String name = operation.op().name();
            requireFinite("output of " + name, operation.y());
            requireFinite("gradient of the output of " + name, operation.gy());
        }
        for (Parameter parameter : parameters) {
            requireFinite("gradient of " + parameter.name(), parameter.grad());
            requireFinite("new value of " + parameter.name(), parameter.after());
        }
        requireFinite("loss after the step", lossAfter);
    }

    private void requireFinite(String what, float... values) {
        for (float value : values) {
            if (!Float.isFinite(value)) {
                throw new IllegalArgumentException("explain: the " + what + " has the number " + value + " in step "
                        + step + "; nothing can be explained with it, take smaller weights or an earlier step");
            }
        }
    }

    /**
     * The step as the tape recorded it.
     *
     * @return with times and gradients
     */
    public Trace trace() {
        return trace;
    }

    /** In the order they were recorded; the loss is the last. */
    List<Operation> operations() {
        return operations;
    }

    /** The network's output and the target as the loss saw them, and what it made of them. */
    Operation lossOperation() {
        return operations.get(operations.size() - 1);
    }

    /** In the order of the state dict. */
    List<Parameter> parameters() {
        return parameters;
    }

    /** The parameters of a layer, in the order of the state dict. */
    List<Parameter> parametersOf(int layer) {
        return parameters.stream()
                .filter(parameter -> parameter.name().startsWith(layer + "."))
                .toList();
    }

    /** The parameter of a layer, by its name there. */
    Parameter parameter(int layer, String name) {
        return parameters.stream()
                .filter(parameter -> parameter.name().equals(layer + "." + name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("layer " + layer + " has no " + name));
    }

    float[] image() {
        return operations.get(0).x();
    }

    AdamOptions options() {
        return options;
    }

    /** Which step on this image it is, from 1. */
    long step() {
        return step;
    }

    /**
     * The loss that the step starts from.
     *
     * @return of the image through the network as it was
     */
    public float lossBefore() {
        return lossOperation().y()[0];
    }

    /**
     * The loss that the step leaves.
     *
     * @return of the same image through the changed network
     */
    public float lossAfter() {
        return lossAfter;
    }

    /** What the changed network gives for the image. */
    float[] outputAfter() {
        return outputAfter;
    }
}

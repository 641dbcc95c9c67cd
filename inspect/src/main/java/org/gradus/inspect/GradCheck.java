package org.gradus.inspect;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.gradus.autograd.Op;
import org.gradus.autograd.Printable;
import org.gradus.autograd.Shape;
import org.gradus.autograd.Tape;
import org.gradus.autograd.Tensor;
import org.gradus.inspect.SecondRun.Line;
import org.gradus.inspect.SecondRun.Value;
import org.gradus.nn.Layer;
import org.gradus.nn.Loss;
import org.gradus.random.TorchRandom;

/**
 * Compares the gradients of a recorded loss with differences of the loss itself, as {@code torch.autograd.gradcheck} does.
 *
 * <pre>{@code
 * Tensor loss = new BCELoss().of(model.forward(x), x);
 * loss.backward();
 * System.out.println(GradCheck.of(loss));        // a table, one row per parameter
 * GradCheck.of(loss).requirePassed();            // in a test
 * }</pre>
 *
 * <p><b>What is compared.</b> The recording is replayed in double by {@link Op#textbook}, with one element of an input or
 * parameter moved up and down; the central difference of the loss, extrapolated from two spacings, is set beside {@link
 * Tensor#grad()}. Nothing of the operations' own calculus enters. So that the replay is differentiated at the numbers that
 * backpropagation used, each step keeps, as a constant, what float arithmetic had missed its formula by; {@link
 * #largestResidue()} tells how much that is, and a step that misses its formula by more than rounding can is a failure.
 *
 * <p><b>The bound.</b> Float gradients are not exact, and a fixed tolerance is too strict for some and hides errors in others. Here
 * the bound of each element is computed by running error analysis to first order, step by step along the walk back:
 *
 * <pre>
 *   |grad_i - exact_i| &lt;= min(r, 8 sqrt(r)) u T_i + sqrt(sum_j (dy_j/dx_i)^2 e_j^2)          u = 2^-24
 *   T_i   sum of the absolute values of all terms that are added up for element i
 *   r     how often they are rounded: the length of the sum, and what is counted for each term of an operation
 *   e_j   the same bound for the upstream gradient, 0 for the loss itself
 * </pre>
 *
 * <p>Errors of different elements are taken as independent, and so are the roundings of a long sum; {@link
 * Rounding} gives the source and how likely an exception is. Errors of one step and of those behind it, and
 * of several uses of one tensor, add in full. The bound grows with depth and fan-in as the errors themselves do. The uncertainty of the
 * difference is added; of a formula in double it is a small part. A {@link org.gradus.autograd.CustomOp} that gives no formula in
 * double is differenced in float, which leaves three digits, not six. One may be {@link Bounded} and count its own roundings; else
 * they are estimated from {@code backward}: its largest results for upstream gradients of several signs, with a count that allows for
 * every output in every sum.
 *
 * <p><b>Kinks.</b> Where the differences to the left and to the right disagree at every spacing, as for {@code relu} at 0, there
 * is no derivative, and the gradient is a convention. Such elements are counted and named, not judged.
 *
 * <p>It is also checked that every {@code backward} adds to what is there: a second call must add the same again.
 */
public final class GradCheck {

    /** Elements checked of each input, unless it has fewer: {@value}. */
    public static final int ELEMENTS = 64;

    /** Seed of the sample where an input has more elements: {@value}. */
    public static final long SEED = 0;

    private static final int KINKS_SHOWN = 4;

    /**
     * What was found for one input or parameter. The numbers are those of the worst element: the one that uses most of its
     * bound.
     *
     * @param name its name; a parameter's full name where a model was given
     * @param shape its shape
     * @param usedBy the first step that uses it, and as what: {@code step 1 (affine), W}
     * @param checked how many elements were compared
     * @param kinks which elements have no derivative, as indices
     * @param worst index of the worst element, empty if none was compared
     * @param analytical its element of the gradient
     * @param numerical the difference of the loss
     * @param bound how far apart the two may be
     * @param passed whether all elements are within their bounds
     */
    public record Row(
            String name,
            Shape shape,
            String usedBy,
            int checked,
            List<String> kinks,
            String worst,
            double analytical,
            double numerical,
            double bound,
            boolean passed) {

        /** {@return how far apart the two are: the absolute difference} */
        public double difference() {
            return Math.abs(analytical - numerical);
        }
    }

    private final List<Row> rows;
    private final List<String> faults;
    private final double largestResidue;

    private GradCheck(List<Row> rows, List<String> faults, double largestResidue) {
        this.rows = List.copyOf(rows);
        this.faults = List.copyOf(faults);
        this.largestResidue = largestResidue;
    }

    // ---- checking -------------------------------------------------------------------------------------------------

    /**
     * Checks the gradients that {@code loss.backward()} has left: those of every input and parameter that requires one. Elements,
     * at most {@value #ELEMENTS} of each, are sampled with seed {@value #SEED}.
     *
     * @param loss a single number, recorded in the present step of its tape and walked back
     * @return what was found; nothing that was recorded has changed
     * @throws IllegalStateException if the loss was not recorded or depends on nothing that requires a gradient, if {@code
     *     backward()} was not called, if the gradients are those of several walks, or if parameters have changed since
     * @throws org.gradus.autograd.ShapeException if the loss is not a single number
     */
    public static GradCheck of(Tensor loss) {
        return of(loss, ELEMENTS, SEED);
    }

    /**
     * As {@link #of(Tensor)}, with another sample.
     *
     * @param loss a single number, walked back
     * @param elements how many elements of each input to check at most
     * @param seed of the sample where there are more
     * @return what was found
     * @throws IllegalArgumentException if elements is below 1
     */
    public static GradCheck of(Tensor loss, int elements, long seed) {
        return of(loss, new IdentityHashMap<>(), elements, seed);
    }

    /**
     * Records the loss of a model for a batch, walks back, and checks every parameter, and the batch if it requires a gradient.
     * The gradients of the parameters are left as they were.
     *
     * @param model the network
     * @param loss what is to be made small
     * @param input a batch
     * @param target what the model should make of it; may be the batch itself
     * @return what was found
     * @throws IllegalStateException if nothing requires a gradient
     * @throws org.gradus.autograd.ShapeException if shapes do not fit
     */
    public static GradCheck of(Layer model, Loss loss, Tensor input, Tensor target) {
        return of(model, loss, input, target, ELEMENTS, SEED);
    }

    /**
     * As {@link #of(Layer, Loss, Tensor, Tensor)}, with another sample.
     *
     * @param model the network
     * @param loss what is to be made small
     * @param input a batch
     * @param target what the model should make of it; may be the batch itself
     * @param elements how many elements of each parameter to check at most
     * @param seed of the sample where there are more
     * @return what was found
     */
    @SuppressWarnings("ReferenceEquality") // a target that is the input itself, not an equal one
    public static GradCheck of(Layer model, Loss loss, Tensor input, Tensor target, int elements, long seed) {
        Map<String, Tensor> named = new LinkedHashMap<>(model.namedParameters());
        if (input.requiresGrad()) {
            named.put("input", input);
        }
        if (target.requiresGrad() && target != input) {
            named.put("target", target);
        }
        IdentityHashMap<float[], float[]> before = new IdentityHashMap<>();
        IdentityHashMap<float[], String> names = new IdentityHashMap<>();
        named.forEach((name, tensor) -> {
            if (tensor.requiresGrad()) {
                before.put(tensor.grad(), tensor.grad().clone());
                names.putIfAbsent(tensor.grad(), name);
                tensor.zeroGrad();
            }
        });
        try {
            Tape tape = Tape.fresh();
            Tensor x = tape.input(input);
            Tensor y = target == input ? x : tape.input(target);
            Tensor value = loss.of(model.forward(x), y);
            requireSomethingToCheck(value);
            value.backward();
            return of(value, names, elements, seed);
        } finally {
            before.forEach((gradient, kept) -> System.arraycopy(kept, 0, gradient, 0, kept.length));
        }
    }

    /**
     * Checks a function of tensors. Where its result is not a single number, a sum of its elements with weights between 0.5 and
     * 1.5 is taken as loss.
     *
     * @param function from inputs on a tape to a result
     * @param inputs its inputs, of no tape; those that require a gradient are checked. They are copied, so their own gradients
     *     do not change
     * @return what was found
     * @throws IllegalStateException if no input requires a gradient, or the result does not depend on one
     */
    public static GradCheck of(Function<Tensor[], Tensor> function, Tensor... inputs) {
        Tape tape = Tape.fresh();
        Tensor[] copies = new Tensor[inputs.length];
        for (int i = 0; i < inputs.length; i++) {
            Tensor copy = inputs[i].copy();
            if (copy.name().isEmpty()) {
                copy.named("input " + i);
            }
            copies[i] = tape.input(inputs[i].requiresGrad() ? copy.trainable() : copy);
        }
        Tensor y = function.apply(copies);
        Tensor loss = y;
        if (y.size() > 1) {
            float[] weights = new float[y.size()];
            new TorchRandom(SEED).uniform(weights, 0.5, 1.5);
            loss = y.mul(Tensor.of(y.shape(), weights)).sum();
        }
        requireSomethingToCheck(loss);
        loss.backward();
        return of(loss);
    }

    /**
     * Checks one operation; see {@link #of(Function, Tensor...)}.
     *
     * @param op the operation
     * @param inputs its inputs; those that require a gradient are checked
     * @return what was found
     * @throws IllegalStateException if no input requires a gradient
     */
    public static GradCheck of(Op op, Tensor... inputs) {
        return of(in -> Tensor.apply(op, in), inputs);
    }

    private static void requireSomethingToCheck(Tensor loss) {
        if (loss.tape().isEmpty()) {
            throw new IllegalStateException("GradCheck: '" + Printable.text(loss.name())
                    + "' was not recorded; begin with tape.input(...) so that operations go on the tape");
        }
        if (!loss.requiresGrad()) {
            throw new IllegalStateException("GradCheck: nothing that '" + Printable.text(loss.name())
                    + "' was computed from requires a gradient; call trainable() on the tensors to be checked");
        }
    }

    private static GradCheck of(Tensor loss, IdentityHashMap<float[], String> names, int elements, long seed) {
        if (elements < 1) {
            throw new IllegalArgumentException(
                    "GradCheck: " + elements + " elements of each input to check: at least 1 is needed");
        }
        requireSomethingToCheck(loss);
        SecondRun run = new SecondRun(loss);
        run.requireItsGradients();
        Replay replay = new Replay(run);
        List<String> faults = new ArrayList<>(replay.otherFunctions());
        List<Row> rows = new ArrayList<>();
        for (Value value : run.values()) {
            if (value.isChecked()) {
                String name = names.getOrDefault(value.tensor.grad(), run.name(value));
                rows.add(row(replay, value, name, usedBy(run, value), sample(value.tensor.size(), elements, seed)));
            }
        }
        faults.addAll(run.notAdding(replay));
        return new GradCheck(rows, faults, replay.largestResidue());
    }

    private static String usedBy(SecondRun run, Value value) {
        for (Line line : run.lines()) {
            if (line.in().contains(value)) {
                return line + ", " + line.role(value);
            }
        }
        throw new AssertionError("a value that no step uses");
    }

    private static int[] sample(int size, int elements, long seed) {
        if (size <= elements) {
            int[] all = new int[size];
            Arrays.setAll(all, i -> i);
            return all;
        }
        int[] some = Arrays.copyOf(new TorchRandom(seed).randperm(size), elements);
        Arrays.sort(some);
        return some;
    }

    private static Row row(Replay replay, Value leaf, String name, String usedBy, int[] sample) {
        Shape shape = leaf.tensor.shape();
        List<String> kinks = new ArrayList<>();
        Row worst = new Row(name, shape, usedBy, 0, kinks, "", 0, 0, 0, true);
        double most = -1;
        boolean passed = true;
        for (int element : sample) {
            Difference difference = Difference.of(replay, leaf, element);
            double analytical = leaf.gradient[element];
            double rounding = replay.bound(leaf, element);
            // NaN is no convention, and beside a bound of NaN everything looks like a kink.
            if (difference.kink() && Double.isFinite(analytical) && !Double.isNaN(rounding)) {
                kinks.add(Index.of(shape, element));
                continue;
            }
            double bound = rounding + difference.uncertainty();
            double apart = Math.abs(analytical - difference.value());
            boolean within = apart <= bound && bound < Double.POSITIVE_INFINITY;
            double used = within ? apart / bound : Math.max(Math.nextUp(1.0), apart / bound);
            if (used > most || Double.isNaN(used)) {
                most = used;
                worst = new Row(
                        name,
                        shape,
                        usedBy,
                        0,
                        kinks,
                        Index.of(shape, element),
                        analytical,
                        difference.value(),
                        bound,
                        within);
            }
            passed &= within;
        }
        return new Row(
                name,
                shape,
                usedBy,
                sample.length - kinks.size(),
                List.copyOf(kinks),
                worst.worst,
                worst.analytical,
                worst.numerical,
                worst.bound,
                passed);
    }

    // ---- reading --------------------------------------------------------------------------------------------------

    /**
     * {@return what was found, in the order in which the recording first uses the inputs: one row for every input and
     * parameter that requires a gradient}
     */
    public List<Row> rows() {
        return rows;
    }

    /**
     * What is wrong with an operation itself: its forward pass is not its textbook formula, or its {@code backward} does not add.
     *
     * @return a sentence each, naming step and element; empty if all is well
     */
    public List<String> faults() {
        return faults;
    }

    /**
     * {@return how far a recorded value is from its textbook formula, at most: the largest absolute difference over all
     * steps}
     */
    public double largestResidue() {
        return largestResidue;
    }

    /** {@return whether every gradient that was compared is right, and no operation is at fault} */
    public boolean passed() {
        return faults.isEmpty() && rows.stream().allMatch(Row::passed);
    }

    /**
     * For tests: the check must have passed.
     *
     * @return this
     * @throws AssertionError naming the worst element, or the operation at fault
     */
    public GradCheck requirePassed() {
        for (Row row : rows) {
            if (!row.passed) {
                throw new AssertionError(String.format(
                        Locale.ROOT,
                        "GradCheck: the gradient of %s is wrong: at %s it is %.9g, but the loss changes by %.9g per unit; "
                                + "rounding explains a difference of %.3g, not of %.3g%n%n%s",
                        title(row),
                        row.worst,
                        row.analytical,
                        row.numerical,
                        row.bound,
                        row.difference(),
                        this));
            }
        }
        if (!faults.isEmpty()) {
            throw new AssertionError("GradCheck: " + String.join("; ", faults));
        }
        return this;
    }

    private static String title(Row row) {
        return row.name.isEmpty() ? row.usedBy : "'" + Printable.text(row.name) + "' (" + row.usedBy + ")";
    }

    /** A table, one line per input, that ends with a line feed. */
    @Override
    public String toString() {
        Table table = new Table(
                "input",
                "shape",
                "used by",
                "checked",
                "kinks",
                "worst at",
                "gradient",
                "by differences",
                "apart",
                "bound",
                "");
        for (Row row : rows) {
            boolean any = row.checked > 0;
            table.add(
                    row.name,
                    row.shape.toString(),
                    row.usedBy,
                    row.checked + " of " + row.shape.size(),
                    Integer.toString(row.kinks.size()),
                    row.worst,
                    any ? Numbers.precise(row.analytical) : "",
                    any ? Numbers.precise(row.numerical) : "",
                    any ? Numbers.brief(row.difference()) : "",
                    any ? Numbers.brief(row.bound) : "",
                    !row.passed ? "WRONG" : any ? "ok" : "kinks only");
        }
        StringBuilder text = new StringBuilder(table.toString());
        for (Row row : rows) {
            if (!row.kinks.isEmpty()) {
                List<String> shown = row.kinks.subList(0, Math.min(KINKS_SHOWN, row.kinks.size()));
                text.append("kinks of ").append(title(row)).append(": ").append(String.join(" ", shown));
                text.append(shown.size() < row.kinks.size() ? " ...\n" : "\n");
            }
        }
        faults.forEach(fault -> text.append("WRONG ").append(fault).append('\n'));
        return text.toString();
    }
}

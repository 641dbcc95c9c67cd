package org.gradus.autograd;

import java.util.Arrays;
import java.util.Optional;
import java.util.function.Consumer;
import org.gradus.kernel.Engine;
import org.jspecify.annotations.Nullable;

/**
 * A float array with a {@link Shape}: row-major, contiguous, no strides and no views. A tensor that {@linkplain #requiresGrad()
 * requires a gradient} also has an array of the same length for it.
 *
 * <p>A tensor made by {@link Tape#input} belongs to that tape, and so does everything computed from it; only such computations
 * are recorded and can be differentiated. Without a tape the same methods just compute. What reads the numbers of a tensor whose
 * memory a {@linkplain Tape#reusing() reusing tape} has given to a later step throws {@link StaleTensorException}.
 *
 * <p>The file is long because every operation is a method here, so that formulas can be written from left to right: one line of code each,
 * and the rest says what it computes.
 */
public final class Tensor {

    private static final float[] NONE = {};

    private final Shape shape;
    private final float[] data;
    private final @Nullable Tape tape;
    private final long born;
    private String name = "";
    private boolean requiresGrad;
    private boolean frozen;
    private float[] grad = NONE;
    private @Nullable Slot slot;
    private Tensor original = this;

    /** The first trainable tensor that this was computed from where no tape recorded it. */
    private @Nullable Tensor unrecorded;

    private boolean retainsGrad;
    private @Nullable Hooks<Consumer<float[]>> gradHooks;

    /** The walk back in which a gradient last arrived here; kept by the tape. */
    long reached = -1;

    private Tensor(Shape shape, float[] data, @Nullable Tape tape, long born) {
        this.shape = shape;
        this.data = data;
        this.tape = tape;
        this.born = born;
    }

    /** A tensor of a tape's present step. */
    static Tensor onTape(Tape tape, Shape shape, float[] data) {
        return new Tensor(shape, data, tape, tape.step());
    }

    // ---- making
    // ------------------------------------------------------------------------------------------------------

    /**
     * A tensor around an array, which is not copied.
     *
     * @param shape its shape
     * @param data {@code shape.size()} numbers, row-major
     * @return the tensor
     * @throws ShapeException if the lengths differ
     */
    public static Tensor of(Shape shape, float... data) {
        if (data.length != shape.size()) {
            throw new ShapeException(
                    "tensor: shape " + shape + " needs " + shape.size() + " numbers but the array has " + data.length);
        }
        return new Tensor(shape, data, null, 0);
    }

    /**
     * A matrix around an array, which is not copied.
     *
     * @param rows its rows
     * @param columns its columns
     * @param data {@code rows * columns} numbers, row after row
     * @return a tensor [rows, columns]
     * @throws ShapeException if the lengths differ
     */
    public static Tensor matrix(int rows, int columns, float... data) {
        return of(Shape.of(rows, columns), data);
    }

    /**
     * A vector around an array, which is not copied.
     *
     * @param data its numbers
     * @return a tensor [data.length]
     * @throws ShapeException if there are none
     */
    public static Tensor vector(float... data) {
        return of(Shape.of(data.length), data);
    }

    /**
     * A single number.
     *
     * @param value the number
     * @return a tensor of shape []
     */
    public static Tensor scalar(float value) {
        return of(Shape.SCALAR, value);
    }

    /**
     * Zeros.
     *
     * @param lengths length of each axis
     * @return a tensor of that shape
     * @throws ShapeException if these are no {@link Shape}
     */
    public static Tensor zeros(int... lengths) {
        Shape shape = Shape.of(lengths);
        return of(shape, new float[shape.size()]);
    }

    /**
     * Asks for a gradient: marks a tensor as something to be learned or examined.
     *
     * @return this
     * @throws IllegalStateException if this is the result of a recorded operation, which has its gradient anyway
     */
    public Tensor trainable() {
        if (tape != null && !requiresGrad) {
            throw new IllegalStateException(
                    "tensor '" + Printable.text(name) + "' already belongs to a tape: call trainable() before input()");
        }
        markRequiresGrad();
        return this;
    }

    void markRequiresGrad() {
        requiresGrad = true;
        frozen = false;
    }

    /**
     * Keeps a trainable tensor as it is: it requires no gradient until {@link #unfreeze()}, optimisers pass it over with all they
     * remember of it, and what it had collected of a gradient is dropped. Counts from the next recording on. Freezing twice
     * does nothing.
     *
     * @return this
     * @throws IllegalStateException if this was never {@linkplain #trainable() trainable}, or belongs to a tape
     */
    public Tensor freeze() {
        requireOfNoTape("freeze");
        if (!requiresGrad && !frozen) {
            throw new IllegalStateException("freeze: " + describe()
                    + " was never trainable(), so it takes no gradient as it is; freeze the parameters of a layer");
        }
        zeroGrad();
        requiresGrad = false;
        frozen = true;
        return this;
    }

    /**
     * Has a frozen tensor learn again; its gradient begins with zeros. Without {@link #freeze()} before, it does nothing.
     *
     * @return this
     * @throws IllegalStateException if this was never {@linkplain #trainable() trainable}, or belongs to a tape
     */
    public Tensor unfreeze() {
        requireOfNoTape("unfreeze");
        if (!requiresGrad && !frozen) {
            throw new IllegalStateException(
                    "unfreeze: " + describe() + " was never trainable(); call that on a tensor to be learned");
        }
        markRequiresGrad();
        return this;
    }

    private void requireOfNoTape(String method) {
        if (tape != null) {
            throw new IllegalStateException(method + ": " + describe()
                    + " belongs to a tape; call it on the parameter itself, before the next recording");
        }
    }

    /**
     * Gives a name for messages and pictures.
     *
     * @param newName any text
     * @return this
     */
    public Tensor named(String newName) {
        name = newName;
        return this;
    }

    // ---- reading
    // -----------------------------------------------------------------------------------------------------

    /** {@return the shape: lengths of the axes} */
    public Shape shape() {
        return shape;
    }

    /** {@return the number of elements, {@code shape().size()}} */
    public int size() {
        return shape.size();
    }

    /** {@return the name: what {@link #named} gave, or what the tape called it; may be empty} */
    public String name() {
        return name;
    }

    /**
     * The numbers themselves, not a copy.
     *
     * @return {@code size()} numbers, row-major
     * @throws StaleTensorException if the tape has reused the memory
     */
    public float[] data() {
        requireCurrent();
        return data;
    }

    /**
     * The only number of a tensor that has one.
     *
     * @return its value
     * @throws ShapeException if there are several
     * @throws StaleTensorException if the tape has reused the memory
     */
    public float item() {
        if (size() != 1) {
            throw new ShapeException(
                    "item: " + describe() + " has " + size() + " numbers; reduce it with mean() or sum()");
        }
        return data()[0];
    }

    /**
     * One element of a matrix.
     *
     * @param row from 0
     * @param column from 0
     * @return its value
     * @throws IndexOutOfBoundsException if there is no such element
     * @throws StaleTensorException if the tape has reused the memory
     */
    public float get(int row, int column) {
        if (row < 0 || row >= shape.rows() || column < 0 || column >= shape.columns()) {
            throw new IndexOutOfBoundsException("get: no element [" + row + "," + column + "] in " + describe());
        }
        return data()[row * shape.columns() + column];
    }

    /**
     * {@return whether gradients flow here: true for parameters that are not frozen, and everything computed from them on a
     * tape}
     */
    public boolean requiresGrad() {
        return requiresGrad;
    }

    /**
     * Whether this would be trainable but for {@link #freeze()}.
     *
     * @return false for what is trained, and for what never was to be
     */
    public boolean isFrozen() {
        return original.frozen;
    }

    /**
     * The gradient of the loss for this tensor: zeros until {@link #backward()} has added to it. Gradients of parameters
     * collect over several walks until {@link #zeroGrad()}.
     *
     * @return {@code size()} numbers, the array itself
     * @throws IllegalStateException if this tensor requires no gradient
     * @throws StaleTensorException if the tape has reused the memory, unless {@link #retainGrad()} was called
     */
    public float[] grad() {
        if (!retainsGrad) {
            requireCurrent();
        }
        if (!requiresGrad) {
            throw new IllegalStateException(describe()
                    + (isFrozen()
                            ? " is frozen and has no gradient: call unfreeze() before using it on a tape"
                            : " has no gradient: call trainable() before using it on a tape"));
        }
        return ownGrad();
    }

    private float[] ownGrad() {
        if (grad.length == 0) {
            grad = new float[shape.size()];
        }
        return grad;
    }

    /**
     * Gives the gradient of a recorded result memory of its own, PyTorch's {@code retain_grad()}: {@link #grad()} may then be read
     * when a reusing tape has gone on. A later walk back along the same recording overwrites it. Parameters and inputs
     * keep their gradients anyway.
     *
     * @return this
     * @throws IllegalStateException if this tensor requires no gradient
     * @throws StaleTensorException if the tape has reused the memory already
     */
    public Tensor retainGrad() {
        requireGradFor("retainGrad");
        if (isResult() && !retainsGrad) {
            retainsGrad = true;
            grad = grad.clone();
        }
        return this;
    }

    /**
     * Has a hook called with the gradient in every walk back that reaches this tensor, PyTorch's {@code register_hook}. What it
     * computes is not recorded.
     *
     * <p>For a recorded result the gradient of the loss is then complete and has not been passed on. The hook may change the
     * array, and the change flows on to all that this tensor was computed from.
     *
     * <p>For a parameter or an input it is called once, at the end of the walk, and sees the collected gradient: what this walk
     * has added to what was there since {@link #zeroGrad()}. (PyTorch gives it what the walk is about to add.) The optimiser
     * sees its changes. A tensor and its double from {@link Tape#input} have the same hooks.
     *
     * @param hook given the array of {@link #grad()}; hooks are called in the order they were attached
     * @return removes it
     * @throws IllegalStateException if this tensor requires no gradient
     * @throws StaleTensorException if the tape has reused the memory
     */
    public HookHandle onGrad(Consumer<float[]> hook) {
        requireGradFor("onGrad");
        return original.attachGradHook(hook);
    }

    private HookHandle attachGradHook(Consumer<float[]> hook) {
        if (gradHooks == null) {
            gradHooks = new Hooks<>();
        }
        return gradHooks.attach(hook);
    }

    private void requireGradFor(String method) {
        requireCurrent();
        if (!requiresGrad) {
            throw new IllegalStateException(
                    method + ": " + describe() + " requires no gradient: call trainable() before using it on a tape");
        }
    }

    boolean hasGradHooks() {
        return original.gradHooks != null && !original.gradHooks.isEmpty();
    }

    void callGradHooks() {
        if (original.gradHooks != null) {
            original.gradHooks.forEach(hook -> hook.accept(grad()));
        }
    }

    /** Whether somebody looks at the gradient, or changes it, as it comes by. */
    boolean isWatched() {
        return retainsGrad || hasGradHooks();
    }

    /**
     * {@return the tensor that this one stands for: what {@link Tape#input} was given where it made this double; else this}
     */
    public Tensor original() {
        return original;
    }

    /** Shares gradient and hooks of a tensor. */
    void standsFor(Tensor tensor) {
        original = tensor;
        if (tensor.requiresGrad()) {
            requiresGrad = true;
            grad = tensor.grad();
        }
    }

    /** Whether a tape computed this; parameters and inputs were given. */
    boolean isResult() {
        return slot != null;
    }

    void isResultIn(Slot memory) {
        slot = memory;
    }

    /** Sets the gradient of a result to zero, in the memory of its slot; gradients of other tensors are left to collect. */
    void startGrad() {
        if (slot != null) {
            grad = retainsGrad ? ownGrad() : slot.grad(size());
            Arrays.fill(grad, 0f);
        }
    }

    /** Sets the gradient to zero. */
    public void zeroGrad() {
        if (grad.length > 0 && requiresGrad) {
            Arrays.fill(grad(), 0f);
        }
    }

    /** {@return a copy that belongs to no tape and stays as it is, with memory of its own} */
    public Tensor copy() {
        return new Tensor(shape, data().clone(), null, 0).named(name);
    }

    /** The step of the tape in which this tensor was made. */
    long born() {
        return born;
    }

    boolean isOn(@Nullable Tape other) {
        return tape == other;
    }

    /**
     * {@return the tape that records what is done with this tensor; empty for a parameter, a batch, and what was computed
     * without a tape}
     */
    public Optional<Tape> tape() {
        return Optional.ofNullable(tape);
    }

    private void requireCurrent() {
        if (tape != null && tape.hasReused(born)) {
            throw new StaleTensorException(name, born, tape.step());
        }
    }

    String describe() {
        return name.isEmpty() ? "tensor " + shape : "tensor '" + Printable.text(name) + "' " + shape;
    }

    /**
     * Name, shape and the numbers, in rows and columns as NumPy 1.24 prints an array of float32: {@code tensor 'w' [2] [1.  2.5]}, and
     * from two axes on below the name, a row a line. Of more than 1000 numbers the middle is left out. NumPy 2 turns to exponents
     * sooner, from 16777216 on.
     */
    @Override
    public String toString() {
        return describe() + (shape.rank() < 2 ? " " : "\n") + ArrayText.of(shape, data());
    }

    // ---- computing
    // ---------------------------------------------------------------------------------------------------

    /**
     * Applies an operation, recording it if an input belongs to a tape.
     *
     * @param op the operation
     * @param in its inputs, one or more
     * @return the result
     * @throws IllegalArgumentException if there are no inputs
     * @throws ShapeException if the shapes do not fit
     * @throws IllegalStateException if the inputs belong to different tapes, or one was computed from a trainable tensor without a
     *     tape, and no gradient would come through it
     */
    public static Tensor apply(Op op, Tensor... in) {
        if (in.length == 0) {
            throw new IllegalArgumentException(
                    op.name() + ": no inputs; apply is a static method that takes all of them, "
                            + "Tensor.apply(op, x), and x.apply(op) leaves x out");
        }
        Tape tape = commonTape(op, in);
        if (tape != null) {
            return tape.apply(op, in);
        }
        Tensor out = computed(Engine.shared(), op, in);
        for (int i = in.length - 1; i >= 0; i--) {
            out.unrecorded = in[i].requiresGrad ? in[i] : in[i].unrecorded != null ? in[i].unrecorded : out.unrecorded;
        }
        return out;
    }

    /** Refuses a result that a recording would take for a constant though something learns in it. */
    void requireRecorded(Op op) {
        if (unrecorded != null) {
            throw new IllegalStateException(op.name() + ": " + describe() + " was computed from the trainable "
                    + unrecorded.describe()
                    + " without a tape, and no gradient would come through it. Bring that onto the tape"
                    + " first, in a layer x.tape().map(t -> t.input(w)).orElse(w); or freeze() it, or take a copy() of the result, if"
                    + " it is to be a constant");
        }
    }

    /** The result on no tape. */
    static Tensor computed(Engine engine, Op op, Tensor... in) {
        Shape shape = op.shapeOf(shapesOf(in));
        Tensor out = new Tensor(shape, new float[shape.size()], null, 0).named(op.name());
        Tape.forward(engine, op, in, out);
        return out;
    }

    static Shape[] shapesOf(Tensor... in) {
        Shape[] shapes = new Shape[in.length];
        for (int i = 0; i < in.length; i++) {
            shapes[i] = in[i].shape;
        }
        return shapes;
    }

    private static @Nullable Tape commonTape(Op op, Tensor... in) {
        Tape common = null;
        for (Tensor t : in) {
            if (t.tape != null && common != null && t.tape != common) {
                throw new IllegalStateException(op.name() + ": " + t.describe()
                        + " belongs to another tape than the other inputs; bring it over with copy()");
            }
            common = t.tape != null ? t.tape : common;
        }
        return common;
    }

    /**
     * Matrix product; see {@link MatMulOp}.
     *
     * @param w [k,m] for this [n,k]
     * @return [n,m]
     * @throws ShapeException if one is no matrix, or this has not as many columns as {@code w} has rows
     * @throws IllegalStateException if the two belong to different tapes
     */
    public Tensor matMul(Tensor w) {
        return apply(new MatMulOp(), this, w);
    }

    /**
     * {@code this W^T + b}, PyTorch's {@code functional.linear}; see {@link AffineOp}.
     *
     * @param w weight [out,in] for this [n,in]
     * @param b bias [out]
     * @return [n,out]
     * @throws ShapeException if this or {@code w} is no matrix, their columns differ, or {@code b} is not [out]
     * @throws IllegalStateException if the three belong to different tapes
     */
    public Tensor affine(Tensor w, Tensor b) {
        return apply(new AffineOp(), this, w, b);
    }

    /**
     * Sum, element by element; see {@link AddOp}.
     *
     * @param y the same shape, or one row that is added to each row
     * @return the shape of this
     * @throws ShapeException if {@code y} is neither
     * @throws IllegalStateException if the two belong to different tapes
     */
    public Tensor add(Tensor y) {
        return apply(new AddOp(), this, y);
    }

    /**
     * Difference, element by element; see {@link SubOp}.
     *
     * @param y the same shape, or one row that is taken from each row
     * @return the shape of this
     * @throws ShapeException if {@code y} is neither
     * @throws IllegalStateException if the two belong to different tapes
     */
    public Tensor sub(Tensor y) {
        return apply(new SubOp(), this, y);
    }

    /**
     * Product, element by element; see {@link MulOp}.
     *
     * @param y the same shape, or one row that multiplies each row
     * @return the shape of this
     * @throws ShapeException if {@code y} is neither
     * @throws IllegalStateException if the two belong to different tapes
     */
    public Tensor mul(Tensor y) {
        return apply(new MulOp(), this, y);
    }

    /**
     * Quotient, element by element; see {@link DivOp}.
     *
     * @param y the same shape, or one row that divides each row
     * @return the shape of this
     * @throws ShapeException if {@code y} is neither
     * @throws IllegalStateException if the two belong to different tapes
     */
    public Tensor div(Tensor y) {
        return apply(new DivOp(), this, y);
    }

    /**
     * A multiple; see {@link ScaleOp}.
     *
     * @param factor a constant
     * @return the shape of this
     */
    public Tensor scale(float factor) {
        return apply(new ScaleOp(factor), this);
    }

    /**
     * {@code max(x, 0)}; see {@link ReluOp}.
     *
     * @return the shape of this
     */
    public Tensor relu() {
        return apply(new ReluOp(), this);
    }

    /**
     * {@code x} where positive, else {@code slope * x}; see {@link PReluOp}.
     *
     * @param slope [1], or one per column
     * @return the shape of this
     * @throws ShapeException if {@code slope} is neither
     * @throws IllegalStateException if the two belong to different tapes
     */
    public Tensor prelu(Tensor slope) {
        return apply(new PReluOp(), this, slope);
    }

    /**
     * The logistic function; see {@link SigmoidOp}.
     *
     * @return the shape of this
     */
    public Tensor sigmoid() {
        return apply(new SigmoidOp(), this);
    }

    /**
     * The hyperbolic tangent; see {@link TanhOp}.
     *
     * @return the shape of this
     */
    public Tensor tanh() {
        return apply(new TanhOp(), this);
    }

    /**
     * The exponential function; see {@link ExpOp}.
     *
     * @return the shape of this
     */
    public Tensor exp() {
        return apply(new ExpOp(), this);
    }

    /**
     * The natural logarithm; see {@link LogOp}.
     *
     * @return the shape of this
     */
    public Tensor log() {
        return apply(new LogOp(), this);
    }

    /**
     * The sum of all elements; see {@link SumOp}.
     *
     * @return []
     */
    public Tensor sum() {
        return apply(new SumOp(), this);
    }

    /**
     * The mean of all elements; see {@link MeanOp}.
     *
     * @return []
     */
    public Tensor mean() {
        return apply(new MeanOp(), this);
    }

    /**
     * The same numbers in another shape; see {@link ReshapeOp}.
     *
     * @param lengths length of each axis
     * @return a tensor of that shape
     * @throws ShapeException if these are no {@link Shape}, or one of another number of elements
     */
    public Tensor reshape(int... lengths) {
        return apply(new ReshapeOp(Shape.of(lengths)), this);
    }

    /**
     * Each row divided by its length; see {@link NormalizeRowsOp}, also for rows of length 1.84e19 or more, which become zeros.
     *
     * @return the shape of this
     */
    public Tensor normalizeRows() {
        return apply(new NormalizeRowsOp(), this);
    }

    /**
     * Mean squared error; see {@link MseOp}.
     *
     * @param target the shape of this
     * @return []
     * @throws ShapeException if the shapes differ
     * @throws IllegalStateException if the two belong to different tapes
     */
    public Tensor mse(Tensor target) {
        return apply(new MseOp(), this, target);
    }

    /**
     * Binary cross-entropy of probabilities; see {@link BceOp}.
     *
     * @param target the shape of this, numbers in [0,1]
     * @return []
     * @throws ShapeException if the shapes differ
     * @throws DomainException if a number of either is outside [0,1]
     * @throws IllegalStateException if the two belong to different tapes
     */
    public Tensor bce(Tensor target) {
        return apply(new BceOp(), this, target);
    }

    /**
     * Binary cross-entropy of what would go into a sigmoid; see {@link BceWithLogitsOp}.
     *
     * @param target the shape of this, numbers in [0,1]
     * @return []
     * @throws ShapeException if the shapes differ
     * @throws DomainException if a target is outside [0,1]
     * @throws IllegalStateException if the two belong to different tapes
     */
    public Tensor bceWithLogits(Tensor target) {
        return apply(new BceWithLogitsOp(), this, target);
    }

    /**
     * Cross-entropy of a softmax over each row; see {@link SoftmaxCrossEntropyOp}.
     *
     * @param classes [n], the right column of each row of this [n,c]
     * @return []
     * @throws ShapeException if this is no matrix, or {@code classes} not one number per row
     * @throws DomainException if a class is not a whole number from 0 to c-1
     * @throws IllegalStateException if the two belong to different tapes
     */
    public Tensor softmaxCrossEntropy(Tensor classes) {
        return apply(new SoftmaxCrossEntropyOp(), this, classes);
    }

    /**
     * Walks the tape back from here, adding to the gradients of all tensors that this one was computed from; see {@link
     * Tape#backward}.
     *
     * @throws ShapeException if this is not a single number
     * @throws IllegalStateException if this tensor belongs to no tape or to an earlier step, depends on nothing that requires a
     *     gradient, or the recording was already walked
     */
    public void backward() {
        if (tape == null) {
            throw new IllegalStateException("backward: " + describe()
                    + " was not recorded; begin with tape.input(...) so that operations go on the tape");
        }
        tape.backward(this);
    }
}

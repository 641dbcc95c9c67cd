package org.gradus.autograd;

import java.util.List;
import org.gradus.kernel.Engine;

/**
 * An operation written by a user of the library: a formula and its derivative on plain arrays. {@link Tensor#apply} records
 * it like any other.
 *
 * <pre>{@code
 * record Square() implements CustomOp {
 *     public String name() { return "square"; }
 *     public Shape shapeOf(Shape... in) { return in[0]; }
 *     public void forward(Tensor[] in, Tensor out) {
 *         float[] x = in[0].data(), y = out.data();
 *         for (int i = 0; i < y.length; i++) y[i] = x[i] * x[i];
 *     }
 *     public void backward(Tensor[] in, Tensor out) {
 *         float[] x = in[0].data(), g = out.grad(), gx = in[0].grad();
 *         for (int i = 0; i < g.length; i++) gx[i] += 2 * x[i] * g[i];
 *     }
 * }
 * }</pre>
 *
 * <p>Both may also compute with tensors and their methods. What they compute is not recorded, as in a {@link Tape#pause()}: on the
 * tape the operation is one step, and its derivative is what {@code backward} adds.
 *
 * <p>{@code backward} is called only if an input requires a gradient; with several inputs ask each by {@link
 * Tensor#requiresGrad()}.
 */
public non-sealed interface CustomOp extends Op {

    /**
     * Computes {@code out} from {@code in}.
     *
     * @param in inputs of checked shapes
     * @param out result, any content
     */
    void forward(Tensor[] in, Tensor out);

    /**
     * Adds to the gradients of the inputs.
     *
     * @param in the inputs of the forward pass
     * @param out its result, with the gradient of the loss in {@code out.grad()}
     */
    void backward(Tensor[] in, Tensor out);

    @Override
    default void forward(Engine engine, Tensor[] in, Tensor out) {
        forward(in, out);
    }

    @Override
    default void backward(Engine engine, Tensor[] in, Tensor out) {
        backward(in, out);
    }

    /** The name; an operation may say more. */
    @Override
    default String formula() {
        return name();
    }

    /** None: inputs are then called x0, x1 and so on. */
    @Override
    default List<String> roles() {
        return List.of();
    }

    /**
     * {@code forward} on the inputs rounded to float. Differences of float results have few digits: writing the formula in double
     * lets {@code GradCheck} see errors of a millionth instead of a thousandth.
     */
    @Override
    default double[] textbook(Shape[] shapes, double[][] in) {
        Tensor[] rounded = new Tensor[in.length];
        for (int i = 0; i < in.length; i++) {
            rounded[i] = Tensor.of(shapes[i], Floats.rounded(in[i]));
        }
        Shape shape = shapeOf(shapes);
        Tensor out = Tensor.of(shape, new float[shape.size()]);
        forward(rounded, out);
        return Floats.widened(out.data());
    }
}

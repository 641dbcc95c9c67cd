package org.gradus.autograd;

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
}

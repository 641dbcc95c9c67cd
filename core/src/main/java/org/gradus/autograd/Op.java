package org.gradus.autograd;

import java.util.List;
import org.gradus.kernel.Engine;

/**
 * A differentiable operation: a formula, and its derivative. This list of permitted operations is the library's table of
 * contents; users add their own through {@link CustomOp}.
 *
 * <p>The contract:
 *
 * <ol>
 *   <li>{@link #shapeOf} is the only place that validates shapes; {@code forward} and {@code backward} trust it. An operation that is
 *       not defined for all numbers refuses the others in {@code forward}, with a {@link DomainException}.
 *   <li>{@code backward} <em>adds</em> to the gradients of its inputs, never assigns. A tensor used twice then collects both
 *       contributions without further ado.
 *   <li>An operation has no state of its own; what it is configured with are its record components.
 *   <li>{@code forward} and {@code backward} create no arrays; scratch comes from the engine, which serves one
 *       operation at a time.
 * </ol>
 */
public sealed interface Op
        permits AddOp,
                AffineOp,
                BceOp,
                BceWithLogitsOp,
                CustomOp,
                DivOp,
                ExpOp,
                LogOp,
                MatMulOp,
                MeanOp,
                MseOp,
                MulOp,
                NormalizeRowsOp,
                PReluOp,
                ReluOp,
                ReshapeOp,
                ScaleOp,
                SigmoidOp,
                SoftmaxCrossEntropyOp,
                SubOp,
                SumOp,
                TanhOp {

    /** {@return the name as it appears in messages and pictures: a method name such as {@code matMul}} */
    String name();

    /**
     * {@return what it computes, in one line: a formula in the letters of {@link #roles()}, such as {@code y = x W^T + b}}
     */
    String formula();

    /** {@return what its inputs are called in the formula: one letter or word for each, such as x, W and b} */
    List<String> roles();

    /**
     * The shape of the result, after checking that the inputs fit.
     *
     * @param in shapes of the inputs
     * @return shape of the output
     * @throws ShapeException if they do not fit
     */
    Shape shapeOf(Shape... in);

    /**
     * Computes {@code out} from {@code in}.
     *
     * @param engine the arithmetic
     * @param in inputs of checked shapes
     * @param out result, any content
     * @throws DomainException if it is not defined for one of the inputs' numbers
     */
    void forward(Engine engine, Tensor[] in, Tensor out);

    /**
     * The chain rule: adds to the gradient of each input that {@linkplain Tensor#requiresGrad() requires one}.
     *
     * @param engine the arithmetic
     * @param in the inputs of the forward pass
     * @param out its result, with the gradient of the loss in {@code out.grad()}
     */
    void backward(Engine engine, Tensor[] in, Tensor out);

    /**
     * What {@code forward} computes, as a textbook writes it: plain loops in double, the formula and nothing else. {@code
     * GradCheck} takes differences of it, so that nothing of {@code backward} enters what it is compared with.
     *
     * @param shapes shapes of the inputs, checked
     * @param in their numbers, row-major; not to be changed
     * @return the numbers of the output, a new array
     */
    double[] textbook(Shape[] shapes, double[][] in);
}

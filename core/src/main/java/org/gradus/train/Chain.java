package org.gradus.train;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.gradus.autograd.AffineOp;
import org.gradus.autograd.BceOp;
import org.gradus.autograd.MseOp;
import org.gradus.autograd.NormalizeRowsOp;
import org.gradus.autograd.Op;
import org.gradus.autograd.PReluOp;
import org.gradus.autograd.ReluOp;
import org.gradus.autograd.SigmoidOp;
import org.gradus.autograd.TanhOp;
import org.gradus.autograd.Tape;
import org.gradus.autograd.Tensor;

/**
 * A recording read as a chain of layers: affine maps, each with any number of activations behind it, and a loss at the end. Most
 * networks that people begin with are chains; what is not is trained from its tape.
 *
 * @param links the layers in their order
 * @param squared whether the loss is the mean squared error; else it is binary cross-entropy
 */
record Chain(List<Link> links, boolean squared) {

    /** What a layer does to its input. */
    enum Kind {
        AFFINE,
        PRELU,
        RELU,
        SIGMOID,
        TANH,
        NORMALIZE
    }

    /**
     * A layer.
     *
     * @param kind what it does
     * @param in features of its input
     * @param out features of its output
     * @param parameters weight and bias, or the slope, or nothing
     */
    record Link(Kind kind, int in, int out, List<Tensor> parameters) {}

    /** Whether binary cross-entropy may be given what is no probability: where no sigmoid stands before it. */
    boolean mayLeaveDomain() {
        return !squared && links.get(links.size() - 1).kind() != Kind.SIGMOID;
    }

    /** The parameters of all links, in their order. */
    Stream<Tensor> parameters() {
        return links.stream().flatMap(link -> link.parameters().stream());
    }

    /**
     * Reads a recording.
     *
     * @param tape where it is
     * @param input what the network was given
     * @param target what the loss was given beside the network's output
     * @return empty if it is no chain that begins with an affine map, or if a parameter occurs twice, is no parameter but a
     *     constant, or is itself the result of a step, and so another with every batch; parameters may be frozen
     */
    static Optional<Chain> of(Tape tape, Tensor input, Tensor target) {
        List<Tape.Step> steps = tape.steps();
        List<Link> links = new ArrayList<>();
        IdentityHashMap<float[], Tensor> seen = new IdentityHashMap<>();
        Tensor last = input;
        for (Tape.Step step : steps.subList(0, Math.max(0, steps.size() - 1))) {
            Optional<Kind> kind = kind(step);
            if (kind.isEmpty() || step.in().get(0) != last || input.shape().rank() != 2) {
                return Optional.empty();
            }
            List<Tensor> parameters = step.in().subList(1, step.in().size());
            for (Tensor parameter : parameters) {
                if (!isParameter(parameter) || seen.put(parameter.data(), parameter) != null) {
                    return Optional.empty();
                }
            }
            links.add(new Link(
                    kind.get(), last.shape().columns(), step.out().shape().columns(), parameters));
            last = step.out();
            seen.put(last.data(), last);
        }
        if (links.isEmpty() || links.get(0).kind() != Kind.AFFINE) {
            return Optional.empty();
        }
        Tape.Step end = steps.get(steps.size() - 1);
        boolean squared = end.op() instanceof MseOp;
        boolean known = squared || end.op() instanceof BceOp;
        return known && end.in().get(0) == last && end.in().get(1) == target
                ? Optional.of(new Chain(List.copyOf(links), squared))
                : Optional.empty();
    }

    private static boolean isParameter(Tensor tensor) {
        return tensor.requiresGrad() || tensor.isFrozen();
    }

    private static Optional<Kind> kind(Tape.Step step) {
        Op op = step.op();
        if (op instanceof AffineOp) {
            return Optional.of(Kind.AFFINE);
        }
        if (op instanceof PReluOp && step.in().get(1).size() == 1) {
            return Optional.of(Kind.PRELU);
        }
        if (op instanceof ReluOp) {
            return Optional.of(Kind.RELU);
        }
        if (op instanceof SigmoidOp) {
            return Optional.of(Kind.SIGMOID);
        }
        if (op instanceof TanhOp) {
            return Optional.of(Kind.TANH);
        }
        return op instanceof NormalizeRowsOp ? Optional.of(Kind.NORMALIZE) : Optional.empty();
    }
}

package org.gradus.plan;

import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.gradus.autograd.AddOp;
import org.gradus.autograd.AffineOp;
import org.gradus.autograd.BceOp;
import org.gradus.autograd.BceWithLogitsOp;
import org.gradus.autograd.MseOp;
import org.gradus.autograd.NormalizeRowsOp;
import org.gradus.autograd.Op;
import org.gradus.autograd.PReluOp;
import org.gradus.autograd.ReluOp;
import org.gradus.autograd.Shape;
import org.gradus.autograd.SigmoidOp;
import org.gradus.autograd.SoftmaxCrossEntropyOp;
import org.gradus.autograd.TanhOp;
import org.gradus.autograd.Tape;
import org.gradus.autograd.Tensor;

/** The list of operations and losses that have a planned form, and of the classes that are it. */
final class PlannedOps {

    /**
     * How an operation is planned.
     *
     * @param values its first inputs, which are computed; those behind are learned
     * @param takes whether there is a form for a step's shapes
     * @param planned makes it
     */
    record Operands(int values, Predicate<Tape.Step> takes, Function<PlannedOp.Site, PlannedOp> planned) {

        Operands(int values, Function<PlannedOp.Site, PlannedOp> planned) {
            this(values, step -> true, planned);
        }
    }

    private static final Map<Class<? extends Op>, Operands> OPERATIONS = Map.of(
            AddOp.class, new Operands(2, PlannedAdd::new),
            AffineOp.class, new Operands(1, PlannedAffine::new),
            NormalizeRowsOp.class, new Operands(1, PlannedNormalize::new),
            PReluOp.class, new Operands(1, PlannedOps::hasOneSlope, PlannedPRelu::new),
            ReluOp.class, new Operands(1, PlannedRelu::new),
            SigmoidOp.class, new Operands(1, PlannedSigmoid::new),
            TanhOp.class, new Operands(1, PlannedTanh::new));

    private static final Map<Class<? extends Op>, Function<PlannedLoss.Site, PlannedLoss>> LOSSES = Map.of(
            BceOp.class, PlannedBce::new,
            BceWithLogitsOp.class, PlannedBceWithLogits::new,
            MseOp.class, PlannedMse::new,
            SoftmaxCrossEntropyOp.class, PlannedCrossEntropy::new);

    private PlannedOps() {}

    private static boolean hasOneSlope(Tape.Step step) {
        return step.in().get(1).size() == 1;
    }

    /** How a step is planned, if it can be. */
    static Optional<Operands> operands(Tape.Step step) {
        return Optional.ofNullable(OPERATIONS.get(step.op().getClass())).filter(operands -> operands.takes.test(step));
    }

    /** Why a step that has no {@link #operands} cannot be planned, behind its name. */
    static String whyNone(Tape.Step step) {
        if (isLoss(step)) {
            return " is planned as the last one only, and others follow it";
        }
        return OPERATIONS.containsKey(step.op().getClass())
                ? " has no planned form for inputs "
                        + step.in().stream()
                                .map(Tensor::shape)
                                .map(Shape::toString)
                                .collect(Collectors.joining(", "))
                : " has no planned form";
    }

    /** Whether a step is a loss with a planned form: of an output and a target. */
    static boolean isLoss(Tape.Step step) {
        return LOSSES.containsKey(step.op().getClass());
    }

    static PlannedOp planned(Op op, PlannedOp.Site site) {
        Operands known = OPERATIONS.get(op.getClass());
        if (known == null) {
            throw new AssertionError("a program has " + op.name() + ", which has no planned form");
        }
        return known.planned.apply(site);
    }

    static PlannedLoss planned(Op loss, PlannedLoss.Site site) {
        Function<PlannedLoss.Site, PlannedLoss> known = LOSSES.get(loss.getClass());
        if (known == null) {
            throw new AssertionError("a program ends with " + loss.name() + ", which has no planned form");
        }
        return known.apply(site);
    }
}

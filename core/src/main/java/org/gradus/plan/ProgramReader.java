package org.gradus.plan;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.gradus.autograd.Printable;
import org.gradus.autograd.Tape;
import org.gradus.autograd.Tensor;

/** Reads a recording as a {@link Program}, by which tensor is which; where it is none, it knows why. */
final class ProgramReader {

    private final Map<Tensor, Integer> values = new HashMap<>(); // a tensor equals itself alone
    private final IdentityHashMap<float[], Tensor> parameters =
            new IdentityHashMap<>(); // the same numbers, not equal ones
    private final List<Program.Operation> operations = new ArrayList<>();
    private final Optional<Program> program;
    private String obstacle = "";

    /**
     * Reads.
     *
     * @param tape where it is
     * @param input what the network was given
     * @param target what the loss was given beside the network's output
     * @param value the loss
     */
    ProgramReader(Tape tape, Tensor input, Tensor target, Tensor value) {
        program = Optional.ofNullable(read(tape.steps(), input, target, value) ? program(tape, input) : null);
    }

    /** The program, if every step has a planned form. */
    Optional<Program> program() {
        return program;
    }

    /** Why there is none, in words for the user. */
    String obstacle() {
        return obstacle;
    }

    private Program program(Tape tape, Tensor input) {
        List<Tape.Step> steps = tape.steps();
        return new Program(
                input.shape().columns(),
                List.copyOf(operations),
                steps.get(steps.size() - 1).op());
    }

    private boolean read(List<Tape.Step> steps, Tensor input, Tensor target, Tensor value) {
        if (input.shape().rank() != 2) {
            return refuse("samples of shape " + input.shape() + " are no rows of features");
        }
        values.put(input, 0);
        for (Tape.Step step : steps.subList(0, Math.max(0, steps.size() - 1))) {
            if (!operation(step)) {
                return false;
            }
            values.put(step.out(), values.size());
        }
        return !operations.isEmpty()
                ? loss(steps.get(steps.size() - 1), target, value) && allAreRead()
                : refuse("the network does not compute anything");
    }

    private boolean operation(Tape.Step step) {
        Optional<PlannedOps.Operands> operands = PlannedOps.operands(step);
        if (operands.isEmpty()) {
            return refuse(named(step) + PlannedOps.whyNone(step));
        }
        List<Tensor> in = step.in();
        List<Integer> numbers = new ArrayList<>();
        for (Tensor operand : in.subList(0, operands.get().values())) {
            Integer number = values.get(operand);
            if (number == null) {
                return refuse(named(step) + " takes a tensor that is neither the batch nor computed from it");
            }
            numbers.add(number);
        }
        List<Tensor> learned = new ArrayList<>();
        for (Tensor given : in.subList(operands.get().values(), in.size())) {
            Tensor parameter = given.original();
            if (values.containsKey(given) || !(parameter.requiresGrad() || parameter.isFrozen())) {
                return refuse(named(step) + " has a constant or a result where parameters are planned");
            }
            if (!parameter.equals(parameters.computeIfAbsent(parameter.data(), numbersOf -> parameter))) {
                return refuse(named(step) + " has a parameter that shares its numbers with another tensor");
            }
            learned.add(parameter);
        }
        int features = step.out().shape().columns();
        operations.add(new Program.Operation(step.op(), List.copyOf(numbers), List.copyOf(learned), features));
        return true;
    }

    private boolean loss(Tape.Step end, Tensor target, Tensor value) {
        if (!PlannedOps.isLoss(end)) {
            return refuse(named(end) + " at the end is no loss with a planned form");
        }
        Integer output = values.get(end.in().get(0));
        boolean usual = output != null
                && output == operations.size()
                && end.in().get(1).equals(target)
                && end.out().equals(value);
        return usual || refuse("the loss compares something else than the network's output with the target");
    }

    /** What nobody reads would have to be computed all the same, and its parameters be moved by gradients of 0. */
    private boolean allAreRead() {
        for (int v = 0; v < operations.size(); v++) {
            int number = v;
            if (v > 0
                    && operations.stream()
                            .noneMatch(operation -> operation.operands().contains(number))) {
                return refuse("the result of step " + v + ", "
                        + operations.get(v - 1).op().name() + ", is not used");
            }
        }
        return true;
    }

    private static String named(Tape.Step step) {
        String layer = step.layer().isEmpty() ? "" : " in layer " + Printable.text(step.layer());
        return "the operation " + Printable.text(step.op().name()) + layer;
    }

    private boolean refuse(String reason) {
        obstacle = reason;
        return false;
    }
}

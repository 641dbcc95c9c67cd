package org.gradus.autograd;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A trainable tensor that a loss depends on, and where: at the end of the path that its gradient comes along.
 *
 * @param tensor the tensor itself, also where {@link Tape#input} made a double of it
 * @param step the first operation that uses it
 * @param index the operation's place in {@link Tape#steps()}
 * @param tapeStep the number of the tape's step
 */
public record Dependency(Tensor tensor, Tape.Step step, int index, long tapeStep) {

    /**
     * All tensors that a walk back from a loss gives a gradient to and that no operation has computed. Walks nothing.
     *
     * @param loss recorded in the present step of its tape
     * @return each tensor once, in the order of use; frozen ones are not among them
     * @throws IllegalStateException if the loss was not recorded, or belongs to an earlier step
     */
    public static List<Dependency> of(Tensor loss) {
        Tape tape = loss.tape()
                .filter(t -> loss.born() == t.step())
                .orElseThrow(
                        () -> new IllegalStateException(
                                "dependencies: '" + Printable.text(loss.name())
                                        + "' is not in the present recording of a tape; look at a loss between its computation and begin()"));
        List<Tape.Step> steps = tape.steps();
        boolean[] used = usedFor(loss, steps);
        Map<Tensor, Dependency> found = new LinkedHashMap<>();
        for (int s = 0; s < used.length; s++) {
            Tape.Step step = steps.get(s);
            for (Tensor input : used[s] ? step.in() : List.<Tensor>of()) {
                if (input.requiresGrad() && !input.isResult()) {
                    found.putIfAbsent(input.original(), new Dependency(input.original(), step, s, tape.step()));
                }
            }
        }
        return new ArrayList<>(found.values());
    }

    /** Which steps the loss was computed with: those whose results it, or a later one of them, has used. */
    private static boolean[] usedFor(Tensor loss, List<Tape.Step> steps) {
        boolean[] used = new boolean[steps.size()];
        Set<Tensor> needed = new HashSet<>(); // a tensor equals itself alone
        needed.add(loss);
        for (int s = used.length - 1; s >= 0; s--) {
            used[s] = needed.contains(steps.get(s).out());
            if (used[s]) {
                needed.addAll(steps.get(s).in());
            }
        }
        return used;
    }

    /** In words: {@code tensor 'weight' [2,784], used by affine in layer 0, operation 0 of step 1}. */
    @Override
    public String toString() {
        return tensor.describe() + ", used by " + step.op().name()
                + (step.layer().isEmpty() ? "" : " in layer " + Printable.text(step.layer())) + ", operation " + index
                + " of step "
                + tapeStep;
    }
}

package org.gradus.optim;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.gradus.autograd.Dependency;
import org.gradus.autograd.Printable;
import org.gradus.autograd.Tensor;

/** Whether an optimiser moves what a loss depends on; see {@link Optimizer#check}. */
final class Coverage {

    /** Tensors named in a message; more are counted. */
    private static final int NAMED = 4;

    private Coverage() {}

    static void check(Optimizer optimizer, Tensor loss) {
        List<Dependency> trainable = Dependency.of(loss);
        Set<Tensor> moved = new HashSet<>(); // a tensor equals itself alone
        optimizer.parameters().forEach(parameter -> moved.add(parameter.original()));
        List<Dependency> missed = trainable.stream()
                .filter(dependency -> !moved.contains(dependency.tensor()))
                .toList();
        String who = optimizer.getClass().getSimpleName();
        if (missed.size() == trainable.size()) {
            throw new IllegalStateException(who + " moves nothing that the loss depends on. It has "
                    + listed(optimizer.parameters().stream()
                            .map(Coverage::described)
                            .toList())
                    + "; the loss depends on "
                    + (missed.isEmpty() ? "no trainable tensor" : listed(missed))
                    + ". Make the optimiser of the parameters() of the network that is trained, and unfreeze() those to be"
                    + " learned");
        }
        if (!missed.isEmpty()) {
            throw new IllegalStateException(who + " lacks what the loss depends on: " + listed(missed) + ". "
                    + (missed.stream().anyMatch(dependency -> hasNumbersOf(dependency, moved))
                            ? "The optimiser has another tensor over the same numbers, with a gradient of its own; give it"
                                    + " this one"
                            : "Left out, it never learns. Give it to the optimiser: a layer's namedParameters() name all that"
                                    + " it has to learn, and the layers it holds, which a lambda cannot. Or freeze() it, if it"
                                    + " is to stay as it is"));
        }
    }

    private static boolean hasNumbersOf(Dependency dependency, Set<Tensor> moved) {
        float[] numbers = dependency.tensor().data();
        return moved.stream().map(Tensor::data).anyMatch(data -> isSame(data, numbers));
    }

    @SuppressWarnings("ReferenceEquality") // the same numbers, not equal ones
    private static boolean isSame(float[] a, float[] b) {
        return a == b;
    }

    private static String described(Tensor tensor) {
        return (tensor.name().isEmpty() ? "" : "'" + Printable.text(tensor.name()) + "' ")
                + tensor.shape()
                + (tensor.isFrozen() ? " (frozen)" : "");
    }

    private static String listed(List<?> all) {
        String named = all.stream().limit(NAMED).map(Object::toString).collect(Collectors.joining("; "));
        return all.size() > NAMED ? named + " and " + (all.size() - NAMED) + " more" : named;
    }
}

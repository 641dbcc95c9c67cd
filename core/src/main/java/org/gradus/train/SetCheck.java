package org.gradus.train;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Optional;
import java.util.Set;
import org.gradus.autograd.DomainException;
import org.gradus.autograd.Tensor;
import org.gradus.nn.BCELoss;
import org.gradus.nn.Loss;
import org.gradus.op.Bce;

/**
 * What is wrong with the numbers of a data set, looked for once and said by their place in the set; a batch has its samples in another
 * order. Remembers which targets are known to be probabilities, so that planned steps need not look at each batch.
 */
final class SetCheck {

    private final Set<float[]> probabilities = Collections.newSetFromMap(new IdentityHashMap<>());

    /**
     * Looks at a set before training.
     *
     * @param who whose set it is, such as "Trainer, training set"
     * @param finite whether NaN and infinity are refused
     */
    void require(String who, Loss loss, Tensor input, Tensor target, boolean finite) {
        if (finite) {
            Optional<DomainException> wrong = nonFinite(input, target);
            if (wrong.isPresent()) {
                String way = "; repair it or leave the sample out, or let such numbers through with keepGoing()";
                throw new DomainException(
                        who + ": " + wrong.get().getMessage() + way, wrong.get().sample());
            }
        }
        try {
            loss.requireTargets(target);
        } catch (DomainException wrong) {
            throw wrong.during(who);
        }
        if (loss instanceof BCELoss) {
            probabilities.add(target.data());
        }
    }

    /** The first number of a set that is NaN or infinite; those of the input first. */
    static Optional<DomainException> nonFinite(Tensor input, Tensor target) {
        return nonFinite("input", input)
                .or(() -> input.data() == target.data() ? Optional.empty() : nonFinite("target", target));
    }

    private static Optional<DomainException> nonFinite(String role, Tensor set) {
        float[] x = set.data();
        int at = 0;
        while (at < x.length && Float.isFinite(x[at])) {
            at++;
        }
        if (at == x.length) {
            return Optional.empty();
        }
        int sample = set.shape().sampleOf(at);
        return Optional.of(new DomainException(
                role + " " + set.shape().place(at) + " is " + x[at] + ", in sample " + sample, sample));
    }

    /** Sees to it that all targets are probabilities, which the operation in a recording would look at batch by batch. */
    void requireProbabilities(Tensor target) {
        if (!probabilities.contains(target.data())) {
            new Bce().requireTargets(target);
            probabilities.add(target.data());
        }
    }

    /** Numbers may have changed since. */
    void forget() {
        probabilities.clear();
    }

    /**
     * Places what an operation refused in a batch.
     *
     * @param wrong by its row in the batch
     * @param target all targets; if one of them is wrong, it is named by its place among them
     * @param sample the row's number in the set
     */
    static DomainException placed(DomainException wrong, Loss loss, Tensor target, int sample) {
        try {
            loss.requireTargets(target);
        } catch (DomainException ofSet) {
            return ofSet;
        }
        return wrong.during("row " + wrong.sample() + " of the batch is sample " + sample + " of the set");
    }
}

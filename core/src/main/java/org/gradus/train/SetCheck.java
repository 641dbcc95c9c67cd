package org.gradus.train;

import java.util.Optional;
import org.gradus.autograd.DomainException;
import org.gradus.autograd.Tensor;
import org.gradus.nn.BCELoss;
import org.gradus.nn.BCEWithLogitsLoss;
import org.gradus.nn.Loss;
import org.gradus.plan.KnownTargets;

/**
 * What is wrong with the numbers of a data set, looked for once and said by their place in the set; a batch has its samples in another
 * order.
 */
final class SetCheck {

    /** Numbers that are looked at together. */
    private static final int BLOCK = 4096;

    private SetCheck() {}

    /**
     * Looks at a set before training.
     *
     * @param who whose set it is, such as "Trainer, training set"
     * @param finite whether NaN and infinity are refused
     * @param known gets to know what was found out
     */
    static void require(String who, Loss loss, Tensor input, Tensor target, boolean finite, KnownTargets known) {
        if (finite) {
            Optional<DomainException> wrong = nonFinite(input, target);
            if (wrong.isPresent()) {
                String way = "; repair it or leave the sample out, or let such numbers through with keepGoing()";
                throw new DomainException(
                        who + ": " + wrong.get().getMessage() + way,
                        wrong.get().sample(),
                        wrong.get().samples());
            }
        }
        try {
            loss.requireTargets(target);
        } catch (DomainException wrong) {
            throw wrong.during(who);
        }
        if (loss instanceof BCELoss || loss instanceof BCEWithLogitsLoss) {
            known.areProbabilities(target);
        }
    }

    /** The first number of a set that is NaN or infinite; those of the input first. */
    static Optional<DomainException> nonFinite(Tensor input, Tensor target) {
        return nonFinite("input", input)
                .or(() -> input.equals(target) ? Optional.empty() : nonFinite("target", target));
    }

    private static Optional<DomainException> nonFinite(String role, Tensor set) {
        float[] x = set.data();
        int at = 0;
        while (at < x.length && isFinite(x, at, Math.min(x.length, at + BLOCK))) {
            at += BLOCK;
        }
        while (at < x.length && Float.isFinite(x[at])) {
            at++;
        }
        if (at >= x.length) {
            return Optional.empty();
        }
        int sample = set.shape().sampleOf(at);
        return Optional.of(new DomainException(
                role + " " + set.shape().place(at) + " is " + x[at] + ", in sample " + sample,
                sample,
                set.shape().samples()));
    }

    /** In a method that is called often, and so compiled soon: 0 times a number is 0, but NaN if that is not finite. */
    private static boolean isFinite(float[] x, int from, int to) {
        float a = 0f;
        float b = 0f;
        int i = from;
        for (; i < to - 1; i += 2) {
            a += 0f * x[i];
            b += 0f * x[i + 1];
        }
        return (i < to ? a + 0f * x[i] : a) + b == 0f;
    }
}

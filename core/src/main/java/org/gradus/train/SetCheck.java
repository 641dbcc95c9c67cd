package org.gradus.train;

import java.util.Arrays;
import java.util.Optional;
import org.gradus.autograd.DomainException;
import org.gradus.autograd.Shape;
import org.gradus.autograd.Tensor;
import org.gradus.data.Samples;
import org.gradus.data.TensorSamples;
import org.gradus.nn.Loss;
import org.gradus.plan.KnownTargets;
import org.gradus.plan.Targets;

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
    static void require(String who, Loss loss, Samples input, Samples target, boolean finite, KnownTargets known) {
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
            Targets.require(loss, target);
        } catch (DomainException wrong) {
            throw wrong.during(who);
        }
        if (Targets.areProbabilities(loss)) {
            known.areProbabilities(target);
        }
    }

    /** The first number of a set that is NaN or infinite; those of the input first. */
    static Optional<DomainException> nonFinite(Samples input, Samples target) {
        return nonFinite("input", input)
                .or(() -> input.equals(target) ? Optional.empty() : nonFinite("target", target));
    }

    private static Optional<DomainException> nonFinite(String role, Samples set) {
        if (set instanceof TensorSamples whole) {
            return nonFinite(role, whole.tensor());
        }
        return set.isWithin(-Float.MAX_VALUE, Float.MAX_VALUE) ? Optional.empty() : nonFiniteAsRead(role, set);
    }

    /** Sample by sample. Each is read over NaN, so that numbers which a source forgets to write are found, too. */
    private static Optional<DomainException> nonFiniteAsRead(String role, Samples set) {
        float[] one = new float[set.width()];
        for (int sample = 0; sample < set.count(); sample++) {
            Arrays.fill(one, Float.NaN);
            set.read(sample, one, 0);
            if (!isFinite(one, 0, one.length)) {
                int at = 0;
                while (Float.isFinite(one[at])) {
                    at++;
                }
                Shape shape = set.sampleShape();
                String rest = shape.rank() == 0 ? "]" : "," + shape.place(at).substring(1);
                return Optional.of(new DomainException(
                        role + " [" + sample + rest + " is " + one[at] + ", in sample " + sample, sample, set.count()));
            }
        }
        return Optional.empty();
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

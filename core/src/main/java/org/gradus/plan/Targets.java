package org.gradus.plan;

import org.gradus.autograd.DomainException;
import org.gradus.autograd.Shape;
import org.gradus.autograd.Tensor;
import org.gradus.data.Samples;
import org.gradus.data.TensorSamples;
import org.gradus.nn.BCELoss;
import org.gradus.nn.BCEWithLogitsLoss;
import org.gradus.nn.Loss;
import org.gradus.nn.MSELoss;

/** Has a loss look at all targets of a set, wherever they are kept. */
public final class Targets {

    /** Samples that are looked at together. */
    private static final int BLOCK = 512;

    private Targets() {}

    /**
     * {@link Loss#requireTargets} for a whole set.
     *
     * @param loss whose targets they are
     * @param targets all of them
     * @throws DomainException by the sample's number in the set, if the loss is not defined for one of the numbers
     */
    public static void require(Loss loss, Samples targets) {
        if (targets instanceof TensorSamples whole) {
            loss.requireTargets(whole.tensor());
        } else if (!(loss instanceof MSELoss) && !(areProbabilities(loss) && targets.isWithin(0f, 1f))) {
            for (int from = 0; from < targets.count(); from += BLOCK) {
                requireBlock(loss, targets, from, Math.min(BLOCK, targets.count() - from));
            }
        }
    }

    /** Whether a loss asks its targets to be from 0 to 1, and nothing else. */
    public static boolean areProbabilities(Loss loss) {
        return loss instanceof BCELoss || loss instanceof BCEWithLogitsLoss;
    }

    /** Looks once more at the one sample that is wrong: its numbers then have their places in it. */
    private static void requireBlock(Loss loss, Samples targets, int from, int count) {
        try {
            loss.requireTargets(block(targets, from, count));
        } catch (DomainException wrong) {
            int sample = from + Math.min(wrong.sample(), count - 1);
            String place = "samples " + from + " to " + (from + count - 1) + " of the set";
            DomainException said = wrong;
            try {
                loss.requireTargets(block(targets, sample, 1));
            } catch (DomainException alone) {
                place = "sample " + sample + " of the set, alone";
                said = alone;
            }
            throw new DomainException(place + ": " + said.getMessage(), sample, targets.count());
        }
    }

    private static Tensor block(Samples targets, int from, int count) {
        Shape shape = targets.sampleShape().batch(count);
        float[] numbers = new float[shape.size()];
        for (int i = 0; i < count; i++) {
            targets.read(from + i, numbers, i * targets.width());
        }
        return Tensor.of(shape, numbers);
    }
}

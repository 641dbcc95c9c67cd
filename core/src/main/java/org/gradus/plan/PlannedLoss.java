package org.gradus.plan;

import org.gradus.kernel.Kernels;
import org.gradus.kernel.simd.PanelKernels;

/**
 * A loss of a plan: terms of single samples first, which threads compute side by side, then their mean in the recording's order. An
 * object serves one batch at a time.
 */
abstract class PlannedLoss {

    /**
     * What a loss is made of.
     *
     * @param output the network's last value
     * @param samples of a batch
     */
    record Site(Value output, int samples) {}

    final int outputs;
    final int samples;

    PlannedLoss(Site site) {
        outputs = site.output.features;
        samples = site.samples;
    }

    /** What targets must be. */
    abstract TargetDomain domain();

    /** Whether an output may be none that the loss is defined for, and the loss then NaN: only a recording says which it is. */
    boolean mayLeaveDomain() {
        return false;
    }

    /** Numbers of a sample's target. */
    abstract int targets();

    /** Numbers that make the loss of a sample. */
    abstract int termsPerSample();

    /** Computes the terms of the samples of some panels. */
    abstract void terms(PanelKernels panels, int from, int to, float[] output, float[] target);

    /** Where {@link #terms} leaves them, those of one sample after those of the one before. */
    abstract float[] terms();

    /**
     * The mean over some samples.
     *
     * @param terms of many samples
     * @param from number of the first one
     * @param count how many
     */
    abstract float mean(float[] terms, int from, int count);

    /** Whether {@link #grad} needs what {@link #terms} has left, and whole samples; else the features of its share. */
    boolean gradFollowsTerms() {
        return false;
    }

    /** The gradient of the loss for a share of the output. */
    abstract void grad(Kernels kernels, PanelKernels panels, Share share, float[] output, float[] target, float[] g);

    /** Whether there is {@link #gradThroughSigmoid}. */
    boolean goesThroughSigmoid() {
        return false;
    }

    /** The gradient for what went into the sigmoid that made the output, in one pass: of a stretch of consecutive numbers. */
    void gradThroughSigmoid(PanelKernels panels, int start, int end, float[] output, float[] target, float[] g) {
        throw new AssertionError("asked only of a loss that goes through the sigmoid");
    }
}

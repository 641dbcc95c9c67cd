package org.gradus.plan;

import java.util.Arrays;
import org.gradus.kernel.Kernels;
import org.gradus.kernel.simd.PanelKernels;

/** Cross-entropy of a softmax over each sample's outputs, as {@link org.gradus.autograd.SoftmaxCrossEntropyOp}. */
final class PlannedCrossEntropy extends PlannedLoss {

    private final float factor;
    private final TargetDomain domain;
    private final float[] losses;
    private final float[] exponentials;
    private final float[] sums;
    private final float[] lanes = new float[Kernels.LANES];

    PlannedCrossEntropy(Site site) {
        super(site);
        factor = 1f / samples;
        domain = TargetDomain.classes(outputs);
        losses = new float[PanelKernels.size(samples, 1)];
        sums = new float[losses.length];
        exponentials = new float[PanelKernels.size(samples, outputs)];
    }

    @Override
    TargetDomain domain() {
        return domain;
    }

    @Override
    int targets() {
        return 1;
    }

    @Override
    int termsPerSample() {
        return 1;
    }

    @Override
    void terms(PanelKernels panels, int from, int to, float[] output, float[] target) {
        panels.softmaxCrossEntropy(from, to, outputs, output, target, exponentials, sums, losses);
    }

    @Override
    float[] terms() {
        return losses;
    }

    /** The sum of {@link Kernels#sumChunks} over a row of as many numbers as there are samples. */
    @Override
    float mean(float[] terms, int from, int count) {
        double sum = 0;
        for (int start = 0; start < count; start += Kernels.CHUNK) {
            Arrays.fill(lanes, 0f);
            for (int i = start; i < Math.min(count, start + Kernels.CHUNK); i++) {
                lanes[i % Kernels.LANES] += terms[from + i];
            }
            sum += Kernels.tree(lanes);
        }
        return (float) (sum / count);
    }

    @Override
    boolean gradFollowsTerms() {
        return true;
    }

    @Override
    void grad(Kernels kernels, PanelKernels panels, Share share, float[] output, float[] target, float[] g) {
        panels.softmaxCrossEntropyGrad(share.from(), share.to(), outputs, factor, exponentials, sums, target, g);
    }
}

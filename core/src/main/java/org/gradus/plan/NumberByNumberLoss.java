package org.gradus.plan;

import org.gradus.kernel.Kernels;
import org.gradus.kernel.simd.PanelKernels;

/** A loss that compares each output with a target of its own, a mean over all of them. */
abstract class NumberByNumberLoss extends PlannedLoss {

    final float[] partial;

    NumberByNumberLoss(Site site) {
        super(site);
        partial = new float[Kernels.chunks(PanelKernels.size(samples, 1), outputs)];
    }

    @Override
    final int targets() {
        return outputs;
    }

    @Override
    final int termsPerSample() {
        return Kernels.chunks(1, outputs);
    }

    @Override
    final float[] terms() {
        return partial;
    }

    @Override
    final float mean(float[] terms, int from, int count) {
        int perSample = termsPerSample();
        double sum = 0;
        for (int c = from * perSample; c < (from + count) * perSample; c++) {
            sum += terms[c];
        }
        return (float) (sum / (count * outputs));
    }
}

package org.gradus.plan;

import org.gradus.autograd.Tensor;
import org.gradus.data.Samples;
import org.gradus.kernel.simd.PanelKernels;

/**
 * Where threads read the samples of a batch, each those of its own panels, and lay them as panels. They are first written side by side,
 * each in one go: they come from anywhere in memory, and a long run of one is fetched ahead. A source that does not promise to
 * serve several threads is read by one at a time; all sources of a batch share a lock, for they may share memory.
 */
final class BatchRows {

    /** For {@link Source#gather}: samples in the order of their numbers. */
    static final int[] AS_THEY_COME = {};

    private static final float[] NOWHERE = {};
    private static final Samples NOTHING = Samples.of(Tensor.vector(0));

    final Source inputs = new Source();
    final Source targets = new Source();

    /** Before threads read; not while they do. */
    void of(Samples input, Samples target) {
        inputs.of(input);
        targets.of(target);
    }

    /** Lets go of the sets. */
    void forget() {
        of(NOTHING, NOTHING);
    }

    /** The inputs of a set, or its targets. */
    final class Source {

        private Samples set = NOTHING;
        private boolean atOnce;

        private void of(Samples samples) {
            set = samples;
            atOnce = samples.isThreadSafe();
        }

        /** As the method below, for panels of samples alone. */
        void gather(
                PanelKernels panels,
                int[] order,
                int first,
                int samples,
                int features,
                int panelFrom,
                int panelTo,
                float[] x) {
            gather(panels, order, first, samples, features, panelFrom, panelTo, x, NOWHERE);
        }

        /**
         * Gathers samples into panels. What is beyond the batch repeats its last sample.
         *
         * @param panels of the calling thread
         * @param order the samples' numbers in the set, or {@link #AS_THEY_COME}
         * @param first index in {@code order} of the batch's first sample, or its number
         * @param samples of the batch
         * @param features numbers of a sample
         * @param panelFrom first panel
         * @param panelTo panel after the last
         * @param x panels
         * @param transposed panels of features as well, or an empty array
         */
        void gather(
                PanelKernels panels,
                int[] order,
                int first,
                int samples,
                int features,
                int panelFrom,
                int panelTo,
                float[] x,
                float[] transposed) {
            float[] rows = panels.rows(features);
            for (int q = panelFrom; q < panelTo; q++) {
                for (int l = 0; l < PanelKernels.WIDTH; l++) {
                    int index = first + Math.min(q * PanelKernels.WIDTH + l, samples - 1);
                    read(order.length == 0 ? index : order[index], rows, l * features);
                }
                panels.layPanel(q, samples, features, x, transposed);
            }
        }

        private void read(int sample, float[] to, int at) {
            if (atOnce) {
                set.read(sample, to, at);
            } else {
                synchronized (BatchRows.this) {
                    set.read(sample, to, at);
                }
            }
        }
    }
}

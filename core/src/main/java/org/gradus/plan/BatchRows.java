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

        /**
         * Gathers samples into panels, and into panels of features as well and with notes of the zeros where somebody reads these. What is
         * beyond the batch repeats its last sample.
         *
         * @param panels of the calling thread
         * @param order the samples' numbers in the set, or {@link #AS_THEY_COME}
         * @param first index in {@code order} of the batch's first sample, or its number
         * @param samples of the batch
         * @param panelFrom first panel
         * @param panelTo panel after the last
         * @param batch where they go
         */
        void gather(PanelKernels panels, int[] order, int first, int samples, int panelFrom, int panelTo, Value batch) {
            for (int q = panelFrom; q < panelTo; q++) {
                readPanel(panels.rows(batch.features), order, first, samples, batch.features, q);
                panels.layPanel(q, samples, batch.features, batch.numbers, batch.transposed);
                panels.note(q, batch.nonZeros);
            }
        }

        /** Gathers samples into panels of {@code features} numbers each, else as above. */
        void gather(
                PanelKernels panels,
                int[] order,
                int first,
                int samples,
                int features,
                int panelFrom,
                int panelTo,
                float[] x) {
            for (int q = panelFrom; q < panelTo; q++) {
                readPanel(panels.rows(features), order, first, samples, features, q);
                panels.layPanel(q, samples, features, x, NOWHERE);
            }
        }

        private void readPanel(float[] rows, int[] order, int first, int samples, int features, int panel) {
            for (int l = 0; l < PanelKernels.WIDTH; l++) {
                int index = first + Math.min(panel * PanelKernels.WIDTH + l, samples - 1);
                read(order.length == 0 ? index : order[index], rows, l * features);
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

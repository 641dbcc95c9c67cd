package org.gradus.plan;

import org.gradus.autograd.Tensor;
import org.gradus.data.Samples;
import org.gradus.kernel.simd.PanelKernels;

/**
 * Where threads read the samples of a batch, each those of its own panels. A source that does not promise to serve several at once is
 * read by one at a time; both share a lock, for the two may share memory.
 */
final class BatchRows {

    private static final Samples NOTHING = Samples.of(Tensor.vector(0));

    /** Made once: a step creates nothing. */
    final PanelKernels.Rows inputs = (row, to, at) -> read(this.inputSet, this.inputsAtOnce, row, to, at);

    final PanelKernels.Rows targets = (row, to, at) -> read(this.targetSet, this.targetsAtOnce, row, to, at);

    private Samples inputSet = NOTHING;
    private Samples targetSet = NOTHING;
    private boolean inputsAtOnce;
    private boolean targetsAtOnce;

    /** Before threads read; not while they do. */
    void of(Samples input, Samples target) {
        inputSet = input;
        targetSet = target;
        inputsAtOnce = input.isThreadSafe();
        targetsAtOnce = target.isThreadSafe();
    }

    /** Lets go of the sets. */
    void forget() {
        of(NOTHING, NOTHING);
    }

    private void read(Samples set, boolean atOnce, int row, float[] to, int at) {
        if (atOnce) {
            set.read(row, to, at);
        } else {
            synchronized (this) {
                set.read(row, to, at);
            }
        }
    }
}

package org.gradus.data;

/** Whether a sample is there, and room for it. */
final class Places {

    private Places() {}

    static void require(Samples samples, int sample, float[] to, int at) {
        if (sample < 0 || sample >= samples.count()) {
            throw new IndexOutOfBoundsException(
                    "Samples.read: there is no sample " + sample + "; the " + samples.count() + " samples "
                            + samples.sampleShape() + " are numbered from 0 to " + (samples.count() - 1));
        }
        if (at < 0 || at > to.length - samples.width()) {
            throw new IndexOutOfBoundsException("Samples.read: a sample " + samples.sampleShape() + " takes "
                    + samples.width() + " numbers, which do not fit into an array of " + to.length + " from index " + at
                    + " on; give a longer array or an earlier index");
        }
    }
}

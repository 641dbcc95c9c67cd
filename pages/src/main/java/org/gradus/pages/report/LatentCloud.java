package org.gradus.pages.report;

/** Codes of a three-dimensional latent space with the digits that they encode, for an interactive plot. */
public final class LatentCloud {

    private static final int AXES = 3;

    private final float[] codes;
    private final int[] labels;

    /**
     * A cloud of n points.
     *
     * @param codes [n,3], row by row
     * @param labels [n], digits 0 to 9
     * @throws IllegalArgumentException unless there are three coordinates to a label
     */
    public LatentCloud(float[] codes, int[] labels) {
        if (codes.length != AXES * labels.length) {
            throw new IllegalArgumentException("latent cloud: " + codes.length + " coordinates do not fit "
                    + labels.length + " labels: needs 3 coordinates per label");
        }
        Labels.requireDigits("latent cloud", labels);
        this.codes = codes.clone();
        this.labels = labels.clone();
    }

    float[] codes() {
        return codes;
    }

    int[] labels() {
        return labels;
    }
}

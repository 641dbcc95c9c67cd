package org.gradus.pages.report;

import org.gradus.nn.Sequential;

/** A decoder and the codes to walk among: what the latent explorer of a page needs. */
public final class ExplorerModel {

    private final Sequential decoder;
    private final float[] codes;
    private final int[] labels;
    private final boolean sphere;

    /**
     * A map of n codes.
     *
     * @param decoder from codes of 2 columns, or 3 on the sphere, to 784 pixels: Linear, ReLU, PReLU and Sigmoid layers
     * @param codes [n,2], or [n,3] on the unit sphere, row by row; all of them are drawn
     * @param labels [n], digits 0 to 9
     * @param sphere whether codes lie on the unit sphere and are drawn unwrapped, by their angles
     * @throws IllegalArgumentException if codes and labels do not fit, or there are none
     */
    public ExplorerModel(Sequential decoder, float[] codes, int[] labels, boolean sphere) {
        int width = sphere ? 3 : 2;
        if (labels.length == 0 || codes.length != width * labels.length) {
            throw new IllegalArgumentException("latent explorer: " + codes.length + " coordinates do not fit "
                    + labels.length + " labels: needs at least one label and " + width + " coordinates per label"
                    + (sphere ? " on the sphere" : ""));
        }
        Labels.requireDigits("latent explorer", labels);
        this.decoder = decoder;
        this.codes = codes.clone();
        this.labels = labels.clone();
        this.sphere = sphere;
    }

    Sequential decoder() {
        return decoder;
    }

    float[] codes() {
        return codes;
    }

    int[] labels() {
        return labels;
    }

    boolean sphere() {
        return sphere;
    }
}

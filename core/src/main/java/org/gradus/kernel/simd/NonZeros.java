package org.gradus.kernel.simd;

/**
 * Which numbers of a batch are not 0. Of the pixels of handwritten digits four in five are: borders, and corners of the field. A link
 * {@code fma(w, 0, sum)} of a chain leaves the sum as it is, so products with a batch may leave such terms out; {@link PanelKernels#product(
 * PanelKernels.Product, NonZeros, int, int, int, int, float[], float[], float[])} does.
 *
 * <p>Both products with a batch are told here, vector of columns by vector of columns, which terms its sums need:
 *
 * <pre>
 *   forward            a vector of samples     the features that are not 0 in all of them
 *   weight gradient    a vector of features    the samples in which they are not all 0
 * </pre>
 *
 * <p>{@link PanelKernels#note} writes, each panel by one thread. Products read, after a meeting of the threads.
 */
public final class NonZeros {

    /** Of numbers that nobody has looked at. */
    public static final NonZeros UNKNOWN = new NonZeros(0, 0);

    /** Vectors in a panel. */
    static final int PARTS = PanelKernels.WIDTH / VectorMath.LENGTH;

    final int samples;
    final int features;

    /** Of samples. */
    final int panels;

    /** Of features; a rest that is narrower than a vector is left out. */
    final int vectors;

    /** Of vector v of samples from {@code v * features} on, ascending. */
    final int[] featuresOf;

    /** How many those are. */
    final int[] featureCounts;

    /** Of vector v of features and panel q of samples from {@code (v * panels + q) * 16} on, ascending. */
    final int[] samplesOf;

    /** How many those are, at {@code v * panels + q}. */
    final int[] sampleCounts;

    /** How often each panel of samples has been looked at, by which readers see that something is new. */
    final int[] looks;

    /** For how many batches each panel of samples is not looked at: its lists name all terms, so they are right whatever comes. */
    final int[] rests;

    /**
     * Memory for batches of one size.
     *
     * @param samples of a batch
     * @param features of a sample
     */
    public NonZeros(int samples, int features) {
        this.samples = samples;
        this.features = features;
        panels = PanelKernels.count(samples);
        featuresOf = new int[panels * PARTS * features];
        featureCounts = new int[panels * PARTS];
        vectors = features / VectorMath.LENGTH;
        samplesOf = new int[vectors * panels * PanelKernels.WIDTH];
        sampleCounts = new int[vectors * panels];
        looks = new int[panels];
        rests = new int[panels];
    }

    /** Whether there is anything to be known. */
    boolean isKnown() {
        return samples > 0;
    }
}

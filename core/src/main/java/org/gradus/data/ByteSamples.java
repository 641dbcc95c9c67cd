package org.gradus.data;

import org.gradus.autograd.Shape;
import org.gradus.autograd.ShapeException;

/** Unsigned bytes, each divided by one number; see {@link Samples#ofBytes}. */
final class ByteSamples implements Samples {

    private static final int VALUES = 256;

    private final byte[] bytes;
    private final Shape sampleShape;
    private final int count;
    private final int width;
    private final float[] quotients = new float[VALUES];

    ByteSamples(byte[] bytes, Shape sampleShape, float divisor) {
        if (!(divisor > 0 && divisor <= Float.MAX_VALUE)) {
            throw new IllegalArgumentException("Samples.ofBytes: the divisor is " + divisor
                    + " but must be a positive number that is finite, such as 255 for numbers from 0 to 1");
        }
        width = sampleShape.size();
        if (bytes.length == 0 || bytes.length % width != 0) {
            throw new ShapeException("Samples.ofBytes: " + bytes.length + " bytes do not make samples " + sampleShape
                    + ": give a multiple of " + width + ", at least that many");
        }
        this.bytes = bytes;
        this.sampleShape = sampleShape;
        count = bytes.length / width;
        for (int v = 0; v < VALUES; v++) {
            quotients[v] = v / divisor;
        }
    }

    @Override
    public int count() {
        return count;
    }

    @Override
    public Shape sampleShape() {
        return sampleShape;
    }

    @Override
    public int width() {
        return width;
    }

    @Override
    public void read(int sample, float[] to, int at) {
        Places.require(this, sample, to, at);
        convert(bytes, sample * width, width, quotients, to, at);
    }

    /** A loop of its own, which is compiled as a whole. */
    private static void convert(byte[] from, int first, int n, float[] quotients, float[] to, int at) {
        for (int i = 0; i < n; i++) {
            to[at + i] = quotients[from[first + i] & (VALUES - 1)];
        }
    }

    @Override
    public boolean isThreadSafe() {
        return true;
    }

    /** By the numbers that bytes can stand for, whichever occur. */
    @Override
    public boolean isWithin(float low, float high) {
        return quotients[0] >= low && quotients[VALUES - 1] <= high;
    }

    @Override
    public String toString() {
        return count + " samples " + sampleShape + " of bytes";
    }
}

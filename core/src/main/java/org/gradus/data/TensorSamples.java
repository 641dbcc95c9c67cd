package org.gradus.data;

import org.gradus.autograd.Shape;
import org.gradus.autograd.ShapeException;
import org.gradus.autograd.Tensor;

/**
 * The numbers of a tensor, samples along its first axis; see {@link Samples#of}. Whoever can use them where they lie asks for the
 * tensor.
 */
public final class TensorSamples implements Samples {

    private final Tensor tensor;
    private final float[] numbers;
    private final Shape sampleShape;
    private final int count;
    private final int width;

    TensorSamples(Tensor tensor) {
        Shape shape = tensor.shape();
        if (shape.rank() == 0) {
            throw new ShapeException("Samples.of: a tensor " + shape
                    + " is a single number; samples lie along the first axis, so give one of at least one axis");
        }
        int[] lengths = new int[shape.rank() - 1];
        for (int axis = 0; axis < lengths.length; axis++) {
            lengths[axis] = shape.length(axis + 1);
        }
        this.tensor = tensor;
        numbers = tensor.data();
        sampleShape = Shape.of(lengths);
        count = shape.length(0);
        width = sampleShape.size();
    }

    /** {@return the tensor itself} */
    public Tensor tensor() {
        return tensor;
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
        System.arraycopy(numbers, sample * width, to, at, width);
    }

    @Override
    public boolean isThreadSafe() {
        return true;
    }

    /** Equal if of the same tensor. */
    @Override
    public boolean equals(Object other) {
        return other instanceof TensorSamples that && tensor.equals(that.tensor);
    }

    @Override
    public int hashCode() {
        return tensor.hashCode();
    }

    @Override
    public String toString() {
        return count + " samples " + sampleShape + " of a tensor";
    }
}

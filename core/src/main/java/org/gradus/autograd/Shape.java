package org.gradus.autograd;

import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * The lengths of a tensor's axes, at most four; no axes at all is the shape of a single number. Elements are stored row-major:
 * the last axis runs fastest.
 */
public final class Shape {

    /** A single number. */
    public static final Shape SCALAR = new Shape();

    private static final int MAX_RANK = 4;

    private final int[] lengths;
    private final int size;

    private Shape(int... lengths) {
        this.lengths = lengths;
        this.size = (int) checkedSize(lengths);
    }

    /**
     * A shape of the given axes.
     *
     * @param lengths length of each axis, each at least 1
     * @return the shape
     * @throws ShapeException if there are more than four axes, one is below 1, or the product exceeds an int
     */
    public static Shape of(int... lengths) {
        return new Shape(lengths.clone());
    }

    private static long checkedSize(int[] lengths) {
        if (lengths.length > MAX_RANK) {
            throw new ShapeException(
                    "shape " + text(lengths) + " has " + lengths.length + " axes: at most " + MAX_RANK);
        }
        long size = 1;
        for (int length : lengths) {
            if (length < 1) {
                throw new ShapeException("shape " + text(lengths) + ": every axis must have a length of at least 1");
            }
            size *= length;
            if (size > Integer.MAX_VALUE) {
                throw new ShapeException("shape " + text(lengths) + " has more elements than an array can hold");
            }
        }
        return size;
    }

    /** {@return the number of axes, 0 to 4} */
    public int rank() {
        return lengths.length;
    }

    /** {@return the number of elements: the product of all lengths, 1 for a single number} */
    public int size() {
        return size;
    }

    /**
     * The length of one axis.
     *
     * @param axis from 0
     * @return its length
     * @throws IndexOutOfBoundsException if there is no such axis
     */
    public int length(int axis) {
        if (axis < 0 || axis >= lengths.length) {
            throw new IndexOutOfBoundsException("length: no axis " + axis + " in shape " + this);
        }
        return lengths[axis];
    }

    /**
     * {@return the number of rows when the tensor is read as a matrix: the product of all axes but the last, 1 for a vector
     * or a single number}
     */
    public int rows() {
        return size / columns();
    }

    /** {@return the length of a row: the last axis, 1 for a single number} */
    public int columns() {
        return lengths.length == 0 ? 1 : lengths[lengths.length - 1];
    }

    /**
     * The shape of several things of this shape, along a new first axis.
     *
     * @param count how many, at least 1
     * @return [count, this...]
     * @throws ShapeException if this has four axes already, if count is below 1, or if the product exceeds an int
     */
    public Shape batch(int count) {
        int[] all = new int[lengths.length + 1];
        all[0] = count;
        System.arraycopy(lengths, 0, all, 1, lengths.length);
        return new Shape(all);
    }

    /** {@return whether this is the shape of a matrix: one of two axes} */
    public boolean isMatrix() {
        return lengths.length == 2;
    }

    /**
     * Where an element is, axis by axis.
     *
     * @param element its number, row-major from 0
     * @return the indices in brackets, such as {@code [3,17]}
     */
    public String place(int element) {
        StringBuilder text = new StringBuilder();
        int rest = element;
        for (int axis = lengths.length - 1; axis >= 0; axis--) {
            text.insert(0, (axis == 0 ? "[" : ",") + rest % lengths[axis]);
            rest /= lengths[axis];
        }
        return lengths.length == 0 ? "[]" : text.append(']').toString();
    }

    /** {@return how many samples there are, lying along the first axis: its length, 1 for a single number} */
    public int samples() {
        return lengths.length == 0 ? 1 : lengths[0];
    }

    /**
     * Which sample an element belongs to, samples lying along the first axis.
     *
     * @param element its number, row-major from 0
     * @return its place along the first axis; 0 for a single number
     */
    public int sampleOf(int element) {
        return lengths.length == 0 ? 0 : element / (size / lengths[0]);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Shape that && Arrays.equals(lengths, that.lengths);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(lengths);
    }

    /** The lengths in brackets, {@code [64,784]}. */
    @Override
    public String toString() {
        return text(lengths);
    }

    private static String text(int[] lengths) {
        return Arrays.stream(lengths).mapToObj(String::valueOf).collect(Collectors.joining(",", "[", "]"));
    }
}

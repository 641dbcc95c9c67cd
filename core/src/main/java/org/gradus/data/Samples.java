package org.gradus.data;

import java.util.Arrays;
import org.gradus.autograd.Shape;
import org.gradus.autograd.ShapeException;
import org.gradus.autograd.Tensor;

/**
 * A source of samples: a fixed number of them, all of one shape, read one at a time by number. How they are kept is the source's own
 * affair, as floats, as bytes or as nothing but a formula. {@link org.gradus.train.Trainer} and {@link
 * org.gradus.train.FullSetLoss} take inputs and targets from such sources, and read a sample whenever a batch needs it; so a set that
 * takes 190 MB as floats is trained on from its 47 MB of bytes, with the same bits.
 *
 * <p>One number stands for one sample, always: whenever sample i is read, the same numbers come out. A source of one's own has three
 * methods. Here the samples are rows of a multiplication table:
 *
 * <pre>{@code
 * record Multiples(int count) implements Samples {
 *     public Shape sampleShape() {
 *         return Shape.of(10);
 *     }
 *
 *     public void read(int sample, float[] to, int at) {
 *         for (int j = 0; j < 10; j++) {
 *             to[at + j] = sample * j / 1000f;
 *         }
 *     }
 * }
 * }</pre>
 *
 * <p>Two sources that are {@linkplain Object#equals equal} give the same numbers. A network that is to reproduce its input is given
 * one source, or equal ones, as input and as target; then each sample is read once.
 */
public interface Samples {

    /** {@return how many samples there are, at least 1, and always the same number} */
    int count();

    /** {@return the shape of one sample, of at most three axes; {@link Shape#SCALAR} where each is a single number, such as a class} */
    Shape sampleShape();

    /**
     * Writes the numbers of one sample, row-major, over what stands there, and nothing else.
     *
     * @param sample its number, 0 to {@code count() - 1}
     * @param to the array
     * @param at index of the first number; {@link #width()} numbers follow from there
     * @throws IndexOutOfBoundsException if there is no such sample, or the array ends before the sample does
     */
    void read(int sample, float[] to, int at);

    /** {@return the numbers of a sample: the size of its shape} */
    default int width() {
        return sampleShape().size();
    }

    /**
     * The author's promise that several threads may call {@link #read} at the same time. Without it they take turns, which costs time
     * where there are several; a source that writes into memory of its own while it reads must not promise.
     *
     * @return false unless the author says otherwise
     */
    default boolean isThreadSafe() {
        return false;
    }

    /**
     * The author's promise that all numbers lie between two bounds and none is NaN. What asks this saves itself a look at each number.
     *
     * @param low the least number that is allowed
     * @param high the largest
     * @return false unless the author says otherwise, and where it takes reading to find out
     */
    default boolean isWithin(float low, float high) {
        return false;
    }

    /**
     * Some of these samples, in any order, also more than once. They are not copied.
     *
     * @param numbers of samples, 0 to {@code count() - 1} each, at least one; copied
     * @return a source of as many samples; sample i of it is sample {@code numbers[i]} of this one
     * @throws IndexOutOfBoundsException naming the first number that no sample has
     * @throws ShapeException if there are no numbers
     */
    default Samples rows(int... numbers) {
        return new ChosenSamples(this, numbers);
    }

    /**
     * The first of these samples, which are not copied.
     *
     * @param number how many, 1 to {@code count()}
     * @return a source of as many samples
     * @throws IllegalArgumentException if there are not so many, or none is asked for
     */
    default Samples first(int number) {
        if (number < 1 || number > count()) {
            throw new IllegalArgumentException(
                    "Samples.first: " + number + " are asked for, but must be 1 to " + count() + ", which are all");
        }
        int[] numbers = new int[number];
        Arrays.setAll(numbers, i -> i);
        return rows(numbers);
    }

    /**
     * All samples in memory of their own.
     *
     * @return [count, sampleShape...], new
     * @throws ShapeException if that is more than an array holds
     */
    default Tensor toTensor() {
        Shape shape = sampleShape().batch(count());
        float[] numbers = new float[shape.size()];
        int width = width();
        for (int i = 0; i < count(); i++) {
            read(i, numbers, i * width);
        }
        return Tensor.of(shape, numbers);
    }

    /**
     * The numbers of a tensor, which are not copied: what is written into it later is read.
     *
     * @param tensor [n, ...], samples along the first axis
     * @return n samples; equal to any other source of the same tensor
     * @throws ShapeException if the tensor is a single number without an axis
     */
    static Samples of(Tensor tensor) {
        return new TensorSamples(tensor);
    }

    /**
     * Grey images and whatever else is kept as unsigned bytes, which are not copied: a quarter of the memory of floats.
     *
     * <pre>  number = (v mod 256) / divisor      in float division, rounded once</pre>
     *
     * <p>With 255 that is, bit for bit, NumPy's {@code bytes.astype(numpy.float32) / 255}. The product with a rounded 1/255 would not
     * be.
     *
     * @param bytes sample after sample, each row-major
     * @param sampleShape of one sample
     * @param divisor a positive number that is finite
     * @return as many samples as there are bytes for
     * @throws ShapeException if the bytes do not make whole samples, or not one
     * @throws IllegalArgumentException if the divisor is 0, negative, NaN or infinite
     */
    static Samples ofBytes(byte[] bytes, Shape sampleShape, float divisor) {
        return new ByteSamples(bytes, sampleShape, divisor);
    }
}

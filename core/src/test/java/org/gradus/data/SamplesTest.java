package org.gradus.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.gradus.autograd.Shape;
import org.gradus.autograd.ShapeException;
import org.gradus.autograd.Tensor;
import org.gradus.testing.Bits;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("once")
class SamplesTest {

    private static final byte[] BYTES = {0, 1, 127, -128, -1, 51};

    /** The class comment's example. */
    private record Multiples(int count) implements Samples {
        @Override
        public Shape sampleShape() {
            return Shape.of(10);
        }

        @Override
        public void read(int sample, float[] to, int at) {
            for (int j = 0; j < 10; j++) {
                to[at + j] = sample * j / 1000f;
            }
        }
    }

    /** The float nearest to v/255, for all bytes; the product with the float nearest to 1/255 is another one for some. */
    @Test
    void bytesAreQuotients() {
        byte[] all = new byte[256];
        for (int v = 0; v < 256; v++) {
            all[v] = (byte) v;
        }
        float[] read = Samples.ofBytes(all, Shape.of(256), 255).toTensor().data();

        int different = 0;
        for (int v = 0; v < 256; v++) {
            // Correctly rounded: no float is nearer to v/255, of which a double is near enough to tell.
            double exact = v / 255.0;
            assertThat(Math.abs(read[v] - exact))
                    .isLessThanOrEqualTo(Math.abs(Math.nextUp(read[v]) - exact))
                    .isLessThanOrEqualTo(Math.abs(Math.nextDown(read[v]) - exact));
            different += read[v] == v * (1 / 255f) ? 0 : 1;
        }
        assertThat(different).as("a product would round otherwise").isPositive();
        assertThat(read[0]).isZero();
        assertThat(read[51]).isEqualTo(0.2f);
        assertThat(read[255]).isEqualTo(1f);
    }

    @Test
    void bytesHaveNoSign() {
        Samples samples = Samples.ofBytes(BYTES, Shape.of(3), 1);

        assertThat(samples.count()).isEqualTo(2);
        assertThat(samples.width()).isEqualTo(3);
        assertThat(samples.toTensor())
                .hasToString(Tensor.matrix(2, 3, 0, 1, 127, 128, 255, 51).toString());
        assertThat(samples).hasToString("2 samples [3] of bytes");
    }

    @Test
    void readWritesOneSampleAndNothingElse() {
        Samples bytes = Samples.ofBytes(BYTES, Shape.of(3), 1);
        for (Samples samples : new Samples[] {bytes, Samples.of(bytes.toTensor()), bytes.rows(0, 1)}) {
            float[] to = new float[7];
            Arrays.fill(to, -7);
            samples.read(1, to, 2);

            assertThat(to).as(samples.toString()).containsExactly(-7, -7, 128, 255, 51, -7, -7);
        }
    }

    @Test
    void shapesAreThoseOfOneSample() {
        Tensor four = Tensor.zeros(5, 1, 28, 28);
        assertThat(Samples.of(four).sampleShape()).isEqualTo(Shape.of(1, 28, 28));
        assertThat(Samples.of(four).toTensor().shape()).isEqualTo(four.shape());
        Samples classes = Samples.ofBytes(BYTES, Shape.SCALAR, 1);
        assertThat(classes.count()).isEqualTo(6);
        assertThat(classes.toTensor().shape()).isEqualTo(Shape.of(6));
        assertThat(Samples.of(Tensor.vector(1, 2)).sampleShape()).isEqualTo(Shape.SCALAR);
    }

    /** Sources of one tensor are one set, of which each sample is read once where it is input and target. */
    @Test
    void sourcesOfOneTensorAreEqual() {
        Tensor tensor = Tensor.vector(1, 2);
        assertThat(Samples.of(tensor)).isEqualTo(Samples.of(tensor)).hasSameHashCodeAs(Samples.of(tensor));
        assertThat(Samples.of(tensor)).isNotEqualTo(Samples.of(tensor.copy())).hasToString("2 samples [] of a tensor");
        assertThat(new TensorSamples(tensor).tensor()).isSameAs(tensor);
    }

    /** What is written into the tensor later is read; it is no copy. */
    @Test
    void nothingIsCopied() {
        Tensor tensor = Tensor.vector(1, 2);
        byte[] bytes = {3};
        Samples ofBytes = Samples.ofBytes(bytes, Shape.SCALAR, 1);
        Samples ofTensor = Samples.of(tensor).rows(1);
        tensor.data()[1] = 5;
        bytes[0] = 4;

        assertThat(ofTensor.toTensor().data()).containsExactly(5);
        assertThat(ofBytes.toTensor().data()).containsExactly(4);
    }

    @Test
    void rowsAreChosenInAnyOrder() {
        Samples multiples = new Multiples(8);
        int[] numbers = {7, 0, 7};
        Samples chosen = multiples.rows(numbers);
        numbers[0] = 1;

        assertThat(chosen.count()).isEqualTo(3);
        assertThat(chosen.sampleShape()).isEqualTo(Shape.of(10));
        Tensor all = multiples.toTensor();
        float[] expected = new float[30];
        System.arraycopy(all.data(), 70, expected, 0, 10);
        System.arraycopy(all.data(), 0, expected, 10, 10);
        System.arraycopy(all.data(), 70, expected, 20, 10);
        Bits.assertSame("rows", chosen.toTensor().data(), expected);
        assertThat(chosen.rows(1).toTensor().data()).containsExactly(new float[10]);
        assertThat(chosen).hasToString("3 of Multiples[count=8]");
    }

    @Test
    void theFirstOfMany() {
        Samples multiples = new Multiples(8);

        Bits.assertSame(
                "first",
                multiples.first(3).toTensor().data(),
                multiples.rows(0, 1, 2).toTensor().data());
        assertThat(multiples.first(8).count()).isEqualTo(8);
        for (int number : new int[] {0, 9}) {
            assertThatThrownBy(() -> multiples.first(number))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("Samples.first: " + number + " are asked for, but must be 1 to 8, which are all");
        }
    }

    @Test
    void promises() {
        Samples bytes = Samples.ofBytes(BYTES, Shape.of(3), 255);
        assertThat(bytes.isThreadSafe()).isTrue();
        assertThat(bytes.isWithin(0, 1)).isTrue();
        assertThat(bytes.isWithin(0, 0.99f)).isFalse();
        assertThat(bytes.isWithin(0.01f, 1)).isFalse();
        assertThat(bytes.isWithin(0, Float.NaN)).isFalse();
        assertThat(bytes.rows(1).isThreadSafe()).isTrue();
        assertThat(bytes.rows(1).isWithin(0, 1)).isTrue();
        Samples own = new Multiples(3);
        assertThat(own.isThreadSafe()).isFalse();
        assertThat(own.isWithin(-1, 1)).isFalse();
        assertThat(own.rows(1).isThreadSafe()).isFalse();
        assertThat(own.rows(1).isWithin(-1, 1)).isFalse();
        Samples tensor = Samples.of(Tensor.vector(1));
        assertThat(tensor.isThreadSafe()).isTrue();
        assertThat(tensor.isWithin(-1, 1)).as("unread").isFalse();
    }

    @Test
    void wrongNumbersAndPlaces() {
        Samples bytes = Samples.ofBytes(BYTES, Shape.of(3), 1);
        for (Samples samples : new Samples[] {bytes, Samples.of(bytes.toTensor()), bytes.rows(0, 1)}) {
            for (int sample : new int[] {-1, 2}) {
                assertThatThrownBy(() -> samples.read(sample, new float[3], 0))
                        .isInstanceOf(IndexOutOfBoundsException.class)
                        .hasMessage("Samples.read: there is no sample " + sample
                                + "; the 2 samples [3] are numbered from 0 to 1");
            }
            for (int at : new int[] {-1, 2}) {
                assertThatThrownBy(() -> samples.read(0, new float[4], at))
                        .isInstanceOf(IndexOutOfBoundsException.class)
                        .hasMessage(
                                "Samples.read: a sample [3] takes 3 numbers, which do not fit into an array of 4 from"
                                        + " index " + at + " on; give a longer array or an earlier index");
            }
        }
        assertThatThrownBy(() -> bytes.rows(1, 2))
                .isInstanceOf(IndexOutOfBoundsException.class)
                .hasMessage("Samples.rows: number 2 at index 1 is no sample of 2; they are numbered from 0 to 1");
        assertThatThrownBy(() -> bytes.rows(-1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(bytes::rows)
                .isInstanceOf(ShapeException.class)
                .hasMessage("Samples.rows: no number is given; choose at least one sample of 2");
    }

    @Test
    void wrongSets() {
        assertThatThrownBy(() -> Samples.of(Tensor.scalar(1)))
                .isInstanceOf(ShapeException.class)
                .hasMessage(
                        "Samples.of: a tensor [] is a single number; samples lie along the first axis, so give one of"
                                + " at least one axis");
        assertThatThrownBy(() -> Samples.ofBytes(BYTES, Shape.of(4), 1))
                .isInstanceOf(ShapeException.class)
                .hasMessage(
                        "Samples.ofBytes: 6 bytes do not make samples [4]: give a multiple of 4, at least that many");
        assertThatThrownBy(() -> Samples.ofBytes(new byte[0], Shape.of(4), 1)).isInstanceOf(ShapeException.class);
        for (float divisor : new float[] {0, -1, Float.NaN, Float.POSITIVE_INFINITY}) {
            assertThatThrownBy(() -> Samples.ofBytes(BYTES, Shape.of(3), divisor))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("Samples.ofBytes: the divisor is " + divisor
                            + " but must be a positive number that is finite, such as 255 for numbers from 0 to 1");
        }
        assertThatThrownBy(() -> new Multiples(Integer.MAX_VALUE).toTensor())
                .isInstanceOf(ShapeException.class)
                .hasMessageContaining("more elements than an array can hold");
        assertThatThrownBy(() -> Shape.of(1, 2, 3, 4).batch(5)).isInstanceOf(ShapeException.class);
        assertThatThrownBy(() -> Shape.of(4).batch(0)).isInstanceOf(ShapeException.class);
    }
}

package org.gradus.data;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.gradus.autograd.Shape;
import org.gradus.autograd.Tensor;
import org.gradus.testing.Bits;

class SamplesProperties {

    /** Bytes, the same numbers in a tensor, and rows of either: each number is one float division. */
    @Property(tries = 100)
    void allSourcesOfTheSameNumbersReadTheSame(
            @ForAll @Size(min = 1, max = 60) byte[] some,
            @ForAll @IntRange(min = 1, max = 9) int width,
            @ForAll @IntRange(min = 1, max = 1_000_000) int thousandths,
            @ForAll @Size(min = 1, max = 20) int[] drawn) {
        float divisor = thousandths / 1000f;
        byte[] bytes = new byte[some.length * width];
        float[] floats = new float[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (some[i % some.length] + i / some.length);
            floats[i] = (bytes[i] & 0xFF) / divisor;
        }
        Samples ofBytes = Samples.ofBytes(bytes, Shape.of(width), divisor);
        Samples ofFloats = Samples.of(Tensor.matrix(some.length, width, floats));
        Bits.assertSame("all", ofBytes.toTensor().data(), floats);

        int[] rows = new int[drawn.length];
        float[] expected = new float[rows.length * width];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = Math.floorMod(drawn[i], some.length);
            System.arraycopy(floats, rows[i] * width, expected, i * width, width);
        }
        Bits.assertSame("rows of bytes", ofBytes.rows(rows).toTensor().data(), expected);
        Bits.assertSame("rows of floats", ofFloats.rows(rows).toTensor().data(), expected);
    }
}

package org.gradus.benchmarks;

import java.util.List;
import java.util.stream.Stream;
import org.gradus.kernel.GemmKind;

/**
 * The shape of a matrix product, written {@code NT:128x784x392}.
 *
 * @param kind which operand is transposed
 * @param m rows of the product
 * @param n its columns
 * @param k length of the sums
 */
record Shape(GemmKind kind, int m, int n, int k) {

    /** The products of the tutorials' networks, and three square ones: those of {@code scripts/reference/bench_openblas.py}. */
    static final List<Shape> ALL = Stream.of(
                    "NT:64x32x784",
                    "NT:64x784x32",
                    "TN:32x784x64",
                    "NN:64x32x784",
                    "TN:784x32x64",
                    "NT:64x2x784",
                    "NT:64x784x2",
                    "TN:2x784x64",
                    "NN:64x2x784",
                    "NT:128x392x784",
                    "NT:128x784x392",
                    "TN:392x784x128",
                    "NN:128x392x784",
                    "TN:784x392x128",
                    "NT:128x1568x784",
                    "NT:32x392x784",
                    "NN:256x256x256",
                    "NN:512x512x512",
                    "NN:1024x1024x1024")
            .map(Shape::of)
            .toList();

    /**
     * Reads a shape.
     *
     * @throws IllegalArgumentException if the text is none
     */
    static Shape of(String text) {
        if (!text.matches("(NN|NT|TN):[1-9]\\d{0,4}x[1-9]\\d{0,4}x[1-9]\\d{0,4}")) {
            throw new IllegalArgumentException("shape '" + text
                    + "' is not of the form kind:m x n x k without blanks; write such as NT:128x784x392");
        }
        String[] parts = text.split("[:x]", -1);
        return new Shape(
                GemmKind.valueOf(parts[0]),
                Integer.parseInt(parts[1]),
                Integer.parseInt(parts[2]),
                Integer.parseInt(parts[3]));
    }

    /** Additions and multiplications of one product. */
    long flops() {
        return 2L * m * n * k;
    }

    @Override
    public String toString() {
        return kind + ":" + m + "x" + n + "x" + k;
    }
}

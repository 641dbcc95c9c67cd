package org.gradus.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
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

    /**
     * The products of the tutorials' networks, batches of 64, 128 and 32, and three square ones: the lines of {@code products.txt}, which
     * {@code gradus bench} and {@code scripts/reference/bench_openblas.py} read as well.
     */
    static final List<Shape> ALL = read();

    private static List<Shape> read() {
        try (InputStream file = Objects.requireNonNull(Shape.class.getResourceAsStream("products.txt"))) {
            return new String(file.readAllBytes(), StandardCharsets.US_ASCII)
                    .lines()
                    .map(Shape::of)
                    .toList();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

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

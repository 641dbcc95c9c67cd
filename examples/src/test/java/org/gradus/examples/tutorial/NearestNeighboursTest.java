package org.gradus.examples.tutorial;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.gradus.autograd.Tensor;
import org.gradus.data.Samples;
import org.gradus.random.NumpyRandom;
import org.junit.jupiter.api.Test;

class NearestNeighboursTest {

    @Test
    void majorityOfTheNearest() {
        Tensor samples = Tensor.matrix(6, 1, 0, 1, 2, 10, 11, 12);
        byte[] labels = {3, 3, 8, 8, 8, 3};
        NearestNeighbours three = new NearestNeighbours(3, Samples.of(samples), labels);

        assertThat(three.classify(Tensor.matrix(2, 1, 0.4f, 11.1f))).containsExactly(3, 8);
    }

    /** Numbers of any size, far from 0: their squares differ in digits that a float does not have, or exceed it. */
    @Test
    void samplesFarFromZeroAndOfAnySize() {
        byte[] labels = {3, 5, 8, 1};
        for (float size : new float[] {1, 0x1p80f, 0x1p-80f}) {
            for (float centre : new float[] {0, 1e6f, -8e6f}) {
                float[] samples = {0, 0, 3, 0, 0, 3, 3, 3};
                float[] queries = {1, 1, 2, 1, 1, 2, 2, 2};
                for (int i = 0; i < 8; i++) {
                    samples[i] = (centre + samples[i]) * size;
                    queries[i] = (centre + queries[i]) * size;
                }
                NearestNeighbours one = new NearestNeighbours(1, Samples.of(Tensor.matrix(4, 2, samples)), labels);

                assertThat(one.classify(Tensor.matrix(4, 2, queries)))
                        .as("%s around %s", size, centre)
                        .containsExactly(labels);
            }
        }
    }

    @Test
    void aTieGoesToTheSmallestLabel() {
        NearestNeighbours two = new NearestNeighbours(2, Samples.of(Tensor.matrix(2, 1, 0, 1)), new byte[] {9, 4});

        assertThat(two.classify(Tensor.matrix(1, 1, 0.1f))).containsExactly(4);
    }

    @Test
    void moreNeighboursThanSamplesAreAllSamples() {
        NearestNeighbours many =
                new NearestNeighbours(15, Samples.of(Tensor.matrix(3, 1, 0, 1, 50)), new byte[] {2, 7, 7});

        assertThat(many.classify(Tensor.matrix(1, 1, 0))).containsExactly(7);
    }

    /** Distances written out in double; whole numbers, so that both are exact. More queries than one block. */
    @Test
    void equalsSortedDistances() {
        NumpyRandom random = new NumpyRandom(5);
        int n = 300;
        Tensor samples = whole(n, 3, random);
        Tensor queries = whole(130, 3, random);
        byte[] labels = new byte[n];
        for (int i = 0; i < n; i++) {
            labels[i] = (byte) random.randint(0, 10);
        }

        byte[] found = new NearestNeighbours(1, Samples.of(samples), labels).classify(queries);

        for (int q = 0; q < found.length; q++) {
            int query = q;
            int[] order = IntStream.range(0, n)
                    .boxed()
                    .sorted(Comparator.comparingDouble(i -> square(samples, i, queries, query)))
                    .mapToInt(Integer::intValue)
                    .toArray();
            double nearest = square(samples, order[0], queries, q);
            int byDistance = Arrays.stream(order)
                    .filter(i -> square(samples, i, queries, query) == nearest)
                    .map(i -> labels[i])
                    .filter(label -> label == found[query])
                    .findFirst()
                    .orElse(-1);
            assertThat(found[q]).isEqualTo((byte) byDistance);
        }
    }

    private static Tensor whole(int rows, int columns, NumpyRandom random) {
        float[] numbers = new float[rows * columns];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = random.randint(-20, 20);
        }
        return Tensor.matrix(rows, columns, numbers);
    }

    private static double square(Tensor a, int i, Tensor b, int j) {
        double sum = 0;
        for (int c = 0; c < 3; c++) {
            sum += Math.pow(a.get(i, c) - b.get(j, c), 2);
        }
        return sum;
    }

    /** First half of the samples against the second; three of four are told. */
    @Test
    void accuracyIsThatOfTheSecondHalf() {
        Tensor codes = Tensor.matrix(8, 1, 0, 1, 10, 11, 0.5f, 10.5f, 9, 2);
        byte[] labels = {1, 1, 5, 5, 1, 5, 5, 5};

        assertThat(NearestNeighbours.accuracy(1, codes, labels)).isEqualTo(0.75);
    }
}

package org.gradus.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.gradus.kernel.KernelCases.Case;
import org.gradus.kernel.KernelCases.Numbers;
import org.gradus.kernel.KernelCases.Range;
import org.gradus.kernel.KernelCases.Work;
import org.gradus.testing.Bits;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Scalar kernels and the kernels in use against {@link NaiveKernels}, bit for bit, whatever the numbers. */
class KernelParityTest {

    private static final int[] LENGTHS = {
        1, 2, 3, 7, 8, 9, 15, 16, 17, 31, 32, 33, 47, 63, 64, 65, 127, 128, 129, 784, 1023, 1024, 1025, 2049, 3500
    };

    private static final int[][] MATRICES = {
        {1, 1}, {1, 16}, {2, 3}, {3, 2}, {5, 1}, {7, 10}, {16, 16}, {17, 33}, {33, 17}, {64, 2}, {64, 3}, {63, 96},
        {100, 10}, {3, 784}, {35, 1}, {19, 31}, {20, 64}, {3, 1500}
    };

    private static final Set<String> NOT_ARITHMETIC = Set.of("name", "vectorBits", "another", "panels");

    @Test
    void everyMethodHasARow() {
        Set<String> methods = Arrays.stream(Kernels.class.getDeclaredMethods())
                .filter(m -> !Modifier.isStatic(m.getModifiers()) && !m.isSynthetic())
                .map(m -> m.getName())
                .filter(name -> !NOT_ARITHMETIC.contains(name) && !name.equals("gemm"))
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> rows = KernelCases.ALL.stream().map(Case::method).collect(Collectors.toCollection(TreeSet::new));
        assertThat(rows).isEqualTo(methods);
    }

    static Stream<Case> cases() {
        return KernelCases.ALL.stream();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void hasTheBitsOfItsDefinition(Case row) {
        List<Kernels> implementations =
                List.of(Kernels.plain(), KernelProvider.kernels().another());
        for (Work work : works(row.range())) {
            Work expected = work.copy();
            row.call().on(new NaiveKernels(), expected);
            for (Kernels kernels : implementations) {
                Work actual = work.copy();
                row.call().on(kernels, actual);
                String what = kernels.name() + " " + row.method() + " " + work.from + ".." + work.to + " of "
                        + work.rows + "x" + work.columns + ", array ";
                for (int a = 0; a < expected.arrays().size(); a++) {
                    Bits.assertSame(
                            what + a, actual.arrays().get(a), expected.arrays().get(a));
                }
            }
        }
    }

    private static List<Work> works(Range range) {
        List<Work> works = new ArrayList<>();
        long seed = 1;
        for (int[] shape : shapes(range)) {
            for (int[] part : parts(extent(range, shape[0], shape[1]))) {
                for (Numbers numbers : Numbers.values()) {
                    works.add(Work.of(numbers, seed++, shape[0], shape[1], part[0], part[1]));
                }
            }
        }
        return works;
    }

    private static int[][] shapes(Range range) {
        int[][] arrays = Arrays.stream(LENGTHS).mapToObj(n -> new int[] {1, n}).toArray(int[][]::new);
        return switch (range) {
            case ROWS, COLUMNS -> MATRICES;
            case ELEMENTS -> arrays;
            case CHUNKS ->
                Stream.concat(Arrays.stream(arrays), Arrays.stream(MATRICES)).toArray(int[][]::new);
        };
    }

    private static int extent(Range range, int rows, int columns) {
        return switch (range) {
            case ELEMENTS -> rows * columns;
            case ROWS -> rows;
            case COLUMNS -> columns;
            case CHUNKS -> Kernels.chunks(rows, columns);
        };
    }

    /** The whole range, an empty one, and pieces that begin and end off any vector border. */
    private static int[][] parts(int n) {
        return new int[][] {{0, n}, {n / 2, n / 2}, {n / 3, n}, {0, n - n / 4}, {Math.min(1, n), Math.max(1, n - 1)}};
    }
}

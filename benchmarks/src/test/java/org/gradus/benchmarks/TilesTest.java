package org.gradus.benchmarks;

import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNoException;

import org.gradus.kernel.Kernels;
import org.gradus.kernel.simd.PanelKernels.Order;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is measured must also be right: every tile against the plain kernels, bit by bit. */
class TilesTest {

    private static boolean withVectors() {
        return ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
    }

    @ParameterizedTest
    @EnumSource
    void tilesHaveTheBitsOfThePlainKernels(Order order) {
        Tiles tiles = new Tiles();
        tiles.order = order;
        for (int panels : new int[] {1, 2, 3, 8}) {
            for (int terms : new int[] {1, 31, 128, 392}) {
                tiles.panels = panels;
                tiles.terms = terms;
                if (withVectors()) {
                    assertThatNoException()
                            .as("%d panels, %d terms", panels, terms)
                            .isThrownBy(tiles::setUp);
                } else {
                    assertThatIllegalStateException()
                            .isThrownBy(tiles::setUp)
                            .withMessageContaining("--add-modules jdk.incubator.vector");
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void wrongBitIsFound(Order order) {
        if (!withVectors()) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> new TileProduct(Kernels.plain(), order, 2, 64))
                    .withMessage("the plain kernels have no tiles: start java with --add-modules jdk.incubator.vector");
            return;
        }
        TileProduct product = new TileProduct(Implementation.vectorKernels(), order, 2, 64);
        float[] c = product.run();
        c[c.length - 1] = Math.nextUp(c[c.length - 1]);
        assertThatIllegalStateException()
                .isThrownBy(product::check)
                .withMessageContaining("A in order " + order + ", 2 panels, 64 terms: [")
                .withMessageContaining(",31] is ");
    }
}

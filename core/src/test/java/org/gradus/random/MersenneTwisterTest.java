package org.gradus.random;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MersenneTwisterTest {

    /** ISO/IEC 14882, [rand.predef]: the 10000th value of a default-constructed {@code std::mt19937}, whose seed is 5489. */
    @Test
    void tenThousandthWordIsThatOfTheCppStandard() {
        MersenneTwister twister = new MersenneTwister(5489);
        for (int i = 1; i < 10_000; i++) {
            twister.next32();
        }
        assertThat(Integer.toUnsignedLong(twister.next32())).isEqualTo(4123659995L);
    }

    @Test
    void seedZeroStartsAsInPyTorchAndNumPy() {
        MersenneTwister twister = new MersenneTwister(0);
        long[] words = IntStream.range(0, 4)
                .mapToLong(i -> Integer.toUnsignedLong(twister.next32()))
                .toArray();
        assertThat(words).containsExactly(2357136044L, 2546248239L, 3071714933L, 3626093760L);
    }

    /** {@code numpy.random.get_state()} after {@code seed(0); random(400)}: 800 words, so the second block. */
    @Test
    void stateEqualsNumPys() {
        MersenneTwister twister = new MersenneTwister(0);
        for (int i = 0; i < 800; i++) {
            twister.next32();
        }
        int[] words = twister.words();
        assertThat(twister.position()).isEqualTo(176);
        assertThat(IntStream.of(words).limit(3).mapToLong(Integer::toUnsignedLong))
                .containsExactly(1499117434L, 2949980591L, 2242547484L);
        assertThat(IntStream.of(words).reduce(0, (a, b) -> a ^ b)).isEqualTo(1365131999);
    }
}

package org.gradus.random;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Scale;

@Tag("once")
class RandomProperties {

    private static final long MAX_SEED = (1L << 32) - 1;

    @Property
    void permutationsHoldEveryNumberOnce(
            @ForAll @LongRange(min = 0, max = MAX_SEED) long seed, @ForAll @IntRange(max = 2000) int n) {
        int[] all = IntStream.range(0, n).toArray();
        assertThat(sorted(new NumpyRandom(seed).permutation(n))).containsExactly(all);
        assertThat(sorted(new TorchRandom(seed).randperm(n))).containsExactly(all);
    }

    @Property
    void choiceIsTheHeadOfAPermutation(
            @ForAll @LongRange(min = 0, max = MAX_SEED) long seed,
            @ForAll @IntRange(max = 300) int n,
            @ForAll @IntRange(max = 300) int some) {
        int k = Math.min(n, some);
        NumpyRandom choosing = new NumpyRandom(seed);
        NumpyRandom permuting = new NumpyRandom(seed);
        assertThat(choosing.choice(n, k)).containsExactly(Arrays.copyOf(permuting.permutation(n), k));
        assertThat(choosing.state()).isEqualTo(permuting.state());
    }

    @Property
    void restoredTorchContinuesBitForBit(
            @ForAll long seed,
            @ForAll @IntRange(max = 700) int words,
            @ForAll @IntRange(max = 40) int normals,
            @ForAll long otherSeed) {
        TorchRandom random = new TorchRandom(seed);
        random.rand(words);
        random.randn(normals);
        TorchRandom restored = new TorchRandom(otherSeed);
        restored.randn(1);
        restored.restore(random.state());
        for (int i = 0; i < 700; i++) {
            assertThat(restored.nextInt32()).isEqualTo(random.nextInt32());
        }
        assertThat(restored.randn(5)).containsExactly(random.randn(5));
        assertThat(restored.randn(21)).containsExactly(random.randn(21));
        assertThat(restored.randDouble()).isEqualTo(random.randDouble());
        assertThat(restored.randperm(9)).containsExactly(random.randperm(9));
        assertThat(restored.state()).isEqualTo(random.state());
    }

    @Property
    void restoredNumpyContinuesBitForBit(
            @ForAll @LongRange(min = 0, max = MAX_SEED) long seed,
            @ForAll @IntRange(max = 700) int doubles,
            @ForAll @IntRange(max = 40) int normals) {
        NumpyRandom random = new NumpyRandom(seed);
        random.randomSample(doubles);
        random.normal(normals);
        NumpyRandom restored = new NumpyRandom(MAX_SEED - seed);
        restored.normal();
        restored.restore(random.state());
        assertThat(restored.normal(700)).containsExactly(random.normal(700));
        assertThat(restored.randint(-3, 100, 9)).containsExactly(random.randint(-3, 100, 9));
        assertThat(restored.permutation(9)).containsExactly(random.permutation(9));
        assertThat(restored.uniform(-1, 1)).isEqualTo(random.uniform(-1, 1));
        assertThat(restored.state()).isEqualTo(random.state());
    }

    /** Symmetric bounds, those of every initialiser: the largest value, (1 - 2^-23) b, is a float below b. */
    @Property
    void uniformFloatsLieWithinSymmetricBounds(
            @ForAll long seed, @ForAll @IntRange(min = 0x00800000, max = 0x7E7FFFFF) int bits) {
        float b = Float.intBitsToFloat(bits);
        float[] out = new float[200];
        new TorchRandom(seed).uniform(out, -b, b);
        for (float v : out) {
            assertThat(v).isGreaterThanOrEqualTo(-b).isLessThan(b);
        }
    }

    /** Any bounds: as in PyTorch the last rounding may reach the upper one, never pass it. */
    @Property
    void uniformFloatsNeverPassTheirBounds(
            @ForAll long seed, @ForAll @IntRange(min = 0, max = 0x7E7FFFFF) int a, @ForAll int b) {
        float x = Float.intBitsToFloat(a);
        float y = Float.intBitsToFloat((b & 0x80FFFFFF) | (a & 0x7F000000));
        float lo = Math.min(x, y);
        float hi = Math.max(x, y);
        float[] out = new float[200];
        new TorchRandom(seed).uniform(out, lo, hi);
        for (float v : out) {
            assertThat(v).isBetween(lo, hi);
        }
    }

    @Property
    void uniformDoublesLieWithinBounds(
            @ForAll @LongRange(min = 0, max = MAX_SEED) long seed,
            @ForAll @DoubleRange(min = -1e9, max = 1e9) @Scale(9) double lo,
            @ForAll @DoubleRange(min = 1e-9, max = 1e9) @Scale(9) double width) {
        NumpyRandom random = new NumpyRandom(seed);
        for (int i = 0; i < 200; i++) {
            assertThat(random.uniform(lo, lo + width)).isBetween(lo, lo + width);
            assertThat(random.uniform(-width, width))
                    .isGreaterThanOrEqualTo(-width)
                    .isLessThan(width);
        }
    }

    @Property
    void unitValuesLieBelowOne(@ForAll @LongRange(min = 0, max = MAX_SEED) long seed) {
        NumpyRandom random = new NumpyRandom(seed);
        TorchRandom torch = new TorchRandom(seed);
        for (int i = 0; i < 200; i++) {
            assertThat(random.random()).isGreaterThanOrEqualTo(0).isLessThan(1);
            assertThat(torch.randDouble()).isGreaterThanOrEqualTo(0).isLessThan(1);
            assertThat(torch.rand()).isGreaterThanOrEqualTo(0).isLessThan(1);
        }
    }

    @Property
    void randintStaysInItsRange(@ForAll @LongRange(min = 0, max = MAX_SEED) long seed, @ForAll int a, @ForAll int b) {
        if (a != b) {
            for (int v : new NumpyRandom(seed).randint(Math.min(a, b), Math.max(a, b), 50)) {
                assertThat(v).isGreaterThanOrEqualTo(Math.min(a, b)).isLessThan(Math.max(a, b));
            }
        }
    }

    private static int[] sorted(int[] values) {
        Arrays.sort(values);
        return values;
    }
}

package org.gradus.random;

import java.util.OptionalDouble;

/**
 * PyTorch's random numbers on the CPU: the stream of {@code torch.manual_seed(seed)}.
 *
 * <p>Uniform values and permutations equal PyTorch's bit for bit. Normal values come from the same words, and lie within 3
 * ulp of PyTorch's (5 after scaling by a standard deviation): logarithm, sine and cosine are {@link StrictMath}'s, the
 * same on every platform, where PyTorch uses the approximations of the machine it runs on.
 *
 * <p>What a call draws depends on how many values it asks for, as in PyTorch: {@code randn(17)} is not {@code randn(16)}
 * and one more. Ask for a tensor in one call. Not thread-safe.
 */
public final class TorchRandom {

    /** From this many values on PyTorch draws normal values in blocks of this length. */
    private static final int BLOCK = 16;

    private static final int HALF = BLOCK / 2;
    private static final float TWO_PI = (float) (2 * Math.PI);

    private final MersenneTwister twister;
    private boolean hasCachedNormal;
    private double cachedNormal;

    /**
     * The stream of {@code torch.manual_seed(seed)}.
     *
     * @param seed any number; PyTorch, too, uses only its low 32 bits
     */
    public TorchRandom(long seed) {
        twister = new MersenneTwister((int) seed);
    }

    /**
     * Starts the stream again, as {@code torch.manual_seed}; a cached normal value is forgotten.
     *
     * @param seed any number; PyTorch, too, uses only its low 32 bits
     */
    public void manualSeed(long seed) {
        twister.seed((int) seed);
        hasCachedNormal = false;
    }

    /** {@return the next raw word of the stream: 32 random bits, so half of the words are negative} */
    public int nextInt32() {
        return twister.next32();
    }

    /**
     * One uniform value in [0, 1), as {@code torch.rand(1)}:
     *
     * <pre>  x = (word &amp; FFFFFF) 2^-24</pre>
     *
     * @return the value
     */
    public float rand() {
        return (twister.next32() & 0xFFFFFF) * 0x1p-24f;
    }

    /**
     * Uniform values in [0, 1), as {@code torch.rand(count)}.
     *
     * @param count how many
     * @return the values
     * @throws IllegalArgumentException if {@code count} is negative
     */
    public float[] rand(int count) {
        float[] out = new float[checkCount("rand", count)];
        for (int i = 0; i < count; i++) {
            out[i] = rand();
        }
        return out;
    }

    /**
     * One uniform value in [0, 1) of 53 bits, as {@code torch.rand(1, dtype=torch.float64)}: two words, the first one
     * the upper half.
     *
     * <pre>  x = ((word1 2^32 + word2) mod 2^53) 2^-53</pre>
     *
     * @return the value
     */
    public double randDouble() {
        long upper = twister.next32();
        long lower = twister.next32() & 0xFFFF_FFFFL;
        return ((upper << 32 | lower) & ((1L << 53) - 1)) * 0x1p-53;
    }

    /**
     * Fills {@code out} with uniform values, as {@code tensor.uniform_(lo, hi)}.
     *
     * @param out to be overwritten
     * @param lo lower bound
     * @param hi upper bound
     * @see #uniform(float[], int, int, double, double)
     */
    public void uniform(float[] out, double lo, double hi) {
        uniform(out, 0, out.length, lo, hi);
    }

    /**
     * Fills {@code out[from .. from + count - 1]} with uniform values, as {@code tensor.uniform_(lo, hi)}: one word each,
     * in order.
     *
     * <pre>  x = fma(u, hi - lo, lo)     u = rand(), in float</pre>
     *
     * <p>Values lie in [lo, hi]. The upper bound itself appears only where the last rounding reaches it (1 and 2 are such
     * bounds, -a and a are not), as in PyTorch.
     *
     * @param out where the values go
     * @param from index of the first
     * @param count how many
     * @param lo lower bound
     * @param hi upper bound
     * @throws IllegalArgumentException if the range lies outside the array, {@code lo > hi}, or a bound or {@code hi - lo}
     *     is no finite float
     */
    public void uniform(float[] out, int from, int count, double lo, double hi) {
        checkRange("uniform", out, from, count);
        if (!(lo <= hi)) {
            throw new IllegalArgumentException(
                    "TorchRandom.uniform: lower bound " + lo + " must not exceed upper bound " + hi);
        }
        float low = (float) lo;
        float width = (float) hi - low;
        if (!Float.isFinite(low) || !Float.isFinite(width)) {
            throw new IllegalArgumentException(
                    "TorchRandom.uniform: bounds " + lo + " and " + hi + " and their distance must be finite floats");
        }
        for (int i = from, end = from + count; i < end; i++) {
            out[i] = Math.fma(rand(), width, low);
        }
    }

    /**
     * Standard normal values, as {@code torch.randn(count)}; for a shape, {@code count} is the number of its elements.
     *
     * @param count how many
     * @return the values
     * @throws IllegalArgumentException if {@code count} is negative
     * @see #normal(float[], int, int, double, double)
     */
    public float[] randn(int count) {
        float[] out = new float[checkCount("randn", count)];
        normal(out, 0, count, 0, 1);
        return out;
    }

    /**
     * Fills {@code out} with normal values, as {@code tensor.normal_(mean, std)}.
     *
     * @param out to be overwritten
     * @param mean centre
     * @param std standard deviation, 0 or more
     * @see #normal(float[], int, int, double, double)
     */
    public void normal(float[] out, double mean, double std) {
        normal(out, 0, out.length, mean, std);
    }

    /**
     * Fills {@code out[from .. from + count - 1]} with normal values, as {@code tensor.normal_(mean, std)}.
     *
     * <p>Below 16 values, in double: pairs, whose second value waits for the next value asked for, in this call or a
     * later one.
     *
     * <pre>
     *   u1, u2 = randDouble(), randDouble()
     *   r = sqrt(-2 log1p(-u2)),  theta = 2 pi u1
     *   z = r cos(theta), then r sin(theta)               out = fma(z, std, mean), rounded to float
     * </pre>
     *
     * <p>From 16 values on, in float: everything is first filled with {@code d = rand()}, then turned block by block;
     * where {@code count} is no multiple of 16 the last 16 are drawn afresh, so up to 15 values are made twice.
     *
     * <pre>
     *   u1 = 1 - d[j],  u2 = d[j+8],  j = 0..7 of each block
     *   r = sqrt(-2 log(u1)),  theta = 2 pi u2
     *   z[j] = r cos(theta),  z[j+8] = r sin(theta)       out = fma(z, std, mean)
     * </pre>
     *
     * <p>Source: G. E. P. Box and M. E. Muller, "A note on the generation of random normal deviates", Annals of
     * Mathematical Statistics 29(2), 1958.
     *
     * @param out where the values go
     * @param from index of the first
     * @param count how many
     * @param mean centre
     * @param std standard deviation, 0 or more
     * @throws IllegalArgumentException if the range lies outside the array, {@code std} is negative or {@code mean} or
     *     {@code std} is no finite float
     */
    public void normal(float[] out, int from, int count, double mean, double std) {
        checkRange("normal", out, from, count);
        if (!(std >= 0)) {
            throw new IllegalArgumentException("TorchRandom.normal: standard deviation " + std + " must be 0 or more");
        }
        if (!Float.isFinite((float) mean) || !Float.isFinite((float) std)) {
            throw new IllegalArgumentException(
                    "TorchRandom.normal: mean " + mean + " and standard deviation " + std + " must be finite floats");
        }
        int end = from + count;
        if (count < BLOCK) {
            for (int i = from; i < end; i++) {
                out[i] = (float) Math.fma(nextNormal(), std, mean);
            }
            return;
        }
        fillRand(out, from, end);
        int lastFull = end - BLOCK;
        for (int i = from; i <= lastFull; i += BLOCK) {
            boxMuller(out, i, (float) mean, (float) std);
        }
        if (count % BLOCK != 0) {
            fillRand(out, lastFull, end);
            boxMuller(out, lastFull, (float) mean, (float) std);
        }
    }

    private double nextNormal() {
        if (hasCachedNormal) {
            hasCachedNormal = false;
            return cachedNormal;
        }
        double u1 = randDouble();
        double u2 = randDouble();
        double r = Math.sqrt(-2 * StrictMath.log1p(-u2));
        double theta = 2 * Math.PI * u1;
        cachedNormal = r * StrictMath.sin(theta);
        hasCachedNormal = true;
        return r * StrictMath.cos(theta);
    }

    private void fillRand(float[] out, int from, int end) {
        for (int i = from; i < end; i++) {
            out[i] = rand();
        }
    }

    /**
     * Turns 16 uniform values into 16 normal ones. Every step is rounded to float: with doubles in between, values near
     * the zeros of sine and cosine would differ from PyTorch's by hundreds of ulps.
     */
    private static void boxMuller(float[] d, int from, float mean, float std) {
        for (int j = from; j < from + HALF; j++) {
            float u1 = 1 - d[j];
            float theta = TWO_PI * d[j + HALF];
            float log = (float) StrictMath.log(u1);
            float r = (float) Math.sqrt(-2 * log);
            float cos = (float) StrictMath.cos(theta);
            float sin = (float) StrictMath.sin(theta);
            d[j] = Math.fma(r * cos, std, mean);
            d[j + HALF] = Math.fma(r * sin, std, mean);
        }
    }

    /**
     * A random order of 0 .. n-1, as {@code torch.randperm(n)}.
     *
     * @param n how many, 0 or more
     * @return each of the n numbers once
     * @throws IllegalArgumentException if {@code n} is negative
     * @see #randperm(int[])
     */
    public int[] randperm(int n) {
        int[] out = new int[checkCount("randperm", n)];
        randperm(out);
        return out;
    }

    /**
     * Fills {@code out} with a random order of 0 .. n-1, n its length, as {@code torch.randperm(n)}: one word for each
     * place but the last.
     *
     * <pre>  for i = 0 .. n-2:  swap p[i] and p[i + word mod (n - i)]</pre>
     *
     * @param out to be overwritten
     */
    public void randperm(int[] out) {
        int n = out.length;
        for (int i = 0; i < n; i++) {
            out[i] = i;
        }
        for (int i = 0; i < n - 1; i++) {
            int j = i + Integer.remainderUnsigned(twister.next32(), n - i);
            int kept = out[i];
            out[i] = out[j];
            out[j] = kept;
        }
    }

    /** {@return where this stream stands, for a checkpoint: a copy, which later draws do not change} */
    public RandomState state() {
        return new RandomState(
                twister.words(),
                twister.position(),
                hasCachedNormal ? OptionalDouble.of(cachedNormal) : OptionalDouble.empty());
    }

    /**
     * Continues where the {@code TorchRandom} whose {@link #state()} this is stood.
     *
     * @param state from {@link #state()}
     */
    public void restore(RandomState state) {
        twister.restore(state.words(), state.position());
        hasCachedNormal = state.cachedNormal().isPresent();
        cachedNormal = state.cachedNormal().orElse(0);
    }

    private static int checkCount(String method, int count) {
        if (count < 0) {
            throw new IllegalArgumentException("TorchRandom." + method + ": cannot draw " + count + " values");
        }
        return count;
    }

    private static void checkRange(String method, float[] out, int from, int count) {
        if (from < 0 || count < 0 || from > out.length - count) {
            throw new IllegalArgumentException("TorchRandom." + method + ": " + count + " values from index " + from
                    + " on do not fit an array of " + out.length);
        }
    }
}

package org.gradus.random;

import java.util.Arrays;
import java.util.OptionalDouble;

/**
 * NumPy's legacy random numbers: the stream of {@code numpy.random.seed(seed)}, not of {@code numpy.random.default_rng}.
 *
 * <p>Everything equals NumPy's bit for bit, except that one normal value in about 3,500 differs by an ulp of a double (one
 * in about 22,000 by two, one of 3 million by three), where the C library that NumPy uses rounded a logarithm the other way;
 * here it is the same on every platform. Not thread-safe.
 */
public final class NumpyRandom {

    private static final long MAX_SEED = (1L << 32) - 1;

    private final MersenneTwister twister;
    private boolean hasCachedNormal;
    private double cachedNormal;

    /**
     * The stream of {@code numpy.random.seed(seed)}.
     *
     * @param seed 0 to 2^32 - 1
     * @throws IllegalArgumentException for any other seed, as in NumPy
     */
    public NumpyRandom(long seed) {
        twister = new MersenneTwister(checkSeed(seed));
    }

    /**
     * Starts the stream again, as {@code numpy.random.seed}; a cached normal value is forgotten.
     *
     * @param seed 0 to 2^32 - 1
     * @throws IllegalArgumentException for any other seed, as in NumPy
     */
    public void seed(long seed) {
        twister.seed(checkSeed(seed));
        hasCachedNormal = false;
    }

    /**
     * One uniform value in [0, 1) of 53 bits, as {@code numpy.random.random()} and {@code random_sample()}:
     *
     * <pre>  x = ((word1 &gt;&gt;&gt; 5) 2^26 + (word2 &gt;&gt;&gt; 6)) / 2^53</pre>
     *
     * @return the value
     */
    public double random() {
        long upper = (twister.next32() & 0xFFFF_FFFFL) >>> 5;
        long lower = (twister.next32() & 0xFFFF_FFFFL) >>> 6;
        return (upper << 26 | lower) * 0x1p-53;
    }

    /**
     * Uniform values in [0, 1), as {@code numpy.random.random_sample(count)}.
     *
     * @param count how many
     * @return the values
     * @throws IllegalArgumentException if {@code count} is negative
     */
    public double[] randomSample(int count) {
        double[] out = new double[checkCount("randomSample", count)];
        for (int i = 0; i < count; i++) {
            out[i] = random();
        }
        return out;
    }

    /**
     * One uniform value between two bounds, as {@code numpy.random.uniform(lo, hi)}:
     *
     * <pre>  x = lo + (hi - lo) u     u = random()</pre>
     *
     * <p>Values lie in [lo, hi]; the upper bound itself appears only where the last rounding reaches it, as in NumPy.
     *
     * @param lo lower bound
     * @param hi upper bound
     * @return the value
     * @throws IllegalArgumentException if {@code lo > hi}, or a bound or {@code hi - lo} is not finite
     */
    public double uniform(double lo, double hi) {
        double width = hi - lo;
        if (!(lo <= hi) || !Double.isFinite(width)) {
            throw new IllegalArgumentException("NumpyRandom.uniform: bounds " + lo + " and " + hi
                    + " must be finite, in this order and a finite distance apart");
        }
        return lo + width * random();
    }

    /**
     * One standard normal value, as {@code numpy.random.normal()} and {@code randn()}, by the polar method. Values come in
     * pairs; the second one waits for the next call.
     *
     * <pre>
     *   x1, x2 = 2 random() - 1, 2 random() - 1,  s = x1^2 + x2^2,  again unless 0 &lt; s &lt; 1
     *   z = x2 sqrt(-2 ln(s) / s), then x1 sqrt(-2 ln(s) / s)
     * </pre>
     *
     * <p>Source: G. Marsaglia and T. A. Bray, "A convenient method for generating normal variables", SIAM Review 6(3), 1964.
     *
     * @return the value
     */
    public double normal() {
        if (hasCachedNormal) {
            hasCachedNormal = false;
            return cachedNormal;
        }
        double x1;
        double x2;
        double s;
        do {
            x1 = 2 * random() - 1;
            x2 = 2 * random() - 1;
            s = x1 * x1 + x2 * x2;
        } while (s >= 1 || s == 0);
        double f = Math.sqrt(-2 * PreciseLog.log(s) / s);
        cachedNormal = f * x1;
        hasCachedNormal = true;
        return f * x2;
    }

    /**
     * One normal value, as {@code numpy.random.normal(mean, std)}: {@code mean + std z}.
     *
     * @param mean centre
     * @param std standard deviation, 0 or more
     * @return the value
     * @throws IllegalArgumentException if {@code std} is negative or not a number
     */
    public double normal(double mean, double std) {
        if (!(std >= 0)) {
            throw new IllegalArgumentException("NumpyRandom.normal: standard deviation " + std + " must be 0 or more");
        }
        return mean + std * normal();
    }

    /**
     * Standard normal values, as {@code numpy.random.normal(size=count)} and {@code randn(count)}.
     *
     * @param count how many
     * @return the values
     * @throws IllegalArgumentException if {@code count} is negative
     */
    public double[] normal(int count) {
        double[] out = new double[checkCount("normal", count)];
        for (int i = 0; i < count; i++) {
            out[i] = normal();
        }
        return out;
    }

    /**
     * One integer of lo .. hi-1, as {@code numpy.random.randint(lo, hi)} with its default element type: a word's low bits,
     * as many as hi-1-lo has, until they are at most hi-1-lo. A range of one number takes no word.
     *
     * @param lo the smallest
     * @param hi one more than the largest
     * @return the integer
     * @throws IllegalArgumentException if {@code lo >= hi}
     */
    public int randint(int lo, int hi) {
        if (lo >= hi) {
            throw new IllegalArgumentException("NumpyRandom.randint: lower bound " + lo
                    + " must be less than upper bound " + hi + ", which is exclusive");
        }
        return lo + below(hi - 1 - lo);
    }

    /**
     * Integers of lo .. hi-1, as {@code numpy.random.randint(lo, hi, count)}.
     *
     * @param lo the smallest
     * @param hi one more than the largest
     * @param count how many
     * @return the integers
     * @throws IllegalArgumentException if {@code lo >= hi} or {@code count} is negative
     */
    public int[] randint(int lo, int hi, int count) {
        int[] out = new int[checkCount("randint", count)];
        for (int i = 0; i < count; i++) {
            out[i] = randint(lo, hi);
        }
        return out;
    }

    /**
     * A random order of 0 .. n-1, as {@code numpy.random.permutation(n)}.
     *
     * @param n how many, 0 or more
     * @return each of the n numbers once
     * @throws IllegalArgumentException if {@code n} is negative
     */
    public int[] permutation(int n) {
        int[] out = new int[checkCount("permutation", n)];
        permutation(out);
        return out;
    }

    /**
     * Fills {@code out} with a random order of 0 .. n-1, n its length, as {@code numpy.random.permutation(n)}.
     *
     * @param out to be overwritten
     */
    public void permutation(int[] out) {
        for (int i = 0; i < out.length; i++) {
            out[i] = i;
        }
        shuffle(out);
    }

    /**
     * Shuffles in place, as {@code numpy.random.shuffle} does a one-dimensional array.
     *
     * <pre>  for i = n-1 .. 1:  swap a[i] and a[j],  j of 0 .. i drawn as by randint(0, i + 1)</pre>
     *
     * @param a to be reordered
     */
    public void shuffle(int[] a) {
        for (int i = a.length - 1; i > 0; i--) {
            int j = below(i);
            int kept = a[i];
            a[i] = a[j];
            a[j] = kept;
        }
    }

    /**
     * {@code k} different numbers of 0 .. n-1, as {@code numpy.random.choice(n, k, replace=False)}: the first k of a whole
     * permutation, which is what it costs, too.
     *
     * @param n how many to choose from
     * @param k how many to choose
     * @return k numbers, none twice
     * @throws IllegalArgumentException if {@code k} or {@code n} is negative, or {@code k} is more than {@code n}
     */
    public int[] choice(int n, int k) {
        checkCount("choice", n);
        checkCount("choice", k);
        if (k > n) {
            throw new IllegalArgumentException("NumpyRandom.choice: cannot choose " + k + " different numbers of " + n
                    + "; choiceWithReplacement may repeat them");
        }
        return Arrays.copyOf(permutation(n), k);
    }

    /**
     * {@code count} numbers of 0 .. n-1, possibly repeated, as {@code numpy.random.choice(n, count)}, which is {@code
     * randint(0, n, count)}.
     *
     * @param n how many to choose from
     * @param count how many to choose
     * @return the numbers
     * @throws IllegalArgumentException if {@code count} is negative, or {@code n} is less than 1
     */
    public int[] choiceWithReplacement(int n, int count) {
        checkCount("choiceWithReplacement", count);
        if (n < 1) {
            throw new IllegalArgumentException(
                    "NumpyRandom.choiceWithReplacement: nothing to choose from " + n + " numbers; needs 1 or more");
        }
        return randint(0, n, count);
    }

    /** {@return where this stream stands, for a checkpoint: a copy, which later draws do not change} */
    public RandomState state() {
        return new RandomState(
                twister.words(),
                twister.position(),
                hasCachedNormal ? OptionalDouble.of(cachedNormal) : OptionalDouble.empty());
    }

    /**
     * Continues where the {@code NumpyRandom} whose {@link #state()} this is stood, as {@code numpy.random.set_state}.
     *
     * @param state from {@link #state()}
     */
    public void restore(RandomState state) {
        twister.restore(state.words(), state.position());
        hasCachedNormal = state.cachedNormal().isPresent();
        cachedNormal = state.cachedNormal().orElse(0);
    }

    /** A number of 0 .. max, max unsigned, by masked rejection: the smallest 2^b - 1 not below max cuts the words. */
    private int below(int max) {
        if (max == 0) {
            return 0;
        }
        int mask = -1 >>> Integer.numberOfLeadingZeros(max);
        int value;
        do {
            value = twister.next32() & mask;
        } while (Integer.compareUnsigned(value, max) > 0);
        return value;
    }

    private static int checkSeed(long seed) {
        if (seed < 0 || seed > MAX_SEED) {
            throw new IllegalArgumentException(
                    "NumpyRandom: seed " + seed + " is outside 0.." + MAX_SEED + ", the seeds of numpy.random.seed");
        }
        return (int) seed;
    }

    private static int checkCount(String method, int count) {
        if (count < 0) {
            throw new IllegalArgumentException("NumpyRandom." + method + ": cannot draw " + count + " values");
        }
        return count;
    }
}

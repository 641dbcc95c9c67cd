package org.gradus.random;

/**
 * MT19937, the 32-bit Mersenne Twister with period 2^19937 - 1.
 *
 * <pre>
 *   seeding    x[0] = seed,  x[i] = 1812433253 (x[i-1] ^ (x[i-1] &gt;&gt;&gt; 30)) + i
 *   block      y = top bit of x[k], low 31 bits of x[k+1]
 *              x[k] = x[k+397] ^ (y &gt;&gt;&gt; 1) ^ (y odd ? 9908B0DF : 0)        indices modulo 624
 *   tempering  y ^= y &gt;&gt;&gt; 11,  y ^= (y &lt;&lt; 7) &amp; 9D2C5680,  y ^= (y &lt;&lt; 15) &amp; EFC60000,  y ^= y &gt;&gt;&gt; 18
 * </pre>
 *
 * <p>Source: M. Matsumoto and T. Nishimura, "Mersenne Twister: A 623-dimensionally equidistributed uniform pseudo-random
 * number generator", ACM TOMACS 8(1), 1998; the seeding is that of their 2002 revision.
 */
final class MersenneTwister {

    /** Words of state. */
    static final int SIZE = 624;

    private static final int SHIFT = 397;
    private static final int TOP_BIT = 0x8000_0000;
    private static final int LOW_BITS = 0x7FFF_FFFF;

    private final int[] words = new int[SIZE];
    private int position;

    MersenneTwister(int seed) {
        seed(seed);
    }

    /** Starts the stream of this 32-bit seed; the first word drawn makes the first block. */
    void seed(int seed) {
        words[0] = seed;
        for (int i = 1; i < SIZE; i++) {
            words[i] = 1812433253 * (words[i - 1] ^ (words[i - 1] >>> 30)) + i;
        }
        position = SIZE;
    }

    /** The next tempered word: 32 random bits. */
    int next32() {
        if (position == SIZE) {
            nextBlock();
        }
        int y = words[position++];
        y ^= y >>> 11;
        y ^= (y << 7) & 0x9D2C5680;
        y ^= (y << 15) & 0xEFC60000;
        return y ^ (y >>> 18);
    }

    private void nextBlock() {
        // Three ranges instead of a modulo: where k + 397 and k + 1 do not wrap, where k + 397 does, and where both do.
        for (int k = 0; k < SIZE - SHIFT; k++) {
            words[k] = words[k + SHIFT] ^ mix(words[k], words[k + 1]);
        }
        for (int k = SIZE - SHIFT; k < SIZE - 1; k++) {
            words[k] = words[k + SHIFT - SIZE] ^ mix(words[k], words[k + 1]);
        }
        words[SIZE - 1] = words[SHIFT - 1] ^ mix(words[SIZE - 1], words[0]);
        position = 0;
    }

    private static int mix(int upper, int lower) {
        int y = (upper & TOP_BIT) | (lower & LOW_BITS);
        return (y >>> 1) ^ (-(y & 1) & 0x9908B0DF);
    }

    /** A copy of the 624 words of the current block. */
    int[] words() {
        return words.clone();
    }

    /** How many words of the current block are used up: 0 to 624. */
    int position() {
        return position;
    }

    /** Continues where a generator with these words and this position stood. */
    void restore(int[] savedWords, int savedPosition) {
        System.arraycopy(savedWords, 0, words, 0, SIZE);
        position = savedPosition;
    }
}

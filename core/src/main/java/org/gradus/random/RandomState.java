package org.gradus.random;

import java.util.Arrays;
import java.util.OptionalDouble;

/**
 * Where a random stream stands, complete: a stream restored from it continues bit for bit. The parts are those of
 * {@code numpy.random.get_state()}: key, pos, has_gauss and cached_gaussian.
 *
 * @param words the 624 words of the current MT19937 block, before tempering; copied on the way in and out
 * @param position how many of them are used up, 0 to 624
 * @param cachedNormal the second normal value of the last pair, if it has not been handed out yet
 */
@SuppressWarnings("ArrayRecordComponent") // copied on both sides and compared by content below
public record RandomState(int[] words, int position, OptionalDouble cachedNormal) {

    /**
     * Checks and copies.
     *
     * @throws IllegalArgumentException if this cannot be the state of an MT19937 stream
     */
    public RandomState {
        if (words.length != MersenneTwister.SIZE) {
            throw new IllegalArgumentException("RandomState: " + words.length + " words, but MT19937 has "
                    + MersenneTwister.SIZE + "; was the saved state cut short?");
        }
        if (position < 0 || position > MersenneTwister.SIZE) {
            throw new IllegalArgumentException(
                    "RandomState: position " + position + " is outside 0.." + MersenneTwister.SIZE);
        }
        if (cachedNormal.isPresent() && !Double.isFinite(cachedNormal.getAsDouble())) {
            throw new IllegalArgumentException("RandomState: cached normal value is " + cachedNormal.getAsDouble()
                    + "; use OptionalDouble.empty() where there is none");
        }
        words = words.clone();
    }

    /** {@return the 624 words of the current block, a copy} */
    @Override
    public int[] words() {
        return words.clone();
    }

    /** Equal states continue with equal streams. */
    @Override
    public boolean equals(Object other) {
        return other instanceof RandomState that
                && position == that.position
                && cachedNormal.equals(that.cachedNormal)
                && Arrays.equals(words, that.words);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * Arrays.hashCode(words) + position) + cachedNormal.hashCode();
    }

    /** Position and cached value; 624 words would help nobody. */
    @Override
    public String toString() {
        return "RandomState[MT19937, position " + position + " of " + MersenneTwister.SIZE + ", cached normal "
                + (cachedNormal.isPresent() ? cachedNormal.getAsDouble() : "none") + "]";
    }
}

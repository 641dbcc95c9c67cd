package org.gradus.testing;

import static org.assertj.core.api.Assertions.fail;

/** Comparison of floats bit for bit; NaN equals NaN whatever its payload. */
public final class Bits {

    private Bits() {}

    /** Whether two floats are the same, +0 and -0 apart. */
    public static boolean same(float a, float b) {
        return Float.floatToIntBits(a) == Float.floatToIntBits(b);
    }

    /** Fails at the first element whose bits differ, with both values and their bits. */
    public static void assertSame(String what, float[] actual, float[] expected) {
        if (actual.length != expected.length) {
            fail("%s: %d elements instead of %d", what, actual.length, expected.length);
        }
        for (int i = 0; i < expected.length; i++) {
            if (!same(actual[i], expected[i])) {
                fail(
                        "%s: element %d of %d is %s (%08x) instead of %s (%08x)",
                        what,
                        i,
                        expected.length,
                        actual[i],
                        Float.floatToRawIntBits(actual[i]),
                        expected[i],
                        Float.floatToRawIntBits(expected[i]));
            }
        }
    }
}

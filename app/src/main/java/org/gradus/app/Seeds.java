package org.gradus.app;

/** The seeds both random streams take. */
final class Seeds {

    private static final long LARGEST = 0xFFFF_FFFFL;

    private Seeds() {}

    static void require(long seed) {
        if (seed < 0 || seed > LARGEST) {
            throw new CommandFailure("--seed is " + seed + " but must be 0 to " + LARGEST);
        }
    }
}

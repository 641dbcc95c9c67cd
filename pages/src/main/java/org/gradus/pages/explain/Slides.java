package org.gradus.pages.explain;

/**
 * The order of the slides: the image, forward through n operations, backward through them, the update, the image again.
 *
 * @param operations n, the loss included
 */
record Slides(int operations) {

    int image() {
        return 0;
    }

    /** Of operation k, from 1. */
    int forward(int k) {
        return k;
    }

    /** Of operation k, from 1. */
    int backward(int k) {
        return 2 * operations + 1 - k;
    }

    int update() {
        return 2 * operations + 1;
    }
}

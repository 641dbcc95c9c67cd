package org.gradus.linalg;

import org.gradus.autograd.ShapeException;
import org.gradus.autograd.Tensor;

/** What both factorisations ask of their data. */
final class Samples {

    private Samples() {}

    /** Refuses what is no matrix. */
    static void requireMatrix(String method, String role, Tensor x) {
        if (!x.shape().isMatrix()) {
            throw new ShapeException(method + ": " + role + " " + x.shape() + " must be a matrix [samples, features]");
        }
    }

    /** Refuses a matrix of another width. */
    static void requireColumns(String method, String role, Tensor x, int columns, String of) {
        requireMatrix(method, role, x);
        if (x.shape().columns() != columns) {
            throw new ShapeException(method + ": " + role + " " + x.shape() + " has "
                    + x.shape().columns() + " columns but " + of + " has " + columns + "; they must be equal");
        }
    }

    /** Refuses more components than a matrix can have rank. */
    static void requireComponents(String method, Tensor x, int components) {
        int rows = x.shape().rows();
        int columns = x.shape().columns();
        int most = Math.min(rows, columns);
        if (components < 1 || components > most) {
            throw new IllegalArgumentException(method + ": " + components + " components asked of " + rows
                    + " samples x " + columns + " features; must be 1 to " + most);
        }
    }

    /** Refuses NaN and infinity. */
    static void requireFinite(String method, String role, Tensor x) {
        float[] data = x.data();
        for (int i = 0; i < data.length; i++) {
            if (!Float.isFinite(data[i])) {
                throw new IllegalArgumentException(method + ": " + at(role, x, i) + "; every entry must be finite");
            }
        }
    }

    /** Refuses NaN, infinity and numbers below 0. */
    static void requireNotNegative(String method, String role, Tensor x) {
        requireFinite(method, role, x);
        float[] data = x.data();
        for (int i = 0; i < data.length; i++) {
            if (data[i] < 0) {
                throw new IllegalArgumentException(
                        method + ": " + at(role, x, i) + "; entries must be 0 or more, add a constant to the data");
            }
        }
    }

    /** Refuses infinity that came of finite numbers; gives the result. */
    static Tensor requireHeld(String method, String role, String what, Tensor result) {
        float[] data = result.data();
        int columns = result.shape().columns();
        for (int i = 0; i < data.length; i++) {
            if (!Float.isFinite(data[i])) {
                throw new IllegalArgumentException(method + ": entry " + i % columns + " of the " + what + " of " + role
                        + "[" + i / columns + "] is more than a float holds; divide " + role + " by a constant");
            }
        }
        return result;
    }

    private static String at(String role, Tensor x, int index) {
        int columns = x.shape().columns();
        return role + "[" + index / columns + "," + index % columns + "] is " + x.data()[index];
    }
}

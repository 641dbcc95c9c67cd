package org.gradus.autograd;

/** What shapes an operation accepts, and the error that says which two do not fit and why. */
final class ShapeRules {

    private ShapeRules() {}

    static Shape product(String op, Shape x, Shape w) {
        requireMatrix(op, "x", x);
        requireMatrix(op, "W", w);
        if (x.length(1) != w.length(0)) {
            String way = x.length(1) == w.length(1) ? " Did you mean the transpose of W?" : "";
            throw new ShapeException(op + ": x " + x + " cannot multiply W " + w + ": columns of x (" + x.length(1)
                    + ") must equal rows of W (" + w.length(0) + ")." + way);
        }
        return Shape.of(x.length(0), w.length(1));
    }

    static Shape affine(String op, Shape x, Shape w, Shape b) {
        requireMatrix(op, "x", x);
        requireMatrix(op, "W", w);
        if (x.length(1) != w.length(1)) {
            String way = x.length(1) == w.length(0) ? " Did you mean the transpose of W?" : "";
            throw new ShapeException(op + ": x " + x + " does not fit W " + w + ": columns of x (" + x.length(1)
                    + ") must equal columns of W (" + w.length(1) + "), which is stored as [out,in]." + way);
        }
        if (b.rank() != 1 || b.size() != w.length(0)) {
            throw new ShapeException(op + ": bias " + b + " does not fit W " + w + ": needs length " + w.length(0)
                    + ", the number of rows of W");
        }
        return Shape.of(x.length(0), w.length(0));
    }

    static Shape sameOrRow(String op, Shape x, Shape y) {
        boolean row = y.rank() == 1 && x.rank() >= 1 && y.size() == x.columns();
        if (!x.equals(y) && !row) {
            throw new ShapeException(
                    op + ": x " + x + " and y " + y + " do not fit: y must have the shape of x, or be one row of "
                            + x.columns() + "; reshape y, or swap the two if y is the larger");
        }
        return x;
    }

    static Shape slope(String op, Shape x, Shape slope) {
        if (slope.rank() != 1 || (slope.size() != 1 && slope.size() != x.columns())) {
            throw new ShapeException(op + ": slope " + slope + " does not fit x " + x + ": needs length 1, or "
                    + x.columns() + ", the number of columns");
        }
        return x;
    }

    static Shape sameSize(String op, Shape x, Shape wanted) {
        if (x.size() != wanted.size()) {
            throw new ShapeException(op + ": x " + x + " has " + x.size() + " elements and cannot become " + wanted
                    + ", which has " + wanted.size());
        }
        return wanted;
    }

    static Shape loss(String op, Shape output, Shape target) {
        if (!output.equals(target)) {
            throw new ShapeException(op + ": output " + output + " and target " + target
                    + " must have the same shape; is the target the batch that the output was computed from?");
        }
        return Shape.SCALAR;
    }

    static Shape classes(String op, Shape logits, Shape classes) {
        requireMatrix(op, "logits", logits);
        if (classes.rank() != 1 || classes.size() != logits.length(0)) {
            throw new ShapeException(op + ": classes " + classes + " do not fit logits " + logits + ": needs length "
                    + logits.length(0) + ", one class number per row");
        }
        return Shape.SCALAR;
    }

    private static void requireMatrix(String op, String role, Shape shape) {
        if (!shape.isMatrix()) {
            throw new ShapeException(op + ": " + role + " " + shape + " must be a matrix [rows,columns]; reshape() it");
        }
    }
}

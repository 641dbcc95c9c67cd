package org.gradus.examples.transform;

import java.util.function.DoubleSupplier;
import org.gradus.autograd.Tensor;
import org.gradus.data.Samples;
import org.gradus.random.NumpyRandom;

/**
 * Images turned about their centre.
 *
 * <pre>
 *   source of output pixel (r, c), with m = (side - 1) / 2 the centre and a the angle:
 *     y =  cos a (r - m) + sin a (c - m) + m
 *     x = -sin a (r - m) + cos a (c - m) + m
 *   0 where y or x lies outside [0, side - 1], else
 *     sum over i, j = -1 .. 2 of w_i(y - floor y) w_j(x - floor x) pixel(floor y + i, floor x + j)
 *   w(t) = (1-t)^3/6, (3t^3 - 6t^2 + 4)/6, (-3t^3 + 3t^2 + 3t + 1)/6, t^3/6      cubic B-spline
 *   pixels beyond an edge are mirrored at the edge pixel: -1 is 1, side is side - 2
 * </pre>
 *
 * <p>A positive angle turns counter-clockwise on the screen. The spline weights fall on the pixels themselves, not on
 * coefficients that were solved for first, so an image is smoothed a little even at 0 degrees. Equals {@code
 * scipy.ndimage.rotate(image, degrees, reshape=False, prefilter=False)} up to the rounding of a float.
 */
public final class Rotation {

    private static final int TAPS = 4;

    private final int side;
    private final double[] across = new double[TAPS];
    private final double[] down = new double[TAPS];
    private final int[] column = new int[TAPS];

    private Rotation(int side) {
        this.side = side;
    }

    /**
     * Turns each image by an angle of its own, uniform in [-degrees, degrees).
     *
     * @param images samples [side * side], square images of at least 2 x 2 pixels
     * @param degrees the largest angle
     * @param random one {@code numpy.random.random()} u is drawn per image: the angle is {@code 2 u degrees - degrees}
     * @return [n, side * side], new memory
     * @throws IllegalArgumentException if the images are not square or smaller than 2 x 2
     */
    public static Tensor random(Samples images, double degrees, NumpyRandom random) {
        Rotation rotation = new Rotation(side("Rotation.random", images));
        return rotation.turned(images, () -> random.random() * 2 * degrees - degrees);
    }

    /**
     * Turns all images by the same angle.
     *
     * @param images samples [side * side], square images of at least 2 x 2 pixels
     * @param degrees the angle, positive for counter-clockwise
     * @return [n, side * side], new memory
     * @throws IllegalArgumentException if the images are not square or smaller than 2 x 2
     */
    public static Tensor by(Samples images, double degrees) {
        Rotation rotation = new Rotation(side("Rotation.by", images));
        return rotation.turned(images, () -> degrees);
    }

    /** Image by image, each by the next angle. */
    private Tensor turned(Samples images, DoubleSupplier degrees) {
        int pixels = side * side;
        float[] image = new float[pixels];
        float[] rotated = new float[Math.multiplyExact(images.count(), pixels)];
        for (int i = 0; i < images.count(); i++) {
            images.read(i, image, 0);
            turn(image, degrees.getAsDouble(), rotated, i * pixels);
        }
        return Tensor.matrix(images.count(), pixels, rotated);
    }

    private static int side(String who, Samples images) {
        int side = SquareImages.side(who, images);
        if (side < 2) {
            throw new IllegalArgumentException(
                    who + ": images of 1x1 have no edge to mirror at; the side must be 2 or more");
        }
        return side;
    }

    private void turn(float[] image, double degrees, float[] rotated, int start) {
        // StrictMath, so that angles give the same pixels on every platform.
        double cos = StrictMath.cos(StrictMath.toRadians(degrees));
        double sin = StrictMath.sin(StrictMath.toRadians(degrees));
        if (degrees % 90 == 0) {
            // Exactly, or rounding would take edge pixels, which come from edge pixels, from outside.
            cos = Math.rint(cos);
            sin = Math.rint(sin);
        }
        double centre = (side - 1) / 2.0;
        for (int r = 0; r < side; r++) {
            for (int c = 0; c < side; c++) {
                double y = cos * (r - centre) + sin * (c - centre) + centre;
                double x = -sin * (r - centre) + cos * (c - centre) + centre;
                if (y >= 0 && y <= side - 1 && x >= 0 && x <= side - 1) {
                    rotated[start + r * side + c] = (float) sample(image, y, x);
                }
            }
        }
    }

    private double sample(float[] pixels, double y, double x) {
        int top = (int) y;
        int left = (int) x;
        weights(y - top, down);
        weights(x - left, across);
        for (int j = 0; j < TAPS; j++) {
            column[j] = mirrored(left + j - 1);
        }
        double value = 0;
        for (int i = 0; i < TAPS; i++) {
            int row = mirrored(top + i - 1) * side;
            double sum = 0;
            for (int j = 0; j < TAPS; j++) {
                sum += across[j] * pixels[row + column[j]];
            }
            value += down[i] * sum;
        }
        return value;
    }

    private static void weights(double t, double[] w) {
        double u = 1 - t;
        w[0] = u * u * u / 6;
        w[1] = (3 * t * t * t - 6 * t * t + 4) / 6;
        w[2] = (3 * u * u * u - 6 * u * u + 4) / 6;
        w[3] = t * t * t / 6;
    }

    /** One step beyond an edge mirrors to one step within; two steps, at the last pixel, to two. */
    private int mirrored(int index) {
        int last = side - 1;
        int inside = Math.abs(index);
        return inside <= last ? inside : Math.floorMod(2 * last - inside, 2 * last);
    }
}

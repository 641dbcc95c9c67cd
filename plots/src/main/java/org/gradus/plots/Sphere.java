package org.gradus.plots;

/**
 * Points of the unit sphere as two angles, like places on a globe as latitude and longitude. The maps are the
 * notebooks' {@code to_s2} and {@code to_u3}:
 *
 * <pre>
 * r = sqrt(x x + y y + z z)     theta = arccos(z / r)  in [0, pi]      phi = atan2(x, y)  in [-pi, pi]   (x first)
 * x = sin theta sin phi         y = sin theta cos phi                  z = cos theta
 * </pre>
 *
 * They are worked out in double with {@link StrictMath} and rounded once.
 */
public final class Sphere {

    private Sphere() {}

    /**
     * From points to angles.
     *
     * @param points [n,3], row-major, of any length but 0
     * @return (theta, phi) of each, [n,2]
     * @throws IllegalArgumentException if a point is the origin, which has no direction, or is not finite
     */
    public static float[] toS2(float[] points) {
        requireWidth("toS2", "points", points, 3);
        int n = points.length / 3;
        float[] angles = new float[2 * n];
        for (int i = 0; i < n; i++) {
            double x = points[3 * i];
            double y = points[3 * i + 1];
            double z = points[3 * i + 2];
            double r = Math.sqrt(x * x + y * y + z * z);
            if (r == 0 || !Double.isFinite(r)) {
                throw new IllegalArgumentException("toS2: point " + i + " is (" + x + ", " + y + ", " + z
                        + "), which has no direction; codes must lie on the sphere");
            }
            angles[2 * i] = (float) StrictMath.acos(z / r);
            angles[2 * i + 1] = (float) StrictMath.atan2(x, y);
        }
        return angles;
    }

    /**
     * From angles to points of the unit sphere.
     *
     * @param angles (theta, phi) of each point, [n,2], row-major
     * @return [n,3]
     */
    public static float[] toU3(float[] angles) {
        requireWidth("toU3", "angles", angles, 2);
        int n = angles.length / 2;
        float[] points = new float[3 * n];
        for (int i = 0; i < n; i++) {
            double theta = angles[2 * i];
            double phi = angles[2 * i + 1];
            points[3 * i] = (float) (StrictMath.sin(theta) * StrictMath.sin(phi));
            points[3 * i + 1] = (float) (StrictMath.sin(theta) * StrictMath.cos(phi));
            points[3 * i + 2] = (float) StrictMath.cos(theta);
        }
        return points;
    }

    private static void requireWidth(String map, String what, float[] values, int width) {
        if (values.length % width != 0) {
            throw new IllegalArgumentException(
                    map + ": " + values.length + " numbers are not n " + what + " of " + width + " coordinates each");
        }
    }
}

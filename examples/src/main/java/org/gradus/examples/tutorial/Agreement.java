package org.gradus.examples.tutorial;

import java.util.Map;

/**
 * How far a run may be from PyTorch's under the same seed.
 *
 * <p>Rounding alone sets the bounds. Shallow networks hardly notice it. Deep ones amplify it: PyTorch with another set
 * of matrix kernels moves as far from itself. Fine-tuning (T3.1 to T3.3) starts from PyTorch's reference network, or from our own,
 * which is another network already; then its batches are not compared and its table has twice the room.
 *
 * @param table largest difference of a cell of the loss table
 * @param firstTen largest relative difference of the first 10 batch losses; infinite if they are not compared
 */
record Agreement(double table, double firstTen) {

    private static final double SHALLOW = 2e-5;
    private static final double TEN = 1e-6;
    private static final double NOT_COMPARED = Double.POSITIVE_INFINITY;

    private static final Agreement DEEP = new Agreement(6e-3, TEN);

    private static final Map<String, Agreement> DEEP_RUNS = Map.of(
            "T2.1", new Agreement(1.5e-3, TEN),
            "T2.2", new Agreement(1.5e-3, TEN),
            "T2.3", DEEP,
            "T2.B1", DEEP,
            "T3.0", DEEP,
            "T3.4", DEEP,
            "T3.5", DEEP,
            "T3.6", new Agreement(1.2e-2, TEN));

    /** The bounds of an experiment. */
    static Agreement of(String id, boolean fromOwnReference) {
        return switch (id) {
            case "T3.1", "T3.2", "T3.3" ->
                fromOwnReference ? new Agreement(8e-3, NOT_COMPARED) : new Agreement(4e-3, TEN);
            default -> DEEP_RUNS.getOrDefault(id, new Agreement(SHALLOW, TEN));
        };
    }
}

package org.gradus.examples.tutorial;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.gradus.autograd.Tensor;
import org.gradus.examples.run.TrainedRun;
import org.gradus.nn.Sequential;

/**
 * What the experiments that were run have left in memory, by the experiment's id: trained networks, codes, weights and measured
 * quantities. Later experiments start from them, and the conclusions are drawn from them.
 */
public final class Results {

    private final Map<String, TrainedRun> runs = new LinkedHashMap<>();
    private final Map<String, Tensor> codes = new LinkedHashMap<>();
    private final Map<String, Map<String, Tensor>> weights = new LinkedHashMap<>();
    private final Map<String, Double> measured = new LinkedHashMap<>();

    Results() {}

    void keepRun(String id, TrainedRun run) {
        runs.put(id, run);
    }

    void keepCodes(String id, Tensor codesOfTest) {
        codes.put(id, codesOfTest);
    }

    /** Keeps the weights of a network as they are now. */
    void keepWeights(String id, Sequential net) {
        Map<String, Tensor> copies = new LinkedHashMap<>();
        net.stateDict().forEach((name, tensor) -> copies.put(name, tensor.copy()));
        weights.put(id, copies);
    }

    void keepMeasured(String id, String name, double value) {
        measured.put(id + " " + name, value);
    }

    /**
     * A training.
     *
     * @param id of its experiment
     * @return the run, if it was among those selected
     */
    public Optional<TrainedRun> run(String id) {
        return Optional.ofNullable(runs.get(id));
    }

    /**
     * Codes of all test images.
     *
     * @param id of an experiment
     * @return [n,width], if it was among those selected
     */
    public Optional<Tensor> codes(String id) {
        return Optional.ofNullable(codes.get(id));
    }

    /**
     * The weights that an experiment kept.
     *
     * @param id of the experiment
     * @return by name
     */
    public Map<String, Tensor> weights(String id) {
        Map<String, Tensor> kept = weights.get(id);
        if (kept == null) {
            throw new AssertionError("experiment " + id + " was not run");
        }
        return kept;
    }

    /**
     * A measured quantity.
     *
     * @param id of its experiment
     * @param name as it was printed
     * @return its value, if the experiment was among those selected
     */
    public OptionalDouble measured(String id, String name) {
        Double value = measured.get(id + " " + name);
        return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
    }
}

package org.gradus.examples.tutorial;

import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.gradus.nn.BCELoss;
import org.gradus.nn.Init;
import org.gradus.nn.Linear;
import org.gradus.nn.MSELoss;
import org.gradus.nn.PReLU;
import org.gradus.nn.ReLU;
import org.gradus.nn.Sequential;
import org.gradus.nn.Sigmoid;
import org.gradus.random.TorchRandom;

/**
 * Tutorial 1, autoencoders with one hidden layer: an image of 784 pixels goes through a bottleneck of 32 or of 2 units and is
 * reconstructed. Read from top to bottom; each method is an experiment.
 *
 * <p>Every experiment seeds both random streams, builds its network, and seeds them again before training, so that its numbers
 * do not depend on what ran before.
 */
public final class Tutorial1 {

    private static final int BATCH = 64;

    private record Experiment(String id, String title, Consumer<Notebook> body) {}

    private static final List<Experiment> EXPERIMENTS = List.of(
            new Experiment("T1.3", "32 units, trained with mean squared error", Tutorial1::meanSquaredError),
            new Experiment("T1.5a", "MSE or BCE: two epochs with MSE", Tutorial1::twoEpochsOfMse),
            new Experiment("T1.5b", "MSE or BCE: two epochs with BCE", Tutorial1::twoEpochsOfBce),
            new Experiment("T1.6", "2 units with PReLU", Tutorial1::twoUnits),
            new Experiment("T1.B1", "2 units with ReLU: one dies", Tutorial1::deadUnit),
            new Experiment("T1.B1c", "2 units with ReLU: another torch seed, both live", Tutorial1::bothUnitsLive),
            new Experiment("T1.B2", "2 units with ReLU: Kaiming uniform weights", Tutorial1::kaimingUniform),
            new Experiment("T1.B2n", "2 units with ReLU: Kaiming normal weights", Tutorial1::kaimingNormal),
            new Experiment("T1.B3", "2 units: PReLU instead of ReLU", Tutorial1::prelu));

    private Tutorial1() {}

    /** T1.3: 784-32-784, 10 epochs of MSE. The test loss ends slightly below the training loss. */
    private static void meanSquaredError(Notebook notebook) {
        notebook.seed();
        Sequential net = autoencoder32(notebook.torch());
        notebook.seed();
        notebook.train(net, new MSELoss(), 10, BATCH);
        notebook.compare("T1.3");
    }

    /** T1.5a: the first two epochs of T1.3 ... */
    private static void twoEpochsOfMse(Notebook notebook) {
        notebook.seed();
        Sequential net = autoencoder32(notebook.torch());
        notebook.seed();
        notebook.train(net, new MSELoss(), 2, BATCH);
        notebook.printBothLosses();
        notebook.compare("T1.3");
    }

    /** T1.5b: ... and the same with BCE, which punishes confident mistakes harder and learns faster. */
    private static void twoEpochsOfBce(Notebook notebook) {
        notebook.seed();
        Sequential net = autoencoder32(notebook.torch());
        notebook.seed();
        notebook.train(net, new BCELoss(), 2, BATCH);
        notebook.printBothLosses();
        notebook.compare("T1.5b");
    }

    /** T1.6: a bottleneck of two units, whose codes can be drawn. Under one seed this is T1.B3. */
    private static void twoUnits(Notebook notebook) {
        notebook.seed();
        Sequential net = autoencoder2WithPReLU(notebook.torch());
        notebook.seed();
        notebook.train(net, new BCELoss(), 10, BATCH);
        notebook.compare("T1.B3");
    }

    /** T1.B1: with ReLU the first unit is negative for every image. Its gradient is 0 and it never recovers. */
    private static void deadUnit(Notebook notebook) {
        notebook.seed();
        Sequential net = autoencoder2WithReLU(notebook.torch());
        notebook.seed();
        notebook.train(net, new BCELoss(), 10, BATCH);
        notebook.compare("T1.B1");
    }

    /** T1.B1c: the same from other initial weights, the order of images unchanged. */
    private static void bothUnitsLive(Notebook notebook) {
        notebook.seed(notebook.seedNumber() + 1);
        Sequential net = autoencoder2WithReLU(notebook.torch());
        notebook.seed(notebook.seedNumber() + 1);
        notebook.train(net, new BCELoss(), 10, BATCH);
        notebook.compare("T1.B1c");
    }

    /** T1.B2: the encoder's weights drawn anew, from a range sqrt 6 times as wide. The decoder keeps its own. */
    private static void kaimingUniform(Notebook notebook) {
        notebook.seed();
        Sequential net = autoencoder2WithReLU(notebook.torch());
        notebook.seed();
        Init.kaimingUniform(encoder(net).weight(), notebook.torch());
        notebook.seed();
        notebook.train(net, new BCELoss(), 10, BATCH);
        notebook.compare("T1.B2");
    }

    /** T1.B2n: the same with a normal distribution. */
    private static void kaimingNormal(Notebook notebook) {
        notebook.seed();
        Sequential net = autoencoder2WithReLU(notebook.torch());
        notebook.seed();
        Init.kaimingNormal(encoder(net).weight(), notebook.torch());
        notebook.seed();
        notebook.train(net, new BCELoss(), 10, BATCH);
        notebook.compare("T1.B2n");
    }

    /** T1.B3: or an activation that cannot die. */
    private static void prelu(Notebook notebook) {
        notebook.seed();
        Sequential net = autoencoder2WithPReLU(notebook.torch());
        notebook.seed();
        notebook.train(net, new BCELoss(), 10, BATCH);
        notebook.compare("T1.B3");
    }

    private static Sequential autoencoder32(TorchRandom torch) {
        return new Sequential(new Linear(784, 32, torch), new ReLU(), new Linear(32, 784, torch), new Sigmoid());
    }

    private static Sequential autoencoder2WithReLU(TorchRandom torch) {
        return new Sequential(new Linear(784, 2, torch), new ReLU(), new Linear(2, 784, torch), new Sigmoid());
    }

    private static Sequential autoencoder2WithPReLU(TorchRandom torch) {
        return new Sequential(new Linear(784, 2, torch), new PReLU(), new Linear(2, 784, torch), new Sigmoid());
    }

    /** The first layer. */
    static Linear encoder(Sequential net) {
        return (Linear) net.get(0);
    }

    /**
     * The experiments.
     *
     * @return their ids, in order
     */
    public static List<String> ids() {
        return EXPERIMENTS.stream().map(Experiment::id).toList();
    }

    /**
     * Runs experiments, in the tutorial's order whatever that of the ids, and then checks the conclusions that they allow.
     *
     * @param notebook where they print to and leave their results
     * @param selected ids of experiments
     */
    public static void run(Notebook notebook, Set<String> selected) {
        for (Experiment experiment : EXPERIMENTS) {
            if (selected.contains(experiment.id)) {
                notebook.begin(experiment.id, experiment.title);
                experiment.body.accept(notebook);
            }
        }
        Tutorial1Checks.run(notebook);
    }
}

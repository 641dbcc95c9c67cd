package org.gradus.examples.tutorial2;

import static org.gradus.examples.tutorial.Plots.row;

import java.io.IOException;
import java.util.List;
import org.gradus.autograd.Tensor;
import org.gradus.data.Samples;
import org.gradus.examples.tutorial.Codes;
import org.gradus.examples.tutorial.Contents;
import org.gradus.examples.tutorial.Experiment;
import org.gradus.examples.tutorial.Notebook;
import org.gradus.examples.tutorial.Tutorial;
import org.gradus.nn.BCELoss;
import org.gradus.nn.Init;
import org.gradus.nn.Layer;
import org.gradus.nn.Linear;
import org.gradus.nn.NormalizeLayer;
import org.gradus.nn.PReLU;
import org.gradus.nn.Sequential;
import org.gradus.nn.Sigmoid;
import org.gradus.random.TorchRandom;

/**
 * Tutorial 2, deep autoencoders: more layers around the same narrow bottleneck, then a third unit, then codes on a
 * sphere. Read from top to bottom; each method is an experiment.
 *
 * <p>All networks start with Kaiming normal weights in every Linear layer but the last, and are trained with binary
 * cross-entropy in batches of 128. Both random streams are seeded before a network is built and once more before it is
 * trained.
 */
public final class Tutorial2 {

    private static final int BATCH = 128;

    private Tutorial2() {}

    /**
     * Runs the whole tutorial with seed 0 and leaves its report in the folder {@code report}.
     *
     * @param args none
     * @throws IOException if the report cannot be written
     */
    public static void main(String[] args) throws IOException {
        tutorial().runAlone();
    }

    /**
     * The experiments in their order.
     *
     * @return tutorial 2
     */
    public static Tutorial tutorial() {
        return new Tutorial(
                Contents.TWO,
                """
                One hidden layer of two units kept the digits no better apart than principal components do. This
                tutorial keeps the narrow bottleneck and makes encoder and decoder deep: several layers fold the space
                of images step by step before the code is read off.

                Then the code itself changes. A third unit makes room; and when the three numbers are scaled to length
                1, the code becomes a point on the surface of a sphere, which has no edge to flee to, so that the
                classes must share it.
                """,
                List.of(
                        new Experiment("T2.1", "Deep autoencoder, 2 units", 34, Tutorial2::deepPlane),
                        new Experiment("T2.2", "Deep autoencoder, 3 units", 38, Tutorial2::deepSpace),
                        new Experiment("T2.3", "Deep autoencoder on the sphere", 33, Tutorial2::sphere),
                        new Experiment("T2.B1", "Deeper and wider on the sphere", 85, Tutorial2::deepAndThick)),
                Tutorial2Checks::run);
    }

    /** T2.1: as many code units as T1.6, two more layers on either side. */
    private static void deepPlane(Notebook notebook) {
        notebook.text("""
            From 784 pixels through 392 and 64 units down to 2, and back the same way: 666,791 parameters where T1.6 had
            3,923. Weights start with Kaiming's spread, so that signals about keep their size through the layers; the
            last layer, which has a sigmoid behind it, keeps its default.

            The code still is a point of the plane, but the loss falls far below that of one hidden layer, and where
            T1.6 showed a blur the map now shows classes as rays and islands that spread out from the origin. How a digit
            is written is in the code as well, as far as there is room: along the grid the ones lean or stand upright.
            """);
        notebook.seed();
        TorchRandom torch = notebook.torch();
        Sequential net = new Sequential(
                new Linear(784, 392, torch),
                new PReLU(),
                new Linear(392, 64, torch),
                new PReLU(),
                new Linear(64, 2, torch),
                new PReLU(),
                new Linear(2, 64, torch),
                new PReLU(),
                new Linear(64, 392, torch),
                new PReLU(),
                new Linear(392, 784, torch),
                new Sigmoid());
        kaimingNormal(net.slice(0, 10), torch);
        notebook.seed();
        notebook.train(net, new BCELoss(), 10, BATCH);
        notebook.compare("T2.1");

        Tensor codes = notebook.encode(net.slice(0, 6));
        notebook.plot().loss();
        reconstructions(notebook, net);
        notebook.plot()
                .latent(
                        "Deep autoencoder with 2 units",
                        codes,
                        notebook.testLabels(),
                        notebook.fiveHundred(),
                        net.slice(6, 12));
    }

    /** T2.2: one more dimension. */
    private static void deepSpace(Notebook notebook) {
        notebook.text("""
            A third unit at the bottleneck, and 96 units next to it in place of 64. A code now is a point in space, and
            the loss falls clearly once more. Turn the plot: classes reach outward from the origin in different
            directions.
            """);
        notebook.seed();
        TorchRandom torch = notebook.torch();
        Sequential net = new Sequential(
                new Linear(784, 392, torch),
                new PReLU(),
                new Linear(392, 96, torch),
                new PReLU(),
                new Linear(96, 3, torch),
                new PReLU(),
                new Linear(3, 96, torch),
                new PReLU(),
                new Linear(96, 392, torch),
                new PReLU(),
                new Linear(392, 784, torch),
                new Sigmoid());
        kaimingNormal(net.slice(0, 10), torch);
        notebook.seed();
        notebook.train(net, new BCELoss(), 10, BATCH);
        notebook.compare("T2.2");

        Tensor codes = notebook.encode(net.slice(0, 6));
        notebook.plot().loss();
        notebook.plot().latent3d("Codes of 3 units", codes, notebook.testLabels(), notebook.fiveHundred());
    }

    /** T2.3: the same, and every code has length 1. */
    private static void sphere(Notebook notebook) {
        notebook.text("""
            The network of T2.2 with one layer more, which has no parameters: it divides each code by its length. All
            codes then lie on the sphere of radius 1. Three numbers, but only two directions to move in: the loss rises
            again, most of the way to that of the deep network with two units. With seed 0 it ends at 0.1704 on the test
            images, between 0.1554 (T2.2) and 0.1769 (T2.1).

            In return the code space is closed, and no class can escape outward. To draw it in the plane it is unwrapped
            like a globe: theta, the angle from the pole, runs from 0 to pi to the right, and phi, the angle around the
            axis, from -pi to pi upward. So what is cut at the top goes on at the bottom, and each of the outermost
            columns lies close to a single place, a pole, and decodes to nearly one image.

            In the deck's run the tenth epoch was a little worse than the ninth; whether one of the later epochs is
            worse than the one before it is a matter of the draw. With seed 0 none is.
            """);
        notebook.seed();
        TorchRandom torch = notebook.torch();
        Sequential net = new Sequential(
                new Linear(784, 392, torch),
                new PReLU(),
                new Linear(392, 96, torch),
                new PReLU(),
                new Linear(96, 3, torch),
                new PReLU(),
                new NormalizeLayer(),
                new Linear(3, 96, torch),
                new PReLU(),
                new Linear(96, 392, torch),
                new PReLU(),
                new Linear(392, 784, torch),
                new Sigmoid());
        kaimingNormal(net.slice(0, 11), torch);
        notebook.seed();
        notebook.train(net, new BCELoss(), 10, BATCH);
        notebook.compare("T2.3");

        Tensor codes = notebook.encode(net.slice(0, 7));
        notebook.measure("largest distance of a code from the sphere", Codes.largestDistanceFromUnitSphere(codes));
        notebook.plot().loss();
        notebook.plot().latent3d("Codes on the sphere", codes, notebook.testLabels(), notebook.fiveHundred());
        reconstructions(notebook, net);
        notebook.plot()
                .latent("The sphere unwrapped", codes, notebook.testLabels(), notebook.fiveHundred(), net.slice(7, 13));
    }

    /** T2.B1: how far more layers and units take it. */
    private static void deepAndThick(Notebook notebook) {
        notebook.text("""
            Does size alone help? Two layers more and the first one twice as wide as the image: 3,768,682 parameters,
            more than five times as many as before. It learns more in an epoch, at several times the cost of one, and
            gets five of them.

            Its map and grid are drawn from codes of its own encoder, the first nine layers.
            """);
        notebook.seed();
        TorchRandom torch = notebook.torch();
        Sequential net = new Sequential(
                new Linear(784, 1568, torch),
                new PReLU(),
                new Linear(1568, 392, torch),
                new PReLU(),
                new Linear(392, 96, torch),
                new PReLU(),
                new Linear(96, 3, torch),
                new PReLU(),
                new NormalizeLayer(),
                new Linear(3, 96, torch),
                new PReLU(),
                new Linear(96, 392, torch),
                new PReLU(),
                new Linear(392, 1568, torch),
                new PReLU(),
                new Linear(1568, 784, torch),
                new Sigmoid());
        kaimingNormal(net.slice(0, 15), torch);
        notebook.seed();
        notebook.train(net, new BCELoss(), 5, BATCH);
        notebook.compare("T2.B1");

        Tensor codes = notebook.encode(net.slice(0, 9));
        notebook.plot().loss();
        reconstructions(notebook, net);
        notebook.plot()
                .latent(
                        "The sphere of the larger network, unwrapped",
                        codes,
                        notebook.testLabels(),
                        notebook.fiveHundred(),
                        net.slice(9, 17));
    }

    /** Draws all weights anew, in order; biases keep their values. */
    private static void kaimingNormal(Sequential layers, TorchRandom torch) {
        for (Layer layer : layers.layers()) {
            if (layer instanceof Linear linear) {
                Init.kaimingNormal(linear.weight(), torch);
            }
        }
    }

    private static void reconstructions(Notebook notebook, Sequential net) {
        Samples test = notebook.images().test();
        notebook.plot()
                .rows(
                        "reconstructions",
                        "Test images and their reconstructions",
                        row("input", test, notebook.ten()),
                        row("output", net, test, notebook.ten()));
    }
}

package org.gradus.examples.tutorial1;

import static org.gradus.examples.tutorial.Plots.row;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.gradus.autograd.Tensor;
import org.gradus.data.Samples;
import org.gradus.examples.run.Bar;
import org.gradus.examples.tutorial.Codes;
import org.gradus.examples.tutorial.Contents;
import org.gradus.examples.tutorial.Experiment;
import org.gradus.examples.tutorial.Notebook;
import org.gradus.examples.tutorial.Tutorial;
import org.gradus.linalg.Nmf;
import org.gradus.linalg.NmfOptions;
import org.gradus.linalg.Pca;
import org.gradus.nn.BCELoss;
import org.gradus.nn.Init;
import org.gradus.nn.Linear;
import org.gradus.nn.MSELoss;
import org.gradus.nn.PReLU;
import org.gradus.nn.ReLU;
import org.gradus.nn.Sequential;
import org.gradus.nn.Sigmoid;
import org.gradus.plots.Chart;
import org.gradus.plots.Curve;
import org.gradus.random.NumpyRandom;
import org.gradus.random.TorchRandom;

/**
 * Tutorial 1, autoencoders with one hidden layer: an image of 784 pixels goes through a bottleneck of 32 or of 2 units
 * and is reconstructed. Read from top to bottom; each method is an experiment.
 *
 * <p>Every experiment seeds both random streams, builds its network, and seeds them again before training, so that its
 * numbers do not depend on what ran before.
 */
public final class Tutorial1 {

    private static final int BATCH = 64;

    /** Passes over the images, and updates in each: together as good as coordinate descent, in a few seconds. */
    private static final int NMF_ITERATIONS = 80;

    private static final int NMF_INNER = 30;

    private Tutorial1() {}

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
     * @return tutorial 1
     */
    public static Tutorial tutorial() {
        return new Tutorial(
                Contents.ONE,
                """
                An autoencoder is trained to give back what it is shown. That would be trivial were it not for a layer
                in between, the bottleneck, with far fewer units than the image has pixels: what passes it, the code,
                must hold what matters and leave out the rest. The part before is called encoder, the part behind it
                decoder.

                This tutorial begins with the linear ancestor of the idea, principal components, and arrives at networks
                whose codes are just two numbers, so that all images can be drawn as points of a plane. On the way it
                shows what the choice of the loss, of the activation and of the initial weights does to training.
                """,
                List.of(
                        new Experiment("T1.0", "The images", 1, Tutorial1::images),
                        new Experiment("T1.1", "Principal components", 4, Tutorial1::principalComponents),
                        new Experiment("T1.2", "32 units, untrained", 1, Tutorial1::untrained),
                        new Experiment(
                                "T1.3", "32 units, trained with mean squared error", 9, Tutorial1::meanSquaredError),
                        new Experiment("T1.4", "Losses and activations as curves", 1, Tutorial1::curves),
                        new Experiment("T1.5a", "MSE or BCE: two epochs with MSE", 3, Tutorial1::twoEpochsOfMse),
                        new Experiment("T1.5b", "MSE or BCE: two epochs with BCE", 3, Tutorial1::twoEpochsOfBce),
                        new Experiment("T1.6", "2 units with PReLU", 9, Tutorial1::twoUnits),
                        new Experiment("T1.7", "Principal components beside 2 units", 1, Tutorial1::expressivePower)
                                .after("T1.1", "T1.6"),
                        new Experiment("T1.B1", "2 units with ReLU: one dies", 9, Tutorial1::deadUnit),
                        new Experiment(
                                "T1.B1c",
                                "2 units with ReLU: another torch seed, both live",
                                9,
                                Tutorial1::bothUnitsLive),
                        new Experiment(
                                "T1.B2", "2 units with ReLU: Kaiming uniform weights", 9, Tutorial1::kaimingUniform),
                        new Experiment(
                                "T1.B2n", "2 units with ReLU: Kaiming normal weights", 9, Tutorial1::kaimingNormal),
                        new Experiment("T1.B3", "2 units: PReLU instead of ReLU", 9, Tutorial1::prelu),
                        new Experiment("T1.B4", "Non-negative matrix factorisation", 8, Tutorial1::nonNegativeFactors)),
                Tutorial1Checks::run);
    }

    /** T1.0: what there is to learn from. */
    private static void images(Notebook notebook) {
        notebook.text("""
            MNIST: 60,000 handwritten digits to learn from and 10,000 to judge by, grey images of 28 x 28 pixels. A
            network reads an image as one row of 784 numbers between 0, the background, and 1, full ink. What a digit
            means plays no part in training; the labels only colour the maps afterwards.

            The first row shows ten test images at random, the second the ten that are shown from here on.
            """);
        notebook.measure("training images", notebook.images().train().count());
        notebook.measure("test images", notebook.images().test().count());
        notebook.measure("pixels per image", notebook.images().pixels());

        Samples test = notebook.images().test();
        notebook.seed();
        notebook.numpy().choice(test.count(), 10);
        notebook.numpy().choice(notebook.images().train().count(), 10);
        int[] others = notebook.numpy().choice(test.count(), 10);
        notebook.plot()
                .rows("samples", "Test images", row("any ten", test, others), row("the ten", test, notebook.ten()));
    }

    /** T1.1: the best plane through the images, as a yardstick. */
    private static void principalComponents(Notebook notebook) {
        notebook.text("""
            Before any network: principal component analysis finds the plane in the space of 784 pixels that lies
            closest to all images: the mean of the squared distances is least. The code of an image is its place on
            that plane, and decoding adds the two components, images themselves, in those amounts to the mean image. In
            squared error it is the best that an encoder and decoder without activations can do.

            The first component separates 0 from 1, and reads as thickness of the stroke; the second separates 9, with 4
            and 7, from 3. Digits between these extremes lie on top of each other.
            """);
        Tensor test = notebook.images().test().toTensor();
        Pca pca = notebook.timed(
                "finding the components",
                () -> Pca.fit(notebook.images().train().toTensor(), 2));
        for (int component = 0; component < 2; component++) {
            notebook.measure(
                    "explained variance ratio " + (component + 1),
                    pca.explainedVarianceRatio().data()[component]);
        }

        // A component's sign is arbitrary. Here digit 0 lies to the right on the first axis and digit 9 up on the
        // second.
        Tensor codes = pca.transform(test);
        double[][] means = Codes.classMeans(codes, notebook.testLabels());
        float right = means[0][0] > means[1][0] ? 1 : -1;
        float up = means[9][1] > means[3][1] ? 1 : -1;
        Tensor signs = Tensor.vector(right, up);
        Tensor z = notebook.keepCodes(codes.mul(signs));
        notebook.plot()
                .latent(
                        "Principal components",
                        z,
                        notebook.testLabels(),
                        notebook.fiveHundred(),
                        code -> pca.inverseTransform(code.mul(signs)));
        notebook.plot()
                .components(
                        "The two components",
                        Tensor.matrix(2, 784, flipped(pca.components(), right, up)),
                        "component 1",
                        "component 2");
        Tensor reconstructed = pca.inverseTransform(codes);
        notebook.plot()
                .rows(
                        "reconstructions",
                        "Reconstructed from 2 components",
                        row("input", test, notebook.ten()),
                        row("output", reconstructed, notebook.ten()));
        notebook.measure(
                "mean squared error of the test images", reconstructed.mse(test).item());
    }

    private static float[] flipped(Tensor components, float first, float second) {
        float[] images = components.data().clone();
        for (int i = 0; i < images.length; i++) {
            images[i] *= i < images.length / 2 ? first : second;
        }
        return images;
    }

    /** T1.2: the network before it has learned anything. */
    private static void untrained(Notebook notebook) {
        notebook.text("""
            The first autoencoder: 784 pixels, 32 hidden units, 784 pixels. ReLU lets the hidden units bend the map from
            images to codes, and the sigmoid keeps each output between 0 and 1, where grey values are.

            With its initial weights it knows nothing: whatever goes in, grey noise around 0.5 comes out.
            """);
        notebook.seed();
        Sequential net = autoencoder32(notebook.torch());
        notebook.show("Autoencoder", net);
        Tensor output = Notebook.outputs(net, notebook.images().test());
        notebook.measure("mean of all outputs", output.mean().item());
        notebook.plot()
                .rows(
                        "untrained",
                        "Before training",
                        row("input", notebook.images().test(), notebook.ten()),
                        row("output", output, notebook.ten()));
    }

    /** T1.3: 784-32-784, 10 epochs of MSE. The test loss ends slightly below the training loss. */
    private static void meanSquaredError(Notebook notebook) {
        notebook.text("""
            The loss says what good means. The mean squared error averages the square of the difference over all pixels.
            In each step the network sees 64 images; backpropagation tells for each of its 50,992 parameters in which
            direction the loss falls, and Adam moves all of them a little. After each epoch, a pass over all 60,000
            images, the loss over both whole sets is printed.

            The loss falls in every epoch, and the test images are reconstructed slightly better than the training
            images: there is no sign of learning by heart.
            """);
        notebook.seed();
        Sequential net = autoencoder32(notebook.torch());
        notebook.seed();
        notebook.train(net, new MSELoss(), 10, BATCH);
        notebook.plot().loss();
        reconstructions(notebook, net);
        notebook.compare("T1.3");
    }

    /** T1.4: what a loss makes of an error, and an activation of its input. */
    private static void curves(Notebook notebook) {
        notebook.text("""
            Two ways to charge for a wrong pixel. Mean squared error charges the square of the error, so its slope
            shrinks in proportion to the error. Binary cross-entropy reads grey as a probability and charges the
            logarithm: for a white pixel, target 1, it costs -ln(output), which is more than the square at every output
            below 1 and grows without limit towards 0.

            What drives learning is the slope. At an output of 0.05 the square pulls with 1.9 and the logarithm with 20:
            cross-entropy pulls hardest at confident mistakes. At the target the square lets go, its slope is 0, and the
            logarithm's is still 1. The slopes are drawn as the pull towards the target, minus the derivative.

            The third figure shows the activations: ReLU cuts off below 0, PReLU keeps a learned share of what is
            negative (here 0.25, its start), and the sigmoid squeezes everything between 0 and 1.
            """);
        notebook.plot()
                .functions(
                        "losses",
                        "Losses for target 1",
                        new Chart(
                                "MSE",
                                "output − target",
                                "loss",
                                List.of(Curve.of("MSE", -6, 6, error -> error * error))),
                        new Chart(
                                "BCE", "output", "loss", List.of(Curve.of("BCE", 0.0025, 1, y -> -StrictMath.log(y)))),
                        new Chart(
                                "MSE and BCE",
                                "output",
                                "loss",
                                List.of(
                                        Curve.of("MSE", 0.05, 1, y -> (1 - y) * (1 - y)),
                                        Curve.of("BCE", 0.05, 1, y -> -StrictMath.log(y)))));
        notebook.plot()
                .functions(
                        "derivatives",
                        "Pull towards target 1",
                        new Chart(
                                "",
                                "output",
                                "minus derivative of the loss",
                                List.of(
                                        Curve.of("MSE", 0.05, 1, y -> 2 * (1 - y)),
                                        Curve.of("BCE", 0.05, 1, y -> 1 / y))));
        notebook.plot()
                .functions(
                        "activations",
                        "Activations",
                        new Chart("ReLU", "x", "y", List.of(Curve.of("ReLU", -6, 6, x -> Math.max(x, 0)))),
                        new Chart("PReLU", "x", "y", List.of(Curve.of("PReLU", -6, 6, x -> x > 0 ? x : 0.25 * x))),
                        new Chart(
                                "sigmoid",
                                "x",
                                "y",
                                List.of(Curve.of("sigmoid", -6, 6, x -> 1 / (1 + StrictMath.exp(-x))))));
    }

    /** T1.5a: the first two epochs of T1.3 ... */
    private static void twoEpochsOfMse(Notebook notebook) {
        notebook.text("""
            Which loss learns faster? Two epochs of the same network from the same initial weights, here with mean
            squared error, then with binary cross-entropy. Both losses of the result are printed, whichever of them was
            minimised.
            """);
        notebook.seed();
        Sequential net = autoencoder32(notebook.torch());
        notebook.seed();
        notebook.train(net, new MSELoss(), 2, BATCH);
        notebook.printBothLosses();
        notebook.plot().loss();
        reconstructions(notebook, net);
        notebook.compare("T1.3");
    }

    /** T1.5b: ... and the same with BCE, which punishes confident mistakes harder and learns faster. */
    private static void twoEpochsOfBce(Notebook notebook) {
        notebook.text("""
            The same with binary cross-entropy. After two epochs it has not only the lower cross-entropy, which it was
            trained for, but the lower squared error as well. To the eye the difference is small: look for stray white
            and black pixels in the reconstructions of T1.5a.

            Grey targets leave a rest of cross-entropy even for a perfect reconstruction, so its values are not to be
            compared with those of the squared error. All later networks are trained with cross-entropy.
            """);
        notebook.seed();
        Sequential net = autoencoder32(notebook.torch());
        notebook.seed();
        notebook.train(net, new BCELoss(), 2, BATCH);
        notebook.printBothLosses();
        notebook.plot().loss();
        reconstructions(notebook, net);
        notebook.compare("T1.5b");
    }

    /** T1.6: a bottleneck of two units, whose codes can be drawn. Under one seed this is T1.B3. */
    private static void twoUnits(Notebook notebook) {
        notebook.text("""
            A bottleneck of two units makes the code a point of the plane. The map on the left shows where the encoder
            puts 500 test images; the grid on the right walks over the same area and shows what the decoder makes of
            each place. PReLU instead of ReLU keeps both units at work, for reasons that T1.B1 shows.

            Two numbers are little: the loss stays far above that of 32 units, and most digits share their place with
            others.
            """);
        notebook.seed();
        Sequential net = autoencoder2WithPReLU(notebook.torch());
        notebook.seed();
        notebook.train(net, new BCELoss(), 10, BATCH);
        notebook.compare("T1.B3");

        Sequential encoder = net.slice(0, 2);
        Sequential decoder = net.slice(2, 4);
        notebook.show("Encoder", encoder);
        notebook.show("Decoder", decoder);
        Tensor codes = notebook.encode(encoder);
        notebook.plot().loss();
        notebook.plot()
                .latent("Autoencoder with 2 units", codes, notebook.testLabels(), notebook.fiveHundred(), decoder);
    }

    /** T1.7: is the network's plane any better than that of the principal components? */
    private static void expressivePower(Notebook notebook) {
        notebook.text("""
            The same 500 images as principal components and as codes of the network of T1.6. The axes mean different
            things, and the classes are mixed on both sides. A number for it: how often the 15 nearest neighbours in the
            plane tell a digit. With seed 0 that is 45 % from the principal components and 30 % from the network's
            codes: one hidden layer of two units keeps the classes no better apart than a linear map. Deep networks, in
            tutorial 2, do much better.
            """);
        Tensor principal = notebook.results().codes("T1.1").orElseThrow();
        Tensor learned = notebook.results().codes("T1.6").orElseThrow();
        notebook.plot()
                .maps(
                        "pca-vs-autoencoder",
                        "The same images in two planes",
                        "PCA",
                        principal,
                        "Autoencoder (2D)",
                        learned,
                        notebook.testLabels(),
                        notebook.fiveHundred());
    }

    /** T1.B1: with ReLU the first unit is negative for every image. Its gradient is 0 and it never recovers. */
    private static void deadUnit(Notebook notebook) {
        notebook.text("""
            The network of T1.6 with ReLU. Where a ReLU's input is negative its output is 0 and so is its derivative.
            With the initial weights of seed 0 that soon is the case for unit 0 and every image: no gradient reaches its
            weights, so nothing brings it back. It is dead, and all information must pass through the other unit.

            The map collapses to a line, the decoder grid has equal columns, and the histograms tell why: the weights to
            and from unit 0 have hardly moved from where they were drawn.
            """);
        notebook.seed();
        Sequential net = autoencoder2WithReLU(notebook.torch());
        Map<String, Tensor> initial = copy(net);
        notebook.seed();
        notebook.train(net, new BCELoss(), 10, BATCH);
        notebook.compare("T1.B1");
        twoUnitFigures(notebook, net, initial);
    }

    /** T1.B1c: the same from other initial weights, the order of images unchanged. */
    private static void bothUnitsLive(Notebook notebook) {
        notebook.text("""
            A matter of luck: the same network from other initial weights, with the images in the same order. With seed
            0 the weights are drawn under seed 1, both units stay alive, and the loss ends well below that of T1.B1.
            """);
        notebook.seed(notebook.seedNumber() + 1);
        Sequential net = autoencoder2WithReLU(notebook.torch());
        Map<String, Tensor> initial = copy(net);
        notebook.seed(notebook.seedNumber() + 1);
        notebook.train(net, new BCELoss(), 10, BATCH);
        notebook.compare("T1.B1c");
        twoUnitFigures(notebook, net, initial);
    }

    /** T1.B2: the encoder's weights drawn anew, from a range sqrt 6 times as wide. The decoder keeps its own. */
    private static void kaimingUniform(Notebook notebook) {
        notebook.text("""
            Better odds: Kaiming initialisation chooses the spread of the weights so that signals neither fade nor
            grow on their way through layers of ReLUs. For 784 inputs that is a range of plus and minus the square root
            of 6/784, about 2.4 times as wide as before. Only the encoder's weights are drawn anew, and since the stream
            starts again from its seed, they are those of T1.B1 times that factor.

            With seed 0 it is enough: both units live, both axes of the map are used. It was close, as lesson 6 shows;
            a wider start makes death less likely and does not rule it out.
            """);
        notebook.seed();
        Sequential net = autoencoder2WithReLU(notebook.torch());
        notebook.seed();
        Init.kaimingUniform(encoder(net).weight(), notebook.torch());
        Map<String, Tensor> initial = copy(net);
        notebook.seed();
        notebook.train(net, new BCELoss(), 10, BATCH);
        notebook.compare("T1.B2");
        twoUnitFigures(notebook, net, initial);
    }

    /** T1.B2n: the same with a normal distribution. */
    private static void kaimingNormal(Notebook notebook) {
        notebook.text("""
            Kaiming initialisation with a normal in place of the uniform distribution: standard deviation the square
            root of 2/784, which is the spread of T1.B2. With seed 0 the loss ends near that of T1.B2, too: 0.2267
            beside 0.2292 on the test images.
            """);
        notebook.seed();
        Sequential net = autoencoder2WithReLU(notebook.torch());
        notebook.seed();
        Init.kaimingNormal(encoder(net).weight(), notebook.torch());
        Map<String, Tensor> initial = copy(net);
        notebook.seed();
        notebook.train(net, new BCELoss(), 10, BATCH);
        notebook.compare("T1.B2n");
        twoUnitFigures(notebook, net, initial);
    }

    /** T1.B3: or an activation with a slope below 0, too. */
    private static void prelu(Notebook notebook) {
        notebook.text("""
            The other cure is an activation that passes something of negative inputs: PReLU passes a learned share, at
            first a quarter. While that share is not 0 its derivative is nowhere 0, and a gradient comes through. Same
            initial weights as T1.B1, no special initialisation, and both units work: all four histograms spread.
            """);
        notebook.seed();
        Sequential net = autoencoder2WithPReLU(notebook.torch());
        Map<String, Tensor> initial = copy(net);
        notebook.seed();
        notebook.train(net, new BCELoss(), 10, BATCH);
        notebook.compare("T1.B3");

        Tensor codes = notebook.encode(net.slice(0, 2));
        notebook.plot().loss();
        notebook.plot().latent("Codes", codes, notebook.testLabels(), notebook.fiveHundred(), net.slice(2, 4));
        notebook.plot().weights("Weights before and after training", initial, net.stateDict());
    }

    /** T1.B4: parts that only add up. */
    private static void nonNegativeFactors(Notebook notebook) {
        notebook.text("""
            Another linear relative: non-negative matrix factorisation writes every image as a sum of components in
            amounts that are never negative, and the components have no negative pixels either. Nothing can be taken
            away again, so components tend to look like parts or whole strokes instead of differences.

            The images are lifted by 0.5 first, and the factors found by multiplicative updates from a random start. One
            component is a ring, the other a bright vertical stroke: 0 and 1 lie at the two ends of the map and almost
            everything else between them.
            """);
        Nmf nmf;
        try (Bar bar = notebook.progressBar("factorising", "iterations")) {
            // Repeated updates with the same large products: as good as coordinate descent after a few iterations.
            NmfOptions options = NmfOptions.of(2)
                    .withMaxIterations(NMF_ITERATIONS)
                    .withTolerance(0)
                    .withInnerUpdates(NMF_INNER)
                    .withListener((iteration, ofAll, error) -> bar.step(ofAll));
            nmf = notebook.timed(
                    "finding the factors",
                    () -> Nmf.fit(lifted(notebook.images().train()), options, new NumpyRandom(notebook.seedNumber())));
        }
        notebook.measure("Frobenius error", nmf.error());

        Tensor codes = notebook.keepCodes(nmf.transform(lifted(notebook.images().test())));
        notebook.plot()
                .latent(
                        "Non-negative factors",
                        codes,
                        notebook.testLabels(),
                        notebook.fiveHundred(),
                        nmf::inverseTransform);
        notebook.plot().components("The two components", nmf.h(), "component 1", "component 2");
        notebook.plot()
                .rows(
                        "reconstructions",
                        "Reconstructed from 2 components",
                        row("input", notebook.images().test(), notebook.ten()),
                        row("output", nmf.inverseTransform(codes), notebook.ten()));
    }

    /** In one array, without the images as they were beside it. */
    private static Tensor lifted(Samples images) {
        Tensor lifted = images.toTensor();
        float[] pixels = lifted.data();
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] += 0.5f;
        }
        return lifted;
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

    private static void twoUnitFigures(Notebook notebook, Sequential net, Map<String, Tensor> initial) {
        Tensor codes = notebook.encode(net.slice(0, 2));
        notebook.plot().loss();
        notebook.plot().latent("Codes", codes, notebook.testLabels(), notebook.fiveHundred(), net.slice(2, 4));
        reconstructions(notebook, net);
        notebook.plot().weights("Weights before and after training", initial, net.stateDict());
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

    /** The values of all parameters as they are now. */
    static Map<String, Tensor> copy(Sequential net) {
        Map<String, Tensor> copies = new LinkedHashMap<>();
        net.stateDict().forEach((name, parameter) -> copies.put(name, parameter.copy()));
        return copies;
    }
}

package org.gradus.examples.tutorial3;

import static org.gradus.examples.tutorial.Plots.row;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.gradus.autograd.Tensor;
import org.gradus.data.Samples;
import org.gradus.examples.transform.Classes;
import org.gradus.examples.transform.Noise;
import org.gradus.examples.transform.Occlusion;
import org.gradus.examples.transform.PixelShuffle;
import org.gradus.examples.transform.Rotation;
import org.gradus.examples.tutorial.Codes;
import org.gradus.examples.tutorial.Contents;
import org.gradus.examples.tutorial.Experiment;
import org.gradus.examples.tutorial.NearestNeighbours;
import org.gradus.examples.tutorial.Notebook;
import org.gradus.examples.tutorial.Pairs;
import org.gradus.examples.tutorial.Tutorial;
import org.gradus.mnist.LabelledImages;
import org.gradus.nn.BCELoss;
import org.gradus.nn.Linear;
import org.gradus.nn.NormalizeLayer;
import org.gradus.nn.PReLU;
import org.gradus.nn.Sequential;
import org.gradus.nn.Sigmoid;
import org.gradus.optim.Adam;
import org.gradus.random.TorchRandom;
import org.gradus.train.FullSetLoss;
import org.gradus.train.Trainer;

/**
 * Tutorial 3, what autoencoders can be used for: repairing images with noise, a covered quarter or a rotation, and what
 * they make of digits they have never seen or of images with shuffled pixels. Read from top to bottom; each method is
 * an experiment.
 *
 * <p>All networks have the layers of T2.3 with default initial weights and are trained with binary cross-entropy in
 * batches of 32. T3.1 to T3.3 start from the reference network of T3.0, each time from its weights as they were, with a
 * fresh optimiser.
 */
public final class Tutorial3 {

    private static final int BATCH = 32;
    private static final double NOISE = 0.4;
    private static final double DEGREES = 90;
    private static final int NEIGHBOURS = 15;

    /** Between codes of damaged and of clean images, all of the reference network. */
    static final String DISTANCE_BEFORE = "great-circle distance before fine-tuning";

    /** From codes of damaged images in the fine-tuned network to those of clean ones in the reference network. */
    static final String DISTANCE_AFTER = "great-circle distance after, to the reference's codes";

    /** Between codes of damaged and of clean images, all of the fine-tuned network. */
    static final String DISTANCE_WITHIN = "great-circle distance after, within the fine-tuned network";

    /** What T3.6 measures. */
    static final String REARRANGED = "largest relative difference of 10 batch losses, pixels or weights rearranged";

    private Tutorial3() {}

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
     * @return tutorial 3
     */
    public static Tutorial tutorial() {
        return new Tutorial(
                Contents.THREE,
                """
                An autoencoder that has learned digits has learned what images of digits have in common. Shown something
                damaged, it mostly answers with something that looks like a digit. With a little training on pairs,
                damaged image in and clean image out, it learns to answer with the right one more often.

                The first half of this tutorial does so for noise, for a covered quarter and for rotation, and watches
                how the code space moves. The second half asks what the network does not learn: to draw a digit that it
                has never seen; and what it does not need: to know which pixels are neighbours.
                """,
                List.of(
                        new Experiment("T3.0", "The reference network", 132, Tutorial3::reference),
                        new Experiment("T3.1", "Noise", 22, Tutorial3::noise).after("T3.0"),
                        new Experiment("T3.2", "Occlusion", 18, Tutorial3::occlusion).after("T3.0"),
                        new Experiment("T3.3", "Rotation", 30, Tutorial3::rotation).after("T3.0"),
                        new Experiment("T3.4", "Without digit 6", 24, Tutorial3::withoutSix),
                        new Experiment("T3.5", "Without digits 0 and 1", 15, Tutorial3::withoutZeroAndOne),
                        new Experiment("T3.6", "Shuffled pixels", 24, Tutorial3::shuffledPixels)),
                Tutorial3Checks::run);
    }

    /** T3.0: trained once and well; the next three experiments start from its weights. */
    private static void reference(Notebook notebook) {
        notebook.text("""
            The network that the next three experiments start from: codes on the sphere as in T2.3, default initial
            weights, and 25 epochs in batches of 32. It has only ever seen clean images.
            """);
        notebook.seed();
        Sequential net = sphereNet(notebook.torch());
        notebook.seed();
        if (notebook.givenReference().isPresent()) {
            net.loadStateDict(notebook.givenReference().get());
            notebook.text("Its weights were given, not trained here.");
            notebook.show("Network with given weights", net);
        } else {
            notebook.trainReference(net, new BCELoss(), notebook.isQuick() ? 10 : 25, notebook.isQuick() ? 128 : BATCH);
            notebook.compare("T3.0");
        }
        Samples test = notebook.images().test();
        notebook.measure("test loss on clean images", new FullSetLoss(net, new BCELoss()).of(test, test));

        Tensor codes = notebook.encode(encoder(net));
        notebook.keepWeights(net);
        notebook.plot().loss();
        notebook.plot()
                .rows(
                        "reconstructions",
                        "Test images and their reconstructions",
                        row("input", test, notebook.ten()),
                        row("output", net, test, notebook.ten()));
        notebook.plot()
                .latent("The sphere unwrapped", codes, notebook.testLabels(), notebook.fiveHundred(), decoder(net));
    }

    /** T3.1: grey noise on every pixel. */
    private static void noise(Notebook notebook) {
        notebook.text("""
            Normal noise of standard deviation 0.4 on every pixel, cut off below 0 and above 1, drawn once for each
            image. The reference network answers with clean digits, for it knows nothing else, but often with the wrong
            ones: noise drags the codes far from where they belong.

            Then it is trained to make of the noisy image the clean one: 3 epochs, from the reference's weights, with a
            fresh optimiser. Now the codes of noisy images fall near those that the reference gives to the clean ones.
            The last figure shows what that did to the codes of clean images: the map keeps its layout and shifts here
            and there.
            """);
        notebook.seed();
        Samples train = Samples.of(Noise.add(notebook.images().train(), NOISE, notebook.numpy()));
        Samples test = Samples.of(Noise.add(notebook.images().test(), NOISE, notebook.numpy()));
        repair(notebook, "noise", "noisy", train, test, 3);
    }

    /** T3.2: one quarter of the image is missing. */
    private static void occlusion(Notebook notebook) {
        notebook.text("""
            One quarter of each image, chosen at random, is painted black. Even before any further training the network
            answers with complete digits, as the ten here show; it is just not always the right digit. Most of the code
            survives: the shift is small compared with that of noise.

            3 epochs from the reference's weights, covered image in, whole image out.
            """);
        notebook.seed();
        Samples train = Occlusion.quarter(notebook.images().train(), notebook.numpy());
        Samples test = Occlusion.quarter(notebook.images().test(), notebook.numpy());
        repair(notebook, "occlusion", "occluded", train, test, 3);
    }

    /** T3.3: turned by up to 90 degrees to either side. */
    private static void rotation(Notebook notebook) {
        notebook.text("""
            Each image turned about its centre by an angle between -90 and 90 degrees. This is the hardest of the three
            tasks: a turned digit may lie far from everything that the network has seen, many answers are of the wrong
            class, and some confusions cannot be resolved at all: what is a 6 and what a 9?

            5 epochs from the reference's weights. The answers then stand upright but are blurred, and many are still of
            the wrong class.

            Meanwhile the whole map moves, and how far is a matter of rounding: in two runs of PyTorch from the same
            weights on the same images, which differ in rounding alone, the mean distance between codes of turned images
            and the reference's codes of upright ones went from 1.173 to 1.111 and to 0.894. So that distance is shown,
            not checked. What is checked is that the fine-tuned network gives turned and upright images closer codes
            than before, and a lower loss.
            """);
        notebook.seed();
        Samples train = Samples.of(Rotation.random(notebook.images().train(), DEGREES, notebook.numpy()));
        Samples test = Samples.of(Rotation.random(notebook.images().test(), DEGREES, notebook.numpy()));
        repair(notebook, "rotation", "rotated", train, test, 5);
    }

    /** The reference network before and after it has learned to undo what was done to the images. */
    private static void repair(
            Notebook notebook, String damage, String damaged, Samples damagedTrain, Samples damagedTest, int epochs) {
        Samples train = notebook.images().train();
        Samples test = notebook.images().test();
        Sequential net = sphereNet(notebook.torch());
        net.loadStateDict(notebook.results().weights("T3.0"));

        // Before: what the reference makes of the damaged images.
        Tensor referenceCodes = notebook.results().codes("T3.0").orElseThrow();
        Tensor damagedCodes = Notebook.outputs(encoder(net), damagedTest);
        notebook.measure("test loss before", new FullSetLoss(net, new BCELoss()).of(damagedTest, test));
        notebook.measure(DISTANCE_BEFORE, Codes.meanGreatCircleDistance(damagedCodes, referenceCodes));
        rows(notebook, "before", "Before fine-tuning", damaged, net, damagedTest);
        notebook.plot()
                .sharedMaps(
                        "before-codes",
                        "Ten codes of the reference network",
                        "Before " + damage,
                        referenceCodes,
                        "After " + damage,
                        damagedCodes,
                        notebook.testLabels(),
                        notebook.ten());

        // Fine-tuning: damaged image in, clean image out.
        notebook.seed();
        notebook.train(net, new BCELoss(), epochs, BATCH, new Pairs(damagedTrain, train, damagedTest, test));
        notebook.compare(notebook.experiment());

        // After.
        Tensor repairedCodes = Notebook.outputs(encoder(net), damagedTest);
        notebook.measure(DISTANCE_AFTER, Codes.meanGreatCircleDistance(repairedCodes, referenceCodes));
        Tensor cleanCodes = notebook.encode(encoder(net));
        notebook.measure(DISTANCE_WITHIN, Codes.meanGreatCircleDistance(repairedCodes, cleanCodes));
        notebook.plot().loss();
        rows(notebook, "after", "After fine-tuning", damaged, net, damagedTest);
        notebook.plot()
                .sharedMaps(
                        "after-codes",
                        "Ten codes: clean images in the reference network, " + damaged + " ones in the fine-tuned one",
                        "Before fine-tuning",
                        referenceCodes,
                        "After fine-tuning",
                        repairedCodes,
                        notebook.testLabels(),
                        notebook.ten());
        notebook.plot()
                .sharedMaps(
                        "shift",
                        "How the codes of clean images have moved",
                        "Before fine-tuning",
                        referenceCodes,
                        "After fine-tuning",
                        cleanCodes,
                        notebook.testLabels(),
                        notebook.fiveHundred());
    }

    private static void rows(
            Notebook notebook, String name, String title, String damaged, Sequential net, Samples damagedTest) {
        Samples test = notebook.images().test();
        notebook.plot()
                .rows(
                        name,
                        title,
                        row(damaged, damagedTest, notebook.ten()),
                        row("output for " + damaged, net, damagedTest, notebook.ten()),
                        row("output for clean", net, test, notebook.ten()));
    }

    /** T3.4: what is a 6 to someone who has never seen one? */
    private static void withoutSix(Notebook notebook) {
        notebook.text("""
            A new network learns from all images but the sixes, and is then shown sixes. It hardly ever draws one: what
            comes out mostly looks like a 0, 2 or 3, or like something in between. What never occurred has been given no
            place in the code space.

            As a number for it, the 15 nearest training images, sixes among them, vote on what each answer is. With seed
            0 they call three quarters of the answers a 0, 2 or 3, and 2 % a 6.
            """);
        int[] trainKept = Classes.without(notebook.trainLabels(), 6);
        int[] testKept = Classes.without(notebook.testLabels(), 6);
        Samples test = notebook.images().test().rows(testKept);
        byte[] testLabels = Classes.labels(notebook.testLabels(), testKept);
        notebook.measure("training images", trainKept.length);
        notebook.measure("test images", testKept.length);

        Sequential net = trained(notebook, notebook.images().train().rows(trainKept), test);
        notebook.compare("T3.4");

        Tensor sixes = notebook.images()
                .test()
                .rows(Classes.only(notebook.testLabels(), 6))
                .toTensor();
        Tensor answers = net.forward(sixes);
        byte[] read =
                new NearestNeighbours(NEIGHBOURS, notebook.images().train(), notebook.trainLabels()).classify(answers);
        int[] votes = new int[LabelledImages.CLASSES];
        for (byte digit : read) {
            votes[digit]++;
        }
        for (int digit = 0; digit < votes.length; digit++) {
            notebook.measure("sixes that come out as " + digit, votes[digit] / (double) read.length);
        }

        notebook.plot().loss();
        inAndOut(notebook, "reconstructions", "Sixes and what comes out", sixes, answers);
        latent(notebook, "The sphere without 6", Notebook.outputs(encoder(net), test), testLabels, net);
    }

    /** T3.5: two digits are left out, the easiest among them. */
    private static void withoutZeroAndOne(Notebook notebook) {
        notebook.text("""
            Now 0 and 1 are left out. The 1, with the fewest bright pixels, costs least of all digits, and does not lower
            the mean loss any more: it is higher than without the 6. Look at the map: is the space shared evenly now, or
            have two other classes taken the place of 0 and 1?
            """);
        int[] trainKept = Classes.without(notebook.trainLabels(), 0, 1);
        int[] testKept = Classes.without(notebook.testLabels(), 0, 1);
        Samples test = notebook.images().test().rows(testKept);
        byte[] testLabels = Classes.labels(notebook.testLabels(), testKept);
        notebook.measure("training images", trainKept.length);
        notebook.measure("test images", testKept.length);

        Sequential net = trained(notebook, notebook.images().train().rows(trainKept), test);
        notebook.compare("T3.5");

        notebook.plot().loss();
        for (int digit : new int[] {1, 0}) {
            Tensor unseen = notebook.images()
                    .test()
                    .rows(Classes.only(notebook.testLabels(), digit))
                    .toTensor();
            inAndOut(
                    notebook,
                    "reconstructions-" + digit,
                    "Digit " + digit + " and what comes out",
                    unseen,
                    net.forward(unseen));
        }
        latent(notebook, "The sphere without 0 and 1", Notebook.outputs(encoder(net), test), testLabels, net);
    }

    private static Sequential trained(Notebook notebook, Samples train, Samples test) {
        notebook.seed();
        Sequential net = sphereNet(notebook.torch());
        notebook.seed();
        notebook.train(net, new BCELoss(), 3, BATCH, Pairs.reproducing(train, test));
        return net;
    }

    private static void inAndOut(Notebook notebook, String name, String title, Tensor input, Tensor output) {
        notebook.seed();
        int[] shown = notebook.numpy().choice(input.shape().length(0), 10);
        notebook.plot().rows(name, title, row("input", input, shown), row("output", output, shown));
    }

    private static void latent(Notebook notebook, String title, Tensor codes, byte[] labels, Sequential net) {
        notebook.seed();
        int[] shown = notebook.numpy().choice(labels.length, 500);
        notebook.plot().latent(title, codes, labels, shown, decoder(net));
    }

    /** T3.6: neighbouring pixels need not stay neighbours. */
    private static void shuffledPixels(Notebook notebook) {
        notebook.text("""
            The pixels of all images are rearranged, always in the same way. To us nothing is left of the digits. A new
            network is trained to remove noise from such images, and learns it: the map has its clusters, and with the
            pixels put back in place most answers are digits. A layer that is connected to all pixels has no idea of
            which are neighbours, so their order cannot matter.

            That can be made exact. Instead of the pixels one may rearrange the weights: the columns of the first layer
            and the rows of the last. Then every sum has the same terms as before, in another order, and training runs
            the same way but for rounding. Both ways are compared over 10 batches.
            """);
        Samples train = notebook.images().train();
        Samples test = notebook.images().test();
        notebook.seed();
        PixelShuffle shuffle = PixelShuffle.random(784, notebook.numpy());
        notebook.seed();
        Samples shuffledTrain = Samples.of(shuffle.inPlace(Noise.add(train, NOISE, notebook.numpy())));
        Samples shuffledTest = Samples.of(shuffle.inPlace(Noise.add(test, NOISE, notebook.numpy())));

        int[] all = counting(notebook.ten().length);
        Tensor ten = shuffle.of(test.rows(notebook.ten()).toTensor());
        notebook.plot()
                .rows(
                        "shuffled",
                        "Test images with shuffled pixels",
                        row("shuffled", ten, all),
                        row("put back", shuffle.inverse().of(ten), all));
        Tensor tenNoisy = shuffledTrain.rows(notebook.ten()).toTensor();
        notebook.plot()
                .rows(
                        "noisy",
                        "Noisy training images with shuffled pixels",
                        row("shuffled", tenNoisy, all),
                        row("put back", shuffle.inverse().of(tenNoisy), all));
        notebook.measure(REARRANGED, rearrangedDifference(notebook, shuffledTrain, shuffle));

        notebook.seed();
        Sequential net = sphereNet(notebook.torch());
        notebook.seed();
        notebook.train(
                net,
                new BCELoss(),
                3,
                BATCH,
                new Pairs(shuffledTrain, shuffle.of(train), shuffledTest, shuffle.of(test)));
        notebook.compare("T3.6");

        Tensor tenNoisyTest = shuffledTest.rows(notebook.ten()).toTensor();
        Tensor answers = net.forward(tenNoisyTest);
        notebook.plot().loss();
        notebook.plot()
                .rows(
                        "denoised",
                        "Noise removed from shuffled images",
                        row("shuffled, noisy", tenNoisyTest, all),
                        row("output", answers, all),
                        row("output, put back", shuffle.inverse().of(answers), all));
        latent(
                notebook,
                "The sphere of shuffled images",
                Notebook.outputs(encoder(net), shuffledTest),
                notebook.testLabels(),
                net);
    }

    /** How far the losses of 10 batches differ between rearranged pixels and rearranged weights, relative. */
    private static double rearrangedDifference(Notebook notebook, Samples shuffledTrain, PixelShuffle shuffle) {
        int[] first = counting(10 * BATCH);
        Tensor shuffled = shuffledTrain.rows(first).toTensor();
        Tensor clean = notebook.images().train().rows(first).toTensor();

        notebook.seed();
        Sequential plain = sphereNet(notebook.torch());
        notebook.seed();
        float[] pixels = tenBatches(notebook, plain, shuffled, shuffle.of(clean));

        notebook.seed();
        Sequential rearranged = sphereNet(notebook.torch());
        Tensor firstWeight = ((Linear) rearranged.get(0)).weight();
        Linear last = (Linear) rearranged.get(11);
        System.arraycopy(shuffle.inverse().of(firstWeight).data(), 0, firstWeight.data(), 0, firstWeight.size());
        Tensor lastWeight = last.weight().copy();
        Tensor lastBias = last.bias().copy();
        int[] source = shuffle.sources();
        int width = lastWeight.shape().columns();
        for (int p = 0; p < source.length; p++) {
            System.arraycopy(lastWeight.data(), p * width, last.weight().data(), source[p] * width, width);
            last.bias().data()[source[p]] = lastBias.data()[p];
        }
        notebook.seed();
        float[] weights = tenBatches(notebook, rearranged, shuffle.inverse().of(shuffled), clean);

        double largest = 0;
        for (int b = 0; b < pixels.length; b++) {
            largest = Math.max(largest, Math.abs(pixels[b] - weights[b]) / pixels[b]);
        }
        return largest;
    }

    private static float[] tenBatches(Notebook notebook, Sequential net, Tensor input, Tensor target) {
        return new Trainer(net, new BCELoss(), new Adam(net.parameters()), notebook.numpy())
                .epochs(1)
                .batchSize(BATCH)
                .fit(input, target, input, target)
                .batchLosses();
    }

    private static int[] counting(int n) {
        int[] numbers = new int[n];
        for (int i = 0; i < n; i++) {
            numbers[i] = i;
        }
        return numbers;
    }

    /**
     * Makes sure that weights fit the reference network.
     *
     * @param weights by name
     * @throws IllegalArgumentException naming every entry that is missing, unexpected or of another shape
     */
    public static void requireReference(Map<String, Tensor> weights) {
        sphereNet(new TorchRandom(0)).loadStateDict(weights);
    }

    /** The layers of T2.3, with default initial weights. */
    static Sequential sphereNet(TorchRandom torch) {
        return new Sequential(
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
    }

    private static Sequential encoder(Sequential net) {
        return net.slice(0, 7);
    }

    private static Sequential decoder(Sequential net) {
        return net.slice(7, 13);
    }
}

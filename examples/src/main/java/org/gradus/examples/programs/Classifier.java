package org.gradus.examples.programs;

import org.gradus.autograd.Shape;
import org.gradus.autograd.Tensor;
import org.gradus.data.Samples;
import org.gradus.mnist.LabelledImages;
import org.gradus.mnist.Mnist;
import org.gradus.nn.CrossEntropyLoss;
import org.gradus.nn.Linear;
import org.gradus.nn.ReLU;
import org.gradus.nn.Sequential;
import org.gradus.optim.Adam;
import org.gradus.random.NumpyRandom;
import org.gradus.random.TorchRandom;
import org.gradus.train.Trainer;

/** Tells handwritten digits apart: {@code Classifier [images [epochs]]}. */
public final class Classifier {

    private Classifier() {}

    /** Prints how many of the test images are read right. */
    public static void main(String[] args) {
        int images = args.length > 0 ? Math.min(60_000, Integer.parseInt(args[0])) : 60_000;
        int epochs = args.length > 1 ? Integer.parseInt(args[1]) : 3;

        Mnist mnist = Mnist.load();
        Samples train = mnist.train().samples().first(images); // read from their bytes
        Samples test = mnist.test().samples();

        TorchRandom torch = new TorchRandom(0);
        Sequential net = new Sequential(new Linear(784, 128, torch), new ReLU(), new Linear(128, 10, torch));
        new Trainer(net, new CrossEntropyLoss(), new Adam(net.parameters()), new NumpyRandom(0))
                .epochs(epochs)
                .batchSize(64)
                .fit(train, classes(mnist.train()).first(images), test, classes(mnist.test()));

        Tensor scores = net.forward(test.toTensor());
        int right = 0;
        for (int i = 0; i < 10_000; i++) {
            int best = 0;
            for (int digit = 1; digit < 10; digit++) {
                best = scores.get(i, digit) > scores.get(i, best) ? digit : best;
            }
            right += best == mnist.test().label(i) ? 1 : 0;
        }
        System.out.printf("%.2f %% of the test images are read right%n", right / 100.0);
    }

    private static Samples classes(LabelledImages images) {
        return Samples.ofBytes(images.labels(), Shape.SCALAR, 1);
    }
}

package org.gradus.examples.programs;

import org.gradus.autograd.Tensor;
import org.gradus.mnist.Mnist;
import org.gradus.nn.BCELoss;
import org.gradus.nn.NetSpec;
import org.gradus.nn.Sequential;
import org.gradus.optim.Adam;
import org.gradus.random.NumpyRandom;
import org.gradus.random.TorchRandom;
import org.gradus.train.FullSetLoss;
import org.gradus.train.Trainer;

/** Noisy image in, clean image out: {@code DenoisingAutoencoder [images [epochs]]}. */
public final class DenoisingAutoencoder {

    private DenoisingAutoencoder() {}

    /** Prints how far noisy test images are from clean ones, as they are and repaired. */
    public static void main(String[] args) {
        int images = args.length > 0 ? Math.min(60_000, Integer.parseInt(args[0])) : 60_000;
        int epochs = args.length > 1 ? Integer.parseInt(args[1]) : 3;

        Mnist mnist = Mnist.load();
        Tensor train = mnist.train().samples().first(images).toTensor();
        Tensor test = mnist.test().samples().toTensor();
        NumpyRandom numpy = new NumpyRandom(0);
        Tensor noisyTrain = noisy(train, numpy);
        Tensor noisyTest = noisy(test, numpy);

        Sequential net =
                NetSpec.parse("784-256:relu-64:relu-256:relu-784:sigmoid").build(new TorchRandom(0));
        new Trainer(net, new BCELoss(), new Adam(net.parameters()), numpy)
                .epochs(epochs)
                .batchSize(64)
                .fit(noisyTrain, train, noisyTest, test);

        FullSetLoss untouched = new FullSetLoss(new Sequential(x -> x), new BCELoss());
        FullSetLoss repaired = new FullSetLoss(net, new BCELoss());
        System.out.printf("noisy    %.4f%n", untouched.of(noisyTest, test));
        System.out.printf("repaired %.4f%n", repaired.of(noisyTest, test));
    }

    private static Tensor noisy(Tensor clean, NumpyRandom random) {
        float[] noisy = clean.data().clone();
        for (int i = 0; i < noisy.length; i++) {
            noisy[i] = (float) Math.min(1, Math.max(0, noisy[i] + random.normal(0, 0.4)));
        }
        return Tensor.of(clean.shape(), noisy);
    }
}

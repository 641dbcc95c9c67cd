package org.gradus.examples.programs;

import org.gradus.data.Samples;
import org.gradus.mnist.Mnist;
import org.gradus.nn.BCELoss;
import org.gradus.nn.Linear;
import org.gradus.nn.PReLU;
import org.gradus.nn.Sequential;
import org.gradus.nn.Sigmoid;
import org.gradus.optim.Adam;
import org.gradus.random.NumpyRandom;
import org.gradus.random.TorchRandom;
import org.gradus.train.EpochLoss;
import org.gradus.train.Trainer;

/** Trains an autoencoder on handwritten digits: {@code TrainAutoencoder [images [epochs]]}. */
public final class TrainAutoencoder {

    private TrainAutoencoder() {}

    /** Prints the network and its losses. */
    public static void main(String[] args) {
        int images = args.length > 0 ? Math.min(60_000, Integer.parseInt(args[0])) : 60_000;
        int epochs = args.length > 1 ? Integer.parseInt(args[1]) : 3;

        Mnist mnist = Mnist.load();
        Samples train = mnist.train().samples().first(images); // read from their bytes
        Samples test = mnist.test().samples();

        TorchRandom torch = new TorchRandom(0); // the weights PyTorch draws after torch.manual_seed(0)
        Sequential net =
                new Sequential(new Linear(784, 64, torch), new PReLU(), new Linear(64, 784, torch), new Sigmoid());
        System.out.println(net);

        Trainer trainer = new Trainer(net, new BCELoss(), new Adam(net.parameters()), new NumpyRandom(0));
        for (EpochLoss epoch :
                trainer.epochs(epochs).batchSize(64).fit(train, test).table()) {
            System.out.printf("train %.4f  test %.4f%n", epoch.train(), epoch.test());
        }
    }
}

package sample;

import java.util.Locale;
import org.gradus.data.Samples;
import org.gradus.kernel.KernelProvider;
import org.gradus.mnist.Mnist;
import org.gradus.nn.BCELoss;
import org.gradus.nn.Linear;
import org.gradus.nn.PReLU;
import org.gradus.nn.Sequential;
import org.gradus.nn.Sigmoid;
import org.gradus.optim.Adam;
import org.gradus.random.NumpyRandom;
import org.gradus.random.TorchRandom;
import org.gradus.train.History;
import org.gradus.train.Trainer;

/** An autoencoder 784-16-784, trained on the first 6,000 digits for two epochs. */
public final class TrainDigits {

    private TrainDigits() {}

    /**
     * Trains and prints the losses.
     *
     * @param args none
     */
    public static void main(String[] args) {
        Mnist mnist = Mnist.load();
        Samples train = mnist.train().samples().first(6000);
        Samples test = mnist.test().samples().first(1000);

        TorchRandom random = new TorchRandom(0);
        Sequential net =
                new Sequential(new Linear(784, 16, random), new PReLU(), new Linear(16, 784, random), new Sigmoid());
        History history = new Trainer(net, new BCELoss(), new Adam(net.parameters()), new NumpyRandom(0))
                .epochs(2)
                .batchSize(64)
                .fit(train, test);

        System.out.println("kernels " + KernelProvider.kernels().name());
        for (int epoch = 1; epoch <= history.epochs(); epoch++) {
            System.out.printf(
                    Locale.ROOT,
                    "epoch %d  train %.4f  test %.4f%n",
                    epoch,
                    history.table().get(epoch - 1).train(),
                    history.table().get(epoch - 1).test());
        }
    }
}

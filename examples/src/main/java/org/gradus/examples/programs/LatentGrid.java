package org.gradus.examples.programs;

import java.nio.file.Path;
import java.util.Arrays;
import org.gradus.autograd.Tensor;
import org.gradus.data.Samples;
import org.gradus.mnist.Mnist;
import org.gradus.nn.BCELoss;
import org.gradus.nn.NetSpec;
import org.gradus.nn.Sequential;
import org.gradus.optim.Adam;
import org.gradus.plots.AxisLabels;
import org.gradus.plots.Figure;
import org.gradus.plots.Plot;
import org.gradus.random.NumpyRandom;
import org.gradus.random.TorchRandom;
import org.gradus.train.Trainer;

/** Draws the code space of an autoencoder with two units: {@code LatentGrid [images [epochs [FILE.png]]]}. */
public final class LatentGrid {

    private LatentGrid() {}

    /** Writes {@code latent.png}: where the encoder puts 500 test images, and what the decoder makes of places between. */
    public static void main(String[] args) {
        int images = args.length > 0 ? Math.min(60_000, Integer.parseInt(args[0])) : 60_000;
        int epochs = args.length > 1 ? Integer.parseInt(args[1]) : 5;
        Path file = Path.of(args.length > 2 ? args[2] : "latent.png");

        Mnist mnist = Mnist.load();
        Samples train = mnist.train().samples().first(images); // read from their bytes
        Tensor shown = mnist.test().samples().first(500).toTensor();
        int[] digits = new int[500];
        Arrays.setAll(digits, mnist.test()::label);

        Sequential net = NetSpec.parse("784-392:prelu-2-392:prelu-784:sigmoid").build(new TorchRandom(0));
        new Trainer(net, new BCELoss(), new Adam(net.parameters()), new NumpyRandom(0))
                .epochs(epochs)
                .batchSize(128)
                .fit(train, Samples.of(shown));

        Sequential encoder = net.slice(0, 3); // shares the weights
        Sequential decoder = net.slice(3, 6);
        float[] codes = encoder.forward(shown).data();
        Figure figure = Plot.latent(
                "Code space of 2 units",
                codes,
                codes,
                digits,
                code -> decoder.forward(Tensor.matrix(1, 2, code)).data(),
                AxisLabels.CODES,
                false);
        figure.writePng(file);
        System.out.println(file + ": " + figure.altText());
    }
}

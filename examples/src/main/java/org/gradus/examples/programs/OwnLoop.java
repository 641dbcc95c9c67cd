package org.gradus.examples.programs;

import org.gradus.autograd.Tape;
import org.gradus.autograd.Tensor;
import org.gradus.nn.BCELoss;
import org.gradus.nn.Linear;
import org.gradus.nn.PReLU;
import org.gradus.nn.Sequential;
import org.gradus.nn.Sigmoid;
import org.gradus.optim.Adam;
import org.gradus.random.NumpyRandom;
import org.gradus.random.TorchRandom;

/** A training loop by hand, as one writes it in PyTorch: {@code OwnLoop [steps]}. */
public final class OwnLoop {

    private static final int BATCH = 16;
    private static final int WIDTH = 8;

    private OwnLoop() {}

    /** Learns to reproduce random patterns of which each is 0 or 1 throughout its left and its right half. */
    public static void main(String[] args) {
        int steps = args.length > 0 ? Integer.parseInt(args[0]) : 500;

        TorchRandom torch = new TorchRandom(0);
        NumpyRandom numpy = new NumpyRandom(0);
        Sequential net =
                new Sequential(new Linear(WIDTH, 2, torch), new PReLU(), new Linear(2, WIDTH, torch), new Sigmoid());
        BCELoss bce = new BCELoss();
        Adam adam = new Adam(net.parameters());

        Tape tape = Tape.reusing(); // keeps its buffers from step to step; Tape.fresh() computes the same
        for (int step = 1; step <= steps; step++) {
            float[] batch = new float[BATCH * WIDTH];
            for (int half = 0; half < 2 * BATCH; half++) {
                int value = numpy.randint(0, 2);
                for (int i = 0; i < WIDTH / 2; i++) {
                    batch[half * WIDTH / 2 + i] = value;
                }
            }
            tape.begin();
            Tensor x = tape.input(Tensor.matrix(BATCH, WIDTH, batch));
            adam.zeroGrad();
            Tensor loss = bce.of(net.forward(x), x);
            loss.backward();
            adam.step();
            if (step == 1 || step % 100 == 0) {
                System.out.printf("step %d  loss %.4f%n", step, loss.item());
            }
        }
    }
}

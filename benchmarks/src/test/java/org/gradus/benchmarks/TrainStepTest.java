package org.gradus.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.gradus.autograd.Tape;
import org.gradus.autograd.Tensor;
import org.gradus.nn.Loss;
import org.gradus.nn.Sequential;
import org.gradus.optim.Adam;
import org.gradus.random.NumpyRandom;
import org.gradus.random.TorchRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is measured must also be right: the loop's losses are those of the textbook loop, recorded anew for every batch. */
class TrainStepTest {

    private static final int EPOCHS = 2;

    @ParameterizedTest
    @EnumSource
    void lossesHaveTheBitsOfTheTextbookLoop(Net net) {
        // Three full batches and a shorter one.
        int count = 3 * net.batch() + 5;
        Tensor images = Training.images(count);

        float[][] measured = new float[EPOCHS][];
        try (Training training = new Training(net, images)) {
            for (int e = 0; e < EPOCHS; e++) {
                training.epoch();
                measured[e] = training.losses();
                training.evaluated();
            }
        }

        float[][] textbook = textbook(net, images);
        for (int e = 0; e < EPOCHS; e++) {
            assertThat(bits(measured[e])).as("epoch %d", e).containsExactly(bits(textbook[e]));
        }
        assertThat(measured[1]).isNotEqualTo(measured[0]);
    }

    /** What is compared for its time must be the same training. */
    @ParameterizedTest
    @EnumSource
    void everyFormOfTheStepHasTheSameLosses(Training.Form form) {
        Tensor images = Training.images(3 * Net.AE2.batch() + 5);
        try (Training chosen = new Training(Net.AE2, images);
                Training other = new Training(Net.AE2, images, form)) {
            chosen.epoch();
            other.epoch();
            assertThat(bits(other.losses())).containsExactly(bits(chosen.losses()));
            chosen.evaluated();
            other.evaluated();
        }
    }

    private static int[] bits(float[] x) {
        int[] bits = new int[x.length];
        Arrays.setAll(bits, i -> Float.floatToRawIntBits(x[i]));
        return bits;
    }

    private static float[][] textbook(Net net, Tensor images) {
        int count = images.shape().length(0);
        int width = images.shape().columns();
        Sequential model = net.build(new TorchRandom(0));
        Loss loss = net.loss();
        Adam adam = new Adam(model.parameters());
        NumpyRandom random = new NumpyRandom(0);
        Tape tape = Tape.reusing();
        int[] order = new int[count];
        int batches = (count - 1) / net.batch() + 1;
        float[][] losses = new float[EPOCHS][batches];
        for (int e = 0; e < EPOCHS; e++) {
            random.permutation(order);
            for (int b = 0; b < batches; b++) {
                int from = b * net.batch();
                int rows = Math.min(net.batch(), count - from);
                float[] gathered = new float[rows * width];
                for (int r = 0; r < rows; r++) {
                    System.arraycopy(images.data(), order[from + r] * width, gathered, r * width, width);
                }
                tape.begin();
                Tensor x = tape.input(Tensor.matrix(rows, width, gathered));
                Tensor value = loss.of(model.forward(x), x);
                adam.zeroGrad();
                value.backward();
                losses[e][b] = value.item();
                adam.step();
            }
        }
        return losses;
    }
}

package org.gradus.exercises;

import org.junit.jupiter.api.Test;

/** The bounds {@code torch.nn.init.kaiming_uniform_} computes for these shapes with the gain of a ReLU. */
class Exercise4KaimingTest {

    @Test
    void bound() {
        check(392, 784, 0.08748177652797065);
        check(2, 50, 0.34641016151377546);
        check(50, 2, 1.7320508075688774);
    }

    private static void check(int outputs, int inputs, double pytorch) {
        double out = outputs;
        double in = inputs;
        new Answer(
                        "Kaiming.bound: L for a weight of " + outputs + " outputs and " + inputs + " inputs",
                        Kaiming.bound(outputs, inputs))
                .mistake(
                        "L is 0: write the formula. If you have written one, an int was divided by an int:"
                                + " 6 / 784 is 0 in Java, 6.0 / 784 is not.",
                        0)
                .mistake(
                        "This looks like counting outputs. A sum has as many terms as the layer has inputs.",
                        Math.sqrt(6 / out))
                .mistake("This looks like the variance, 2 / in.", 2 / in)
                .mistake(
                        "This looks like the standard deviation, sqrt(2 / in). L is sqrt(3) times as large.",
                        Math.sqrt(2 / in))
                .mistake(
                        "This looks like L without the ReLU's factor: half of the signal is dropped, Var(W) = 2 / in.",
                        Math.sqrt(3 / in))
                .mistake("This looks like L^2: the root is missing.", 6 / in)
                .mistake(
                        "This looks like Xavier's bound, sqrt(6 / (in + out)). Kaiming's counts inputs only.",
                        Math.sqrt(6 / (in + out)))
                .mistake(
                        "This looks like PyTorch's default for Linear, 1 / sqrt(in). Asked is Kaiming's for a ReLU.",
                        1 / Math.sqrt(in))
                .mistake("This looks like an int divided by an int, rounded down. Write 6.0.", Math.sqrt(6 / inputs))
                .mustBe(pytorch);
    }
}

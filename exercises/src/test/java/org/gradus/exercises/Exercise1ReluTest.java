package org.gradus.exercises;

import java.util.Random;
import org.junit.jupiter.api.Test;

class Exercise1ReluTest {

    @Test
    void backward() {
        passesGradientsWhereXIsPositive();
        addsToWhatIsThere();
        leavesItsInputsAlone();
        agreesWithTheSlopesOfForward();
    }

    private static void passesGradientsWhereXIsPositive() {
        double[] x = {-2, 0, 3, 0.5, -1};
        double[] gradY = {10, 20, -30, 40, -50};
        double[] gradX = new double[5];
        Relu.backward(x, gradY, gradX);
        new Answer("Relu.backward: dL/dx for x = [-2, 0, 3, 0.5, -1] and dL/dy = [10, 20, -30, 40, -50]", gradX)
                .mistake("Nothing was added to gradX. Write the loop of Relu.backward.", 0, 0, 0, 0, 0)
                .mistake("This looks like passing every gradient on. Where x was cut off, L does not notice it.", gradY)
                .mistake("This looks like x >= 0. At 0 itself the derivative is 0, as in PyTorch.", 0, 20, -30, 40, 0)
                .mistake("This looks like asking whether dL/dy is positive. Ask x.", 10, 20, 0, 40, 0)
                .mistake("This looks like the mask the wrong way round: x > 0 passes, not x <= 0.", 10, 20, 0, 0, -50)
                .mistake("This looks like dy/dx alone. The chain rule multiplies it by dL/dy.", 0, 0, 1, 1, 0)
                .mistake("This looks like forward once more. Backward passes dL/dy on, not x.", 0, 0, 3, 0.5, 0)
                .mistake("This looks like dL/dy times y. Multiply by the derivative of relu, 0 or 1.", 0, 0, -90, 20, 0)
                .mistake("This looks like subtracting. A gradient is added; the optimiser subtracts.", 0, 0, 30, -40, 0)
                .mustBe(0, 0, -30, 40, 0);
    }

    private static void addsToWhatIsThere() {
        double[] x = {-2, 3};
        double[] gradX = {1, 2};
        Relu.backward(x, new double[] {10, 20}, gradX);
        new Answer("Relu.backward: dL/dx for x = [-2, 3] and dL/dy = [10, 20], when [1, 2] is in gradX already", gradX)
                .mistake("This looks like assigning instead of adding: use += and keep what was there.", 0, 20)
                .mistake("This looks like = instead of +=: the [1, 2] of before must stay part of the sum.", 1, 20)
                .mistake("This looks like adding twice. Once per call.", 1, 42)
                .mustBe(1, 22);
    }

    private static void leavesItsInputsAlone() {
        double[] x = {-2, 3};
        double[] gradY = {10, 20};
        Relu.backward(x, gradY, new double[2]);
        new Answer("Relu.backward: x after the call; others still need it", x).mustBe(-2, 3);
        new Answer("Relu.backward: dL/dy after the call; others still need it", gradY).mustBe(10, 20);
    }

    /** Central differences of L = sum of G y. Relu is a line on both sides of its kink, so they are exact. */
    private static void agreesWithTheSlopesOfForward() {
        Random random = new Random(1);
        double[] x = random.doubles(50, -1, 1).toArray();
        double[] gradY = random.doubles(50, -1, 1).toArray();
        double step = 1e-5;
        double[] slopes = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            slopes[i] = gradY[i] * (Math.max(x[i] + step, 0) - Math.max(x[i] - step, 0)) / (2 * step);
        }
        double[] gradX = new double[x.length];
        Relu.backward(x, gradY, gradX);
        new Answer("Relu.backward: dL/dx for 50 random numbers, against the slopes of L", gradX).mustBe(slopes);
    }
}

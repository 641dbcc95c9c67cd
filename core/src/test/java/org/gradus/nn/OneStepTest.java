package org.gradus.nn;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import org.gradus.autograd.Tape;
import org.gradus.autograd.Tensor;
import org.gradus.optim.Adam;
import org.gradus.optim.Optimizer;
import org.gradus.optim.SGD;
import org.gradus.random.TorchRandom;
import org.junit.jupiter.api.Test;

/**
 * One training step of Linear, PReLU, Linear, Sigmoid with binary cross-entropy and Adam, against PyTorch's in double.
 * The numbers come from {@code scripts/reference/one_step.py}.
 */
class OneStepTest {

    private static final float[] X = {
        0.800011396408081f, 0.16102945804595947f, 0.28226858377456665f, 0.6816085577011108f,
        0.9151939749717712f, 0.39709991216659546f, 0.8741558790206909f, 0.41940832138061523f,
        0.5529070496559143f, 0.9527381062507629f, 0.036164820194244385f, 0.1852310299873352f
    };

    private static Map<String, double[]> start() {
        Map<String, double[]> start = new LinkedHashMap<>();
        start.put("0.weight", new double[] {
            -0.004322517663240433,
            0.3097158372402191,
            -0.4751853346824646,
            -0.4248946011066437,
            -0.2223689705133438,
            0.15482072532176971
        });
        start.put("0.bias", new double[] {-0.011439144611358643, 0.45777493715286255});
        start.put("1.weight", new double[] {0.25});
        start.put("2.weight", new double[] {
            -0.06275151669979095,
            0.1871093362569809,
            -0.2136969119310379,
            -0.13899271190166473,
            -0.6755334138870239,
            -0.4683041572570801
        });
        start.put("2.bias", new double[] {-0.2914857566356659, 0.026193760335445404, 0.2795442044734955});
        return start;
    }

    private static Map<String, double[]> gradients() {
        Map<String, double[]> gradients = new LinkedHashMap<>();
        gradients.put("0.weight", new double[] {
            -0.010436578258247415, -0.0011132853806062066, -0.0026760427399863,
            -0.05436717155023924, -0.012666999609320809, -0.0177833390350271
        });
        gradients.put("0.bias", new double[] {-0.011769393869045089, -0.06253725383409582});
        gradients.put("1.weight", new double[] {0.0044523414798600496});
        gradients.put("2.weight", new double[] {
            0.0014230679393354337,
            -0.010488949974151864,
            -0.004648288316733596,
            0.006130801113026436,
            -0.00029981204770909616,
            0.005657507793441908
        });
        gradients.put("2.bias", new double[] {-0.1319944789088755, 0.04033911176545811, 0.06882922446103776});
        return gradients;
    }

    private static Map<String, double[]> next() {
        Map<String, double[]> next = new LinkedHashMap<>();
        next.put("0.weight", new double[] {
            -0.0033225186214079637,
            0.31071582825787697,
            -0.4741853384193117,
            -0.42389460129057815,
            -0.22136897130279612,
            0.15582072475944594
        });
        next.put("0.bias", new double[] {-0.010439145461019348, 0.4587749369929579});
        next.put("1.weight", new double[] {0.24900000224600416});
        next.put("2.weight", new double[] {
            -0.06375150967276895,
            0.18810933530359752,
            -0.21269691408236283,
            -0.13999271027055918,
            -0.6745334472401415,
            -0.4693041554895205
        });
        next.put("2.bias", new double[] {-0.2904857567114266, 0.025193760583343713, 0.2785442046187826});
        return next;
    }

    private static final double[] OUTPUT = {
        0.43379068079613675, 0.5035031895496673, 0.5590732025437303, 0.4276025318475527,
        0.501346777410539, 0.5530532786081954, 0.4318174859417056, 0.5057912978686313,
        0.5665275964485085, 0.43136949388874474, 0.50522465094925, 0.5648031915164305
    };

    private static final double LOSS = 0.7418802231895683;

    /** Half an ulp of 1, the relative error of one rounding to float. */
    private static final double U = 0x1p-24;

    @Test
    void equalsPyTorch() {
        Sequential model = new Sequential(
                new Linear(3, 2, new TorchRandom(1)), new PReLU(), new Linear(2, 3, new TorchRandom(2)), new Sigmoid());
        Map<String, Tensor> values = new LinkedHashMap<>();
        model.stateDict().forEach((name, parameter) -> {
            Tensor value = parameter.copy();
            double[] numbers = start().get(name);
            for (int i = 0; i < numbers.length; i++) {
                value.data()[i] = (float) numbers[i];
            }
            values.put(name, value);
        });
        model.loadStateDict(values);
        Optimizer optimizer = new Adam(model.parameters());
        Tape tape = Tape.reusing();
        Tensor x = tape.input(Tensor.matrix(4, 3, X));
        Tensor output = model.forward(x);
        Tensor loss = new BCELoss().of(output, x);
        optimizer.zeroGrad();
        loss.backward();

        // Output: about ten roundings of numbers below 1. A gradient adds four to twelve terms of at most 1/12 each,
        // whose
        // factors carry the errors of the output; twenty roundings of the largest gradient bound what adds up.
        assertClose("output", output.data(), OUTPUT, 10 * U);
        assertThat(Math.abs(loss.item() - LOSS)).isLessThanOrEqualTo(10 * U);
        gradients()
                .forEach((name, expected) -> assertClose(
                        "gradient of " + name, model.stateDict().get(name).grad(), expected, 20 * U / 12));
        optimizer.step();
        // The first step of Adam is the learning rate times the gradient's sign, so what differs is the last rounding
        // and,
        // through epsilon, one part in 1e5 of the learning rate at the most.
        next().forEach((name, expected) ->
                assertClose("next " + name, model.stateDict().get(name).data(), expected, 2 * U));
    }

    /** PyTorch's weights after the same step are NaN, all of them: relu passes the gradient on where its input is NaN. */
    @Test
    void oneInputThatIsNaNSpoilsEveryWeight() {
        Sequential model =
                new Sequential(new Linear(3, 2, new TorchRandom(0)), new ReLU(), new Linear(2, 3, new TorchRandom(0)));
        Optimizer optimizer = new SGD(model.parameters(), 0.1);
        Tape tape = Tape.reusing();
        Tensor x = tape.input(Tensor.matrix(2, 3, Float.NaN, 1, 2, 1, 2, 3));
        new MSELoss().of(model.forward(x), Tensor.zeros(2, 3)).backward();
        optimizer.step();
        assertThat(model.stateDict()).allSatisfy((name, parameter) -> {
            for (float value : parameter.data()) {
                assertThat(value).as(name).isNaN();
            }
        });
    }

    private static void assertClose(String name, float[] actual, double[] expected, double bound) {
        assertThat(actual).as(name).hasSameSizeAs(expected);
        for (int i = 0; i < expected.length; i++) {
            assertThat(Math.abs(actual[i] - expected[i]))
                    .as("%s, element %d: %s, expected %s", name, i, actual[i], expected[i])
                    .isLessThanOrEqualTo(bound);
        }
    }
}

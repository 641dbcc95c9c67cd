package org.gradus.plan;

import static org.assertj.core.api.Assertions.assertThat;

import org.gradus.autograd.Shape;
import org.gradus.autograd.Tape;
import org.gradus.autograd.Tensor;
import org.gradus.nn.Layer;
import org.gradus.nn.Linear;
import org.gradus.nn.Loss;
import org.gradus.nn.MSELoss;
import org.gradus.nn.PReLU;
import org.gradus.nn.Sequential;
import org.gradus.random.TorchRandom;
import org.gradus.testing.Bits;
import org.gradus.testing.Samples;
import org.gradus.train.FullSetLoss;
import org.junit.jupiter.api.Test;

class ProgramReaderTest {

    private static final int SAMPLES = 5;

    private final Linear linear = new Linear(3, 4, new TorchRandom(1));
    private final Tensor bias = Tensor.zeros(SAMPLES).trainable();
    private final Loss loss = new MSELoss();
    private final Tensor x = Tensor.of(Shape.of(SAMPLES, 3), Samples.uniform(1, SAMPLES * 3, -1, 1));
    private final Tensor y = Tensor.of(Shape.of(SAMPLES, SAMPLES), Samples.uniform(2, SAMPLES * SAMPLES, -1, 1));

    /** Products of all pairs of codes: the weight of the second map is what the first one has made. */
    private final Layer pairs = input -> {
        Tensor h = linear.forward(input);
        return h.affine(h, bias);
    };

    @Test
    void resultOfAnEarlierStepIsNoParameter() {
        Tape tape = Tape.fresh();
        Tensor input = tape.input(x);
        Tensor target = tape.input(y);
        Tensor value = loss.of(pairs.forward(input), target);
        ProgramReader reader = new ProgramReader(tape, input, target, value);
        assertThat(reader.program()).isEmpty();
        assertThat(reader.obstacle())
                .isEqualTo("the operation affine has a constant or a result where parameters are planned");

        tape.begin();
        Tensor again = tape.input(x);
        Tensor codes = tape.input(Tensor.zeros(SAMPLES, 4));
        Tensor other = loss.of(linear.forward(again), codes);
        assertThat(new ProgramReader(tape, again, codes, other).program()).isPresent();
    }

    private static String obstacle(int columns, Layer net, Loss loss) {
        Tape tape = Tape.fresh();
        Tensor input = tape.input(Tensor.zeros(SAMPLES, 3));
        Tensor target = tape.input(Tensor.zeros(SAMPLES, columns));
        return new ProgramReader(tape, input, target, loss.of(net.forward(input), target)).obstacle();
    }

    /** What has a planned form, though not in this place or of these shapes, is not said to have none. */
    @Test
    void obstacleTellsAWrongPlaceFromAnUnknownOperation() {
        String place = "the operation mse is planned as the last one only, and others follow it";
        assertThat(obstacle(4, linear, (o, t) -> o.mse(t).scale(2))).isEqualTo(place);
        assertThat(obstacle(4, linear, (o, t) -> o.mse(t).add(o.mse(t)))).isEqualTo(place);
        assertThat(obstacle(4, linear, (o, t) -> o.sub(t).scale(2).mean()))
                .isEqualTo("the operation sub has no planned form");
        assertThat(obstacle(4, new Sequential(linear, new PReLU(4)), loss))
                .isEqualTo("the operation prelu in layer 1 has no planned form for inputs [5,4], [4]");
        assertThat(obstacle(4, linear, loss)).isEmpty();
    }

    @Test
    void lossOverASetIsThatOfThePresentWeights() {
        FullSetLoss kept = new FullSetLoss(pairs, loss);
        float before = kept.of(x, y);
        linear.weight().data()[0] += 1;
        float after = kept.of(x, y);
        Bits.assertSame("loss", new float[] {after}, new float[] {
            loss.of(pairs.forward(x), y).item()
        });
        assertThat(after).isNotEqualTo(before);
    }
}

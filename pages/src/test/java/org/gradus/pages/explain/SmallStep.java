package org.gradus.pages.explain;

import java.util.ArrayList;
import java.util.List;
import org.gradus.autograd.Tensor;
import org.gradus.nn.BCELoss;
import org.gradus.nn.Layer;
import org.gradus.nn.Linear;
import org.gradus.nn.Loss;
import org.gradus.nn.MSELoss;
import org.gradus.nn.NormalizeLayer;
import org.gradus.nn.PReLU;
import org.gradus.nn.ReLU;
import org.gradus.nn.Sequential;
import org.gradus.nn.Sigmoid;
import org.gradus.nn.Tanh;
import org.gradus.random.TorchRandom;

/** Steps on an image of 6 x 5 pixels, of networks that hold every layer there is. */
enum SmallStep {
    ALL_LAYERS(new MSELoss(), 1),
    THIRD_STEP(new MSELoss(), 3),
    PROBABILITIES(new BCELoss(), 1),
    SECOND_OF_PROBABILITIES(new BCELoss(), 2);

    static final int ROWS = 6;
    static final int COLUMNS = 5;

    @SuppressWarnings("ImmutableEnumChecker") // losses have no state
    private final Loss loss;

    private final long step;

    SmallStep(Loss loss, long step) {
        this.loss = loss;
        this.step = step;
    }

    private Sequential model() {
        TorchRandom random = new TorchRandom(1);
        int pixels = ROWS * COLUMNS;
        List<Layer> layers = new ArrayList<>(List.of(new Linear(pixels, 18, random), new PReLU()));
        if (loss instanceof MSELoss) {
            layers.addAll(List.of(
                    new Linear(18, 3, random),
                    new Tanh(),
                    new NormalizeLayer(),
                    new Linear(3, 20, random),
                    new ReLU(),
                    new Linear(20, pixels, random)));
        } else {
            layers.addAll(List.of(new Linear(18, pixels, random), new Sigmoid()));
        }
        return new Sequential(layers);
    }

    private static Tensor image() {
        float[] pixels = new float[ROWS * COLUMNS];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = i * 7 % 11 / 10f;
        }
        return Tensor.matrix(1, pixels.length, pixels);
    }

    Explanation explanation() {
        return Explanation.of(model(), loss, image(), step);
    }

    String page() {
        return page("seed 1");
    }

    String page(String weights) {
        return ExplainPage.of(explanation(), new Subject("a network", weights, 4, 7, ROWS, COLUMNS, step));
    }

    LibraryNumbers library() {
        return new LibraryNumbers(model(), loss, image(), step);
    }
}

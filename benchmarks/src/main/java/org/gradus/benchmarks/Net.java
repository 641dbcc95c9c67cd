package org.gradus.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
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
import org.gradus.random.TorchRandom;

/** The autoencoders of {@code scripts/reference/bench_pytorch.py}. */
public enum Net {
    /** A bottleneck of 32, trained by the mean squared error. */
    AE32(MSELoss::new, 64, ReLU::new, 784, 32, 784),
    /** A bottleneck of 2. */
    AE2(BCELoss::new, 64, PReLU::new, 784, 2, 784),
    /** Deep, with a bottleneck of 2. */
    DEEP2(BCELoss::new, 128, PReLU::new, 784, 392, 64, 2, 64, 392, 784),
    /** Deep, with the unit sphere for a bottleneck. */
    S2(BCELoss::new, 128, PReLU::new, 784, 392, 96, 3, 96, 392, 784),
    /** The same in small batches. */
    S2B32(BCELoss::new, 32, PReLU::new, 784, 392, 96, 3, 96, 392, 784),
    /** Twice as wide. */
    THICK(BCELoss::new, 128, PReLU::new, 784, 1568, 392, 96, 3, 96, 392, 1568, 784);

    /** A layer of this width has its outputs normalised: points on a sphere. */
    static final int SPHERE = 3;

    @SuppressWarnings("ImmutableEnumChecker") // a constructor
    private final Supplier<Loss> loss;

    private final int batch;

    @SuppressWarnings("ImmutableEnumChecker") // a constructor
    private final Supplier<Layer> hidden;

    @SuppressWarnings("ImmutableEnumChecker") // made by List.of
    private final List<Integer> widths;

    Net(Supplier<Loss> loss, int batch, Supplier<Layer> hidden, Integer... widths) {
        this.loss = loss;
        this.batch = batch;
        this.hidden = hidden;
        this.widths = List.of(widths);
    }

    /** What is minimised. */
    Loss loss() {
        return loss.get();
    }

    /** Samples per step. */
    int batch() {
        return batch;
    }

    /** Numbers of the input and of each layer's output. */
    int[] widths() {
        return widths.stream().mapToInt(Integer::intValue).toArray();
    }

    /** The network with PyTorch's default weights. */
    Sequential build(TorchRandom random) {
        List<Layer> layers = new ArrayList<>();
        for (int w = 1; w < widths.size(); w++) {
            int width = widths.get(w);
            layers.add(new Linear(widths.get(w - 1), width, random));
            layers.add(w == widths.size() - 1 ? new Sigmoid() : hidden.get());
            if (width == SPHERE) {
                layers.add(new NormalizeLayer());
            }
        }
        return new Sequential(layers);
    }
}

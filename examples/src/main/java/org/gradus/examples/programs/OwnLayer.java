package org.gradus.examples.programs;

import java.util.Map;
import org.gradus.autograd.Tape;
import org.gradus.autograd.Tensor;
import org.gradus.nn.Layer;
import org.gradus.nn.Linear;
import org.gradus.nn.MSELoss;
import org.gradus.nn.Sequential;
import org.gradus.optim.SGD;
import org.gradus.random.TorchRandom;

/** A layer of one's own, y = s x with a learned scale per column, between layers of the library. */
public final class OwnLayer {

    private OwnLayer() {}

    /** No derivative is needed: the tape has those of the operations that {@code forward} consists of. */
    private record Gain(Tensor scale) implements Layer {

        Gain() {
            this(Tensor.vector(1, 1, 1, 1).trainable().named("scale"));
        }

        @Override
        public Tensor forward(Tensor x) {
            return x.mul(scale);
        }

        @Override
        public Map<String, Tensor> namedParameters() {
            return Map.of("scale", scale);
        }

        @Override
        public boolean isRepeatable() {
            return true; // the same operations for every batch
        }
    }

    /** Prints the parameters by name, and the loss as it falls. */
    public static void main(String[] args) {
        TorchRandom torch = new TorchRandom(0);
        Sequential net = new Sequential(new Linear(3, 4, torch), new Gain(), x -> x.mul(x), new Linear(4, 1, torch));
        System.out.println(net.stateDict().keySet());

        Tensor input = Tensor.matrix(2, 3, 1, 2, 3, -1, 0, 1);
        Tensor target = Tensor.matrix(2, 1, 1, -1);
        SGD sgd = new SGD(net.parameters(), 0.01);
        for (int step = 0; step < 5; step++) {
            sgd.zeroGrad();
            Tensor loss = new MSELoss().of(net.forward(Tape.fresh().input(input)), target);
            loss.backward();
            sgd.step();
            System.out.printf("step %d  loss %.4f%n", step + 1, loss.item());
        }
    }
}

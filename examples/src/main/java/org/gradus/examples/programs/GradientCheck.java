package org.gradus.examples.programs;

import org.gradus.autograd.Tape;
import org.gradus.autograd.Tensor;
import org.gradus.inspect.GradCheck;
import org.gradus.nn.BCELoss;
import org.gradus.nn.NetSpec;
import org.gradus.nn.Sequential;
import org.gradus.random.TorchRandom;

/** Checks the gradient of every parameter of a network against differences of its loss. */
public final class GradientCheck {

    private GradientCheck() {}

    /** Prints a line for each parameter, and whether all are right. */
    public static void main(String[] args) {
        Sequential net = NetSpec.parse("6-3:prelu+normalize-6:sigmoid").build(new TorchRandom(0));
        Tensor batch = Tensor.matrix(2, 6, 0, 1, 0, 1, 1, 0, 1, 1, 0, 0, 0, 1);

        Tensor x = Tape.fresh().input(batch);
        Tensor loss = new BCELoss().of(net.forward(x), batch);
        loss.backward();
        System.out.println("loss " + loss.item());

        GradCheck check = GradCheck.of(loss);
        System.out.println(check);
        System.out.println(check.passed() ? "all gradients are right" : String.join("\n", check.faults()));
    }
}

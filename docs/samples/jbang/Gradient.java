///usr/bin/env jbang "$0" "$@" ; exit $?
//JAVA 17+
//DEPS org.gradus:gradus-core:0.1.0-SNAPSHOT
//RUNTIME_OPTIONS --add-modules=jdk.incubator.vector

import org.gradus.autograd.Tape;
import org.gradus.autograd.Tensor;
import org.gradus.kernel.KernelProvider;
import org.gradus.nn.MSELoss;
import org.gradus.nn.Linear;
import org.gradus.random.TorchRandom;

/** One gradient, from a single file. */
class Gradient {

    public static void main(String[] args) {
        Linear layer = new Linear(2, 1, new TorchRandom(0));
        Tensor x = Tape.fresh().input(Tensor.matrix(1, 2, 3, 4));
        new MSELoss().of(layer.forward(x), Tensor.matrix(1, 1, 1)).backward();
        System.out.println("kernels " + KernelProvider.kernels().name());
        System.out.printf("dloss/dW %.4f %.4f%n", layer.weight().grad()[0], layer.weight().grad()[1]);
    }
}

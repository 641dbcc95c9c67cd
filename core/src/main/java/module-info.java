/**
 * The library: tensors, backpropagation, layers, losses, optimisers, random streams, training, and files of weights and
 * checkpoints. Depends on nothing.
 */
module org.gradus.core {
    requires static jdk.incubator.vector;
    requires static org.jspecify;

    exports org.gradus.autograd;
    exports org.gradus.data;
    exports org.gradus.io;
    exports org.gradus.kernel;
    exports org.gradus.nn;
    exports org.gradus.optim;
    exports org.gradus.random;
    exports org.gradus.train;
}

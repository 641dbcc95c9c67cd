package org.gradus.autograd;

import org.gradus.kernel.Engine;

/** Refuses numbers outside [0,1] where probabilities belong. NaN passes: it is no wrong probability but a computation gone wrong. */
final class Probabilities {

    private Probabilities() {}

    static void requireTargets(String op, Engine engine, Tensor y) {
        require(
                op,
                engine,
                "target",
                y,
                "Targets are probabilities; scale them, grey values from 0 to 255 for example by 1/255");
    }

    static void requireOutputs(String op, Engine engine, Tensor p) {
        require(
                op,
                engine,
                "output",
                p,
                "Outputs must be probabilities; end the network with a Sigmoid, or use BCEWithLogitsLoss without one");
    }

    private static void require(String op, Engine engine, String role, Tensor x, String wayOut) {
        int at = engine.firstOutside(x.size(), 0f, 1f, x.data());
        if (at < x.size()) {
            int sample = x.shape().sampleOf(at);
            throw new DomainException(
                    op + ": " + role + " " + x.shape().place(at) + " is " + x.data()[at] + ", in sample " + sample
                            + ", outside [0,1]. " + wayOut,
                    sample,
                    x.shape().samples());
        }
    }
}

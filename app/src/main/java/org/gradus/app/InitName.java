package org.gradus.app;

import org.gradus.autograd.Tensor;
import org.gradus.nn.Init;
import org.gradus.random.TorchRandom;

/** Initialisers for the weights of Linear layers. */
enum InitName {
    /** What {@link org.gradus.nn.Linear} starts with. */
    DEFAULT,
    KAIMING_UNIFORM,
    KAIMING_NORMAL;

    void apply(Tensor weight, TorchRandom random) {
        switch (this) {
            case DEFAULT -> {}
            case KAIMING_UNIFORM -> Init.kaimingUniform(weight, random);
            case KAIMING_NORMAL -> Init.kaimingNormal(weight, random);
        }
    }
}

package org.gradus.app;

import org.gradus.nn.BCELoss;
import org.gradus.nn.Loss;
import org.gradus.nn.MSELoss;

/** The losses an autoencoder can be trained with. */
enum LossName {
    BCE,
    MSE;

    Loss loss() {
        return this == BCE ? new BCELoss() : new MSELoss();
    }
}

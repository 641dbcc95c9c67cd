package org.gradus.train;

import org.gradus.data.Samples;
import org.gradus.nn.Loss;
import org.gradus.plan.KnownTargets;

/** What a run learns from and is judged by. */
record DataSets(Samples inputTrain, Samples targetTrain, Samples inputTest, Samples targetTest) {

    static final String TRAINING_SET = "training set";
    static final String TEST_SET = "test set";

    static final String WHO = "Trainer, ";

    /**
     * Looks at the sets before training.
     *
     * @param finite whether NaN and infinity are refused
     * @return what is known of the targets then
     */
    KnownTargets require(Loss loss, boolean finite) {
        FullSetLoss.requirePairs(WHO + TRAINING_SET, inputTrain, targetTrain);
        FullSetLoss.requirePairs(WHO + TEST_SET, inputTest, targetTest);
        KnownTargets known = new KnownTargets();
        SetCheck.require(WHO + TRAINING_SET, loss, inputTrain, targetTrain, finite, known);
        if (!inputTest.equals(inputTrain) || !targetTest.equals(targetTrain)) {
            SetCheck.require(WHO + TEST_SET, loss, inputTest, targetTest, finite, known);
        }
        return known;
    }

    int samples() {
        return inputTrain.count();
    }
}

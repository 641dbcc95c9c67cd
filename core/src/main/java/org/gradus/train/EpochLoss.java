package org.gradus.train;

/**
 * Losses over the whole sets, computed after an epoch with the weights it ended with: a row of the loss table.
 *
 * @param train mean loss of the training set
 * @param test mean loss of the test set
 */
public record EpochLoss(float train, float test) {}

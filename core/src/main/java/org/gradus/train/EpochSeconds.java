package org.gradus.train;

/**
 * Wall-clock time of an epoch.
 *
 * @param training seconds for all batches
 * @param evaluation seconds for the losses over both whole sets
 */
public record EpochSeconds(double training, double evaluation) {}

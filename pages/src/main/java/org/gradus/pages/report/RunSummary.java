package org.gradus.pages.report;

import java.util.OptionalDouble;

/**
 * How a report came to be.
 *
 * @param experiments which were run, in one line
 * @param totalSeconds from start to end, all tutorials together
 * @param peakMegabytes largest resident memory of the process in MB, if the system tells
 * @param seed of all experiments
 * @param environment JDK, kernels, threads, in one line
 */
public record RunSummary(
        String experiments, double totalSeconds, OptionalDouble peakMegabytes, long seed, String environment) {}

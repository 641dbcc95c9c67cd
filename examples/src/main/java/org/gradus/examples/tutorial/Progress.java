package org.gradus.examples.tutorial;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** How far a series of experiments is and how long the rest will take, reckoned from how fast this machine has been so far. */
final class Progress {

    private static final double NANOSECOND = 1e-9;
    private static final int MINUTE = 60;

    private final List<Experiment> planned = new ArrayList<>();
    private int begun;
    private double expectedSoFar;
    private double secondsSoFar;
    private double keptPart;
    private long began;

    void plan(Collection<Experiment> experiments) {
        planned.addAll(experiments);
    }

    /** Place and time left, such as {@code   [8 of 27, about 6:10 left]}; empty for a single experiment. */
    String begin(Experiment experiment) {
        began = System.nanoTime();
        keptPart = 0;
        begun++;
        if (planned.size() < 2) {
            return "";
        }
        double expected = planned.stream()
                .skip(begun - 1L)
                .mapToDouble(Experiment::seconds)
                .sum();
        double left = expectedSoFar > 0 ? expected * secondsSoFar / expectedSoFar : expected;
        return "  [" + begun + " of " + planned.size() + ", about " + time(left) + " left]";
    }

    /** Part of the present experiment was done before and says nothing about speed. */
    void keptEarlier(double part) {
        keptPart = part;
    }

    void end(Experiment experiment) {
        if (keptPart == 0) {
            expectedSoFar += experiment.seconds();
            secondsSoFar += (System.nanoTime() - began) * NANOSECOND;
        }
    }

    /** Minutes and seconds, such as {@code 12:05}. */
    static String time(double seconds) {
        long whole = Math.round(seconds);
        return whole / MINUTE + (whole % MINUTE < 10 ? ":0" : ":") + whole % MINUTE;
    }
}

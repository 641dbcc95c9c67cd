package org.gradus.examples.tutorial;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import org.gradus.pages.Decimals;
import org.gradus.pages.report.Check;

/** The conclusions that the experiments allow so far, and whether they hold. */
public final class Conclusions {

    private static final double SMALL = 1e-4;

    private final List<Check> checks = new ArrayList<>();

    Conclusions() {}

    /**
     * Records a conclusion.
     *
     * @param id of the experiment it belongs to
     * @param text what is claimed of the value
     * @param value what was found
     * @param holds whether the claim is true
     */
    public void add(String id, String text, double value, boolean holds) {
        checks.add(new Check(id, text, value, holds));
    }

    void addAll(Collection<Check> more) {
        checks.addAll(more);
    }

    /** Those about one experiment. */
    List<Check> about(String id) {
        return checks.stream().filter(check -> check.id().equals(id)).toList();
    }

    /** Prints those about a tutorial's experiments, in their order. */
    void print(PrintStream out, List<String> ids) {
        List<Check> own = checks.stream()
                .filter(check -> ids.contains(check.id()))
                .sorted(Comparator.comparingInt(check -> ids.indexOf(check.id())))
                .toList();
        if (own.isEmpty()) {
            return;
        }
        out.println();
        for (Check check : own) {
            out.println((check.holds() ? "holds  " : "FAILS  ") + check.id() + "\t" + check.text() + ": "
                    + readable(check.value()));
        }
    }

    /** Prints how many hold, if there are any. */
    void printCount(PrintStream out) {
        if (!checks.isEmpty()) {
            long held = checks.stream().filter(Check::holds).count();
            out.println(held + " of " + checks.size() + " conclusions hold");
        }
    }

    /** Up to 6 decimals, or an exponent where they would all be 0. */
    static String readable(double value) {
        return Math.abs(value) < SMALL ? Decimals.brief(value) : Decimals.six(value);
    }
}

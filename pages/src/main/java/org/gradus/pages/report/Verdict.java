package org.gradus.pages.report;

import java.util.Collection;
import org.gradus.pages.Html;

/** How many of some conclusions hold, in words. */
record Verdict(int checks, int failed) {

    static Verdict of(Collection<Check> checks) {
        return new Verdict(checks.size(), (int)
                checks.stream().filter(check -> !check.holds()).count());
    }

    boolean holds() {
        return failed == 0;
    }

    /** Of the style sheet. */
    String styleClass() {
        if (checks == 0) {
            return "none";
        }
        return holds() ? "holds" : "fails";
    }

    /** With a mark, so that nothing rests on colour. */
    String text() {
        if (checks == 0) {
            return "no conclusions to check";
        }
        return (holds() ? "✓ " : "✗ ") + words();
    }

    private String words() {
        if (!holds()) {
            return failed + " of " + conclusions() + " " + (failed == 1 ? "fails" : "fail");
        }
        return checks == 1 ? "1 conclusion holds" : "all " + conclusions() + " hold";
    }

    private String conclusions() {
        return checks + (checks == 1 ? " conclusion" : " conclusions");
    }

    /** A mark behind a title, if there is anything to say. */
    void addMark(Html html) {
        if (checks > 0) {
            html.add(
                    "<span class=\"{}\"><span aria-hidden=\"true\">{}</span><span class=\"hidden\">{}</span></span>",
                    styleClass(),
                    holds() ? "✓" : "✗",
                    words());
        }
    }
}

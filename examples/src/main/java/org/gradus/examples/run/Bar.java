package org.gradus.examples.run;

import java.io.PrintStream;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarConsumer;
import me.tongfei.progressbar.ProgressBarStyle;

/** A progress bar with speed and time left in the last line of a terminal; nothing where nobody watches. */
public final class Bar implements AutoCloseable {

    private static final int REFRESH_MILLIS = 250;

    private final Console console;
    private final String name;
    private final String unit;
    private final Line line;
    private Optional<ProgressBar> shown = Optional.empty();

    /**
     * A bar that appears with the first step.
     *
     * @param console where
     * @param name of the work
     * @param unit of a step, such as {@code batches}
     */
    public Bar(Console console, String name, String unit) {
        this.console = console;
        this.name = name;
        this.unit = unit;
        line = new Line(console.out());
    }

    /**
     * One step is done.
     *
     * @param ofAll how many there are; the first call's number counts
     */
    public void step(long ofAll) {
        if (!console.terminal()) {
            return;
        }
        if (shown.isEmpty()) {
            shown = Optional.of(new ProgressBarBuilder()
                    .setTaskName(name)
                    .setInitialMax(ofAll)
                    .setUnit(" " + unit, 1)
                    .showSpeed()
                    .setSpeedUnit(ChronoUnit.SECONDS)
                    .setStyle(ProgressBarStyle.ASCII)
                    .setUpdateIntervalMillis(REFRESH_MILLIS)
                    .setConsumer(line)
                    .build());
        }
        shown.get().step();
    }

    /**
     * Prints a line of results above the bar.
     *
     * @param text the line
     */
    public void printAbove(String text) {
        line.printAbove(text);
    }

    /** Takes the bar away. */
    @Override
    public void close() {
        shown.ifPresent(ProgressBar::close);
        shown = Optional.empty();
    }

    /** The last line of the terminal, which the bar's own thread rewrites. */
    private static final class Line implements ProgressBarConsumer {

        private static final int WIDTH = 79;
        private static final String ERASE = "\r" + " ".repeat(WIDTH) + "\r";

        private final PrintStream out;
        private boolean used;

        Line(PrintStream out) {
            this.out = out;
        }

        synchronized void printAbove(String row) {
            erase();
            out.println(row);
        }

        private void erase() {
            if (used) {
                out.print(ERASE);
                used = false;
            }
        }

        @Override
        public int getMaxRenderedLength() {
            return WIDTH;
        }

        @Override
        public synchronized void accept(String text) {
            try {
                out.print("\r" + text);
                out.flush();
                used = true;
            } catch (OutputFailure notOfThisThread) {
                // The bar has a thread of its own. The one that works meets the failure when it prints.
            }
        }

        @Override
        public synchronized void clear() {
            erase();
        }

        @Override
        public synchronized void close() {
            erase();
            out.flush();
        }
    }
}

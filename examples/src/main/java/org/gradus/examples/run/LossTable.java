package org.gradus.examples.run;

import java.io.PrintStream;
import java.time.temporal.ChronoUnit;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarConsumer;
import me.tongfei.progressbar.ProgressBarStyle;
import org.gradus.train.EpochLoss;
import org.gradus.train.EpochSeconds;
import org.gradus.train.TrainingListener;
import org.jspecify.annotations.Nullable;

/**
 * Prints the notebooks' loss table while a network trains: a line per epoch, and on a terminal a progress bar with batches per
 * second and time left beneath it.
 */
public final class LossTable implements TrainingListener, AutoCloseable {

    private static final int REFRESH_MILLIS = 250;

    private final Console console;
    private final int epochs;
    private @Nullable ProgressBar bar;
    private final Line line;

    /**
     * Prints the heading.
     *
     * @param console where
     * @param epochs how many lines there will be
     */
    public LossTable(Console console, int epochs) {
        this.console = console;
        this.epochs = epochs;
        line = new Line(console.out());
        console.out().println("Epoch\tLoss train\tLoss test");
    }

    @Override
    public void onBatch(int epoch, int batch, int batches, float loss) {
        if (!console.terminal()) {
            return;
        }
        ProgressBar shown = bar;
        if (shown == null) {
            shown = new ProgressBarBuilder()
                    .setTaskName("training")
                    .setInitialMax((long) epochs * batches)
                    .setUnit(" batches", 1)
                    .showSpeed()
                    .setSpeedUnit(ChronoUnit.SECONDS)
                    .setStyle(ProgressBarStyle.ASCII)
                    .setUpdateIntervalMillis(REFRESH_MILLIS)
                    .setConsumer(line)
                    .build();
            bar = shown;
        }
        shown.step();
    }

    @Override
    public void onEpoch(int epoch, int ofEpochs, EpochLoss loss, EpochSeconds seconds) {
        String row = epoch + " / " + ofEpochs + "\t" + Decimals.four(loss.train()) + "\t" + Decimals.four(loss.test());
        if (epoch == ofEpochs) {
            close();
        }
        line.printAbove(row);
    }

    /** Takes the progress bar away. */
    @Override
    public void close() {
        if (bar != null) {
            bar.close();
            bar = null;
        }
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
            out.print("\r" + text);
            out.flush();
            used = true;
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

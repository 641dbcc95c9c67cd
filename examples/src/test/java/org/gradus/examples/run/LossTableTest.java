package org.gradus.examples.run;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import org.gradus.train.EpochLoss;
import org.gradus.train.EpochSeconds;
import org.junit.jupiter.api.Test;

class LossTableTest {

    private static String printed(boolean terminal) {
        return printed(terminal, LossTable.WIDE_SLASH);
    }

    private static String printed(boolean terminal, String slash) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(bytes, true, UTF_8);
        try (LossTable table = new LossTable(new Console(out, out, terminal), 2, slash)) {
            for (int epoch = 1; epoch <= 2; epoch++) {
                table.onBatch(epoch, 1, 2, 0.5f);
                table.onBatch(epoch, 2, 2, 0.5f);
                table.onEpoch(epoch, 2, new EpochLoss(0.26543f, 0.26507f), new EpochSeconds(1, 1));
            }
        }
        return bytes.toString(UTF_8);
    }

    @Test
    void printsTheNotebooksTable() {
        assertThat(printed(false))
                .isEqualTo("Epoch\tLoss train\tLoss test\n1 / 2\t0.2654\t0.2651\n2 / 2\t0.2654\t0.2651\n");
    }

    @Test
    void printsTheLaterNotebooksTable() {
        assertThat(printed(false, LossTable.SLASH)).contains("\n1/2\t0.2654\t0.2651\n2/2\t");
    }

    /** What remains visible: a carriage return goes back to the start of the line, later characters cover earlier ones. */
    @Test
    void progressBarLeavesTheTableAsItIs() {
        String printed = printed(true);

        assertThat(printed).contains("training").contains("batches");
        StringBuilder visible = new StringBuilder();
        for (String line : printed.split("\n", -1)) {
            StringBuilder shown = new StringBuilder();
            for (String part : line.split("\r", -1)) {
                shown.replace(0, Math.min(part.length(), shown.length()), part);
            }
            visible.append(shown.toString().stripTrailing()).append('\n');
        }
        assertThat(visible.toString().stripTrailing() + "\n").isEqualTo(printed(false));
    }
}

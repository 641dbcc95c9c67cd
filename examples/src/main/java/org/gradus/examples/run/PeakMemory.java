package org.gradus.examples.run;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;

/** The most memory that this process has held. */
public final class PeakMemory {

    private static final Path STATUS = Path.of("/proc/self/status");
    private static final String PEAK = "VmHWM:";
    private static final double KILOBYTES_PER_MEGABYTE = 1024;

    private PeakMemory() {}

    /**
     * The largest resident memory so far.
     *
     * @return MB (2^20 bytes), or empty where the system does not tell, as all but Linux
     */
    public static OptionalDouble megabytes() {
        if (!Files.isReadable(STATUS)) {
            return OptionalDouble.empty();
        }
        try {
            return of(Files.readAllLines(STATUS, StandardCharsets.ISO_8859_1));
        } catch (IOException unreadable) {
            return OptionalDouble.empty();
        }
    }

    /** From the lines of Linux's {@code /proc/PID/status}, of which one reads {@code VmHWM: 123456 kB}. */
    static OptionalDouble of(List<String> status) {
        return status.stream()
                .filter(line -> line.startsWith(PEAK))
                .map(line -> line.substring(PEAK.length()).strip().split("\\s+"))
                .filter(words -> words.length == 2 && words[0].matches("\\d{1,18}") && words[1].equals("kB"))
                .mapToDouble(words -> Long.parseLong(words[0]) / KILOBYTES_PER_MEGABYTE)
                .findFirst();
    }
}

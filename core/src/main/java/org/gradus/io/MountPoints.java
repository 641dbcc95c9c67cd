package org.gradus.io;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where Linux has mounted something. A single file that is mounted, as into a container, can be neither moved nor replaced. */
final class MountPoints {

    private static final Path LIST = Path.of("/proc/self/mountinfo");

    /** The mount point among the fields of a line, counted from 0; proc(5). */
    private static final int FIELD = 4;

    private static final int OCTAL_DIGITS = 3;

    private MountPoints() {}

    /**
     * Whether something is mounted at a path.
     *
     * @param path real, that is, without links
     * @return false also where the system does not tell
     */
    static boolean isOne(Path path) {
        if (!path.getFileSystem().equals(LIST.getFileSystem()) || !Files.isReadable(LIST)) {
            return false;
        }
        try {
            // Names are bytes; read in any other way, some would be lost.
            return isOne(path.toString(), new String(Files.readAllBytes(LIST), StandardCharsets.ISO_8859_1));
        } catch (IOException unreadable) {
            return false;
        }
    }

    /** Whether a path is in a list, each byte of which is a character. */
    static boolean isOne(String path, String list) {
        String bytes = new String(path.getBytes(namesOfFiles()), StandardCharsets.ISO_8859_1);
        return list.lines()
                .map(line -> line.split(" ", -1))
                .anyMatch(fields ->
                        fields.length > FIELD && unescaped(fields[FIELD]).equals(bytes));
    }

    private static Charset namesOfFiles() {
        String name = System.getProperty("sun.jnu.encoding");
        return name != null && Charset.isSupported(name) ? Charset.forName(name) : Charset.defaultCharset();
    }

    /** Blanks, tabs, line feeds and backslashes are written as a backslash and three octal digits. */
    private static String unescaped(String field) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < field.length(); i++) {
            char c = field.charAt(i);
            if (c == '\\' && i + OCTAL_DIGITS < field.length()) {
                c = (char) Integer.parseInt(field.substring(i + 1, i + 1 + OCTAL_DIGITS), 8);
                i += OCTAL_DIGITS;
            }
            text.append(c);
        }
        return text.toString();
    }
}

package org.gradus.autograd;

/**
 * Text that came from outside, such as a name in a file, on its way into a message or a table: what a terminal would obey, and what
 * would make two lines of one, is written as an escape.
 *
 * <pre>{@code
 * Printable.text("weight\n");   // weight\n, 8 characters on one line
 * }</pre>
 */
public final class Printable {

    private static final String HEX = "0123456789abcdef";

    private Printable() {}

    /**
     * Escapes control characters (C0, DEL and C1), the separators of lines and paragraphs, and the characters that turn the direction
     * of writing: {@code \n}, {@code \r}, {@code \t}, all others as a backslash, {@code u} and four hexadecimal digits. A backslash
     * stays what it is.
     *
     * @param text any text
     * @return one line that shows what it holds; the same text if there is nothing to escape
     */
    public static String text(String text) {
        int at = 0;
        while (at < text.length() && !isObeyed(text.charAt(at))) {
            at++;
        }
        if (at == text.length()) {
            return text;
        }
        StringBuilder escaped = new StringBuilder(text.length() + 16).append(text, 0, at);
        for (; at < text.length(); at++) {
            char c = text.charAt(at);
            if (isObeyed(c)) {
                escape(escaped, c);
            } else {
                escaped.append(c);
            }
        }
        return escaped.toString();
    }

    private static boolean isObeyed(char c) {
        if (c < '\u0080') {
            return c < ' ' || c == '\u007f';
        }
        return c <= '\u009f'
                || c == '\u061c' // Arabic letter mark
                || c == '\u200e' // left-to-right mark
                || c == '\u200f' // right-to-left mark
                || (c >= '\u2028' && c <= '\u202e') // separators, embeddings and overrides
                || (c >= '\u2066' && c <= '\u2069'); // isolates
    }

    private static void escape(StringBuilder out, char c) {
        switch (c) {
            case '\n' -> out.append("\\n");
            case '\r' -> out.append("\\r");
            case '\t' -> out.append("\\t");
            default -> {
                out.append("\\u");
                for (int shift = 12; shift >= 0; shift -= 4) {
                    out.append(HEX.charAt(c >> shift & 0xf));
                }
            }
        }
    }
}

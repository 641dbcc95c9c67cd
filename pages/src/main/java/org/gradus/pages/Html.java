package org.gradus.pages;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.gradus.autograd.Printable;

/** HTML under construction: markup as written in the sources, and text that is escaped. */
public final class Html {

    private static final String PLACE = "{}";

    private final StringBuilder out = new StringBuilder();

    /** Nothing yet. */
    public Html() {}

    /**
     * The style sheet of all pages.
     *
     * @return CSS, to be written into a page or beside it
     */
    public static String styleSheet() {
        try (InputStream in = Html.class.getResourceAsStream("page.css")) {
            if (in == null) {
                throw new IllegalStateException(
                        "no resource page.css beside Html; run Gradus with all jars of its lib folder");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException("the style sheet cannot be read", unreadable);
        }
    }

    /**
     * Adds a line of markup.
     *
     * @param markup may hold places {@code {}}
     * @param texts what stands there, one for each place; escaped, so that it is text or the value of an attribute
     * @return this
     */
    public Html add(String markup, Object... texts) {
        int from = 0;
        for (Object text : texts) {
            int place = markup.indexOf(PLACE, from);
            if (place < 0) {
                throw new AssertionError("more texts than places in " + markup);
            }
            out.append(markup, from, place).append(escaped(text.toString()));
            from = place + PLACE.length();
        }
        if (markup.indexOf(PLACE, from) >= 0) {
            throw new AssertionError("fewer texts than places in " + markup);
        }
        out.append(markup, from, markup.length()).append('\n');
        return this;
    }

    /**
     * Adds markup that was made before.
     *
     * @param lines whole lines
     * @return this
     */
    public Html addMarkup(String lines) {
        out.append(lines);
        return this;
    }

    /**
     * Adds the paragraphs of a text, which blank lines part.
     *
     * @param text escaped
     * @return this
     */
    public Html paragraphs(String text) {
        for (String paragraph : text.strip().split("\\n\\s*\\n", -1)) {
            if (!paragraph.isBlank()) {
                add("<p>{}</p>", paragraph.strip());
            }
        }
        return this;
    }

    /**
     * A text as markup that shows it.
     *
     * @param text any
     * @return with entities for what would be markup
     */
    public static String escaped(String text) {
        StringBuilder safe = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '&' -> safe.append("&amp;");
                case '<' -> safe.append("&lt;");
                case '>' -> safe.append("&gt;");
                case '"' -> safe.append("&quot;");
                case '\'' -> safe.append("&#39;");
                case '\n', '\r', '\t' -> safe.append(c);
                // What HTML forbids or a reader does not see.
                default -> safe.append(Printable.text(String.valueOf(c)));
            }
        }
        return safe.toString();
    }

    /** The markup up to now. */
    @Override
    public String toString() {
        return out.toString();
    }
}

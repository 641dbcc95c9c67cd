package org.gradus.autograd;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("once")
class PrintableTest {

    @Test
    void ordinaryTextStaysTheSameObject() {
        for (String text : new String[] {"", "0.weight", "C:\\new\\u001b", "pr\u00fcfung \u4e2d\u6587 \ud83d\ude00"}) {
            assertThat(Printable.text(text)).isSameAs(text);
        }
    }

    @Test
    void whatATerminalObeysIsEscaped() {
        assertThat(Printable.text("weight\u001b]0;owned\u0007\u001b[2J"))
                .isEqualTo("weight\\u001b]0;owned\\u0007\\u001b[2J");
        assertThat(Printable.text("\u009b2J\u0000\u007f")).isEqualTo("\\u009b2J\\u0000\\u007f");
        assertThat(Printable.text("two\nlines\r\n\tand more")).isEqualTo("two\\nlines\\r\\n\\tand more");
        assertThat(Printable.text("a\u202etxt.exe")).isEqualTo("a\\u202etxt.exe");
        assertThat(Printable.text("one\u2028two\u2029three\u0085four"))
                .isEqualTo("one\\u2028two\\u2029three\\u0085four");
    }

    /** Cc of the Unicode standard, its separators of lines and paragraphs (Zl, Zp), and its Bidi_Control characters. */
    @Test
    void noOthersAre() {
        for (char c = 0; c < Character.MAX_VALUE; c++) {
            boolean obeyed = Character.getType(c) == Character.CONTROL
                    || Character.getType(c) == Character.LINE_SEPARATOR
                    || Character.getType(c) == Character.PARAGRAPH_SEPARATOR
                    || "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069".indexOf(c) >= 0;
            assertThat(Printable.text(String.valueOf(c)).length() > 1)
                    .as("%04x", (int) c)
                    .isEqualTo(obeyed);
        }
    }
}

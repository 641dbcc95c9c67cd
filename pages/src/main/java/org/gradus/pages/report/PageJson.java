package org.gradus.pages.report;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.CharacterEscapes;
import com.fasterxml.jackson.core.io.SerializedString;
import org.jspecify.annotations.Nullable;

/**
 * JSON that stands in a page or in a script. In a script element, HTML itself reads on: {@code </script>} ends it, and after
 * {@code <!--} and {@code <script} even that does not. So no text has a {@code <}, {@code >} or {@code &} but as an escape, which
 * whoever reads the JSON undoes. The two separators of lines that JSON allows and older JavaScript does not are escaped, too.
 */
public final class PageJson {

    private PageJson() {}

    /**
     * What makes generators of such JSON.
     *
     * @return a factory
     */
    public static JsonFactory factory() {
        return new JsonFactory().setCharacterEscapes(new Escapes());
    }

    private static final class Escapes extends CharacterEscapes {

        private static final long serialVersionUID = 1L;

        private static final int[] ASCII = ascii();

        private static int[] ascii() {
            int[] escapes = standardAsciiEscapesForJSON();
            for (char c : "<>&".toCharArray()) {
                escapes[c] = ESCAPE_STANDARD;
            }
            return escapes;
        }

        @Override
        public int[] getEscapeCodesForAscii() {
            return ASCII;
        }

        @Override
        public @Nullable SerializableString getEscapeSequence(int c) {
            return switch (c) {
                case 0x2028 -> new SerializedString("\\u2028");
                case 0x2029 -> new SerializedString("\\u2029");
                default -> null;
            };
        }
    }
}

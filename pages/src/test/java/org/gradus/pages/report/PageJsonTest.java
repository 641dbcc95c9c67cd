package org.gradus.pages.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.StringWriter;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("once")
class PageJsonTest {

    private static String json(String name, String value) throws IOException {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = PageJson.factory().createGenerator(text)) {
            json.writeStartObject();
            json.writeStringField(name, value);
            json.writeEndObject();
        }
        return text.toString();
    }

    @Test
    void noMarkupIsLeft() throws IOException {
        assertThat(json("a", "</script><!--<script>-->&\u2028\u2029"))
                .isEqualTo(
                        "{\"a\":\"\\u003C/script\\u003E\\u003C!--\\u003Cscript\\u003E--\\u003E\\u0026\\u2028\\u2029\"}");
        assertThat(json("<b>", "")).doesNotContain("<", ">");
    }

    @Test
    void itReadsBack() throws IOException {
        String text = "</script> \u2028 \"quotes\" \\ \n \u001b pr\u00fcfung \ud83d\ude00 ]]> &amp;";

        assertThat(new ObjectMapper().readTree(json(text, text)).get(text).asText())
                .isEqualTo(text);
    }
}

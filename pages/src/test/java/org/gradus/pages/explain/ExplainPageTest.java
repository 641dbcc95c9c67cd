package org.gradus.pages.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The numbers of a page are the library's. */
class ExplainPageTest {

    private static final Pattern NUMBER =
            Pattern.compile("<data value=\"([^\"]*)\"(?: data-at=\"([^\"]*)\")?>([^<]*)</data>");

    private static final Pattern TERM = Pattern.compile("<tr class=\"term\">(.*?)</tr>");

    private static final Pattern NUMBERS = Pattern.compile("id=\"numbers\">\\n(.*)\\n</script>");

    private static Stream<MatchResult> numbers(String page) {
        return NUMBER.matcher(page).results();
    }

    /** What a reader takes from a number such as −1.297·10⁻⁵. */
    static BigDecimal read(String text) {
        StringBuilder plain = new StringBuilder();
        for (char c : text.replace("·10", "E").toCharArray()) {
            int digit = "⁰¹²³⁴⁵⁶⁷⁸⁹".indexOf(c);
            plain.append(digit >= 0 ? (char) ('0' + digit) : c == '−' || c == '⁻' ? '-' : c);
        }
        return new BigDecimal(plain.toString());
    }

    /** Within a script element, HTML reads on: after these two, no end of it would be one. */
    @ParameterizedTest
    @ValueSource(strings = {"<!--<script>.safetensors", "</script><b>", "-->", "'\"&amp;\u2028"})
    void namesAreTextWhereverTheyStand(String name) throws IOException {
        String page = SmallStep.PROBABILITIES.page("weights of " + name);

        assertThat(page.split("<script", -1)).as("own scripts alone").hasSize(3);
        assertThat(page.split("</script>", -1)).hasSize(3);
        assertThat(page).doesNotContain("<!--").doesNotContain("<b>").contains("weights of " + escaped(name) + ",");
        Matcher numbers = NUMBERS.matcher(page);
        assertThat(numbers.find()).isTrue();
        assertThat(numbers.group(1)).doesNotContain("<");
        assertThat(new ObjectMapper().readTree(numbers.group(1)).get("weights").asText())
                .isEqualTo("weights of " + name);
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("'", "&#39;")
                .replace("\"", "&quot;")
                .replace("\u2028", "\\u2028");
    }

    @ParameterizedTest
    @EnumSource(SmallStep.class)
    void everyNumberIsTheLibrarys(SmallStep step) {
        String page = step.page();
        LibraryNumbers library = step.library();

        List<MatchResult> addressed =
                numbers(page).filter(number -> number.group(2) != null).toList();

        assertThat(addressed).hasSizeGreaterThan(60);
        assertThat(addressed)
                .allSatisfy(number -> assertThat(Float.floatToRawIntBits(Float.parseFloat(number.group(1)) + 0f))
                        .as(number.group())
                        .isEqualTo(Float.floatToRawIntBits(library.at(number.group(2)) + 0f)));
    }

    @ParameterizedTest
    @EnumSource(SmallStep.class)
    void whatIsShownIsTheNumberRounded(SmallStep step) {
        assertThat(numbers(step.page()))
                .isNotEmpty()
                .allSatisfy(number -> assertThat(read(number.group(3)).doubleValue())
                        .as(number.group())
                        .isCloseTo(
                                Double.parseDouble(number.group(1)),
                                within(0.5001e-3 * Math.abs(Double.parseDouble(number.group(1))))));
    }

    @ParameterizedTest
    @EnumSource(SmallStep.class)
    void picturesHoldTheLibrarysNumbers(SmallStep step) throws IOException {
        String page = step.page();
        LibraryNumbers library = step.library();

        JsonNode arrays = arrays(page);

        assertThat(arrays).isNotEmpty();
        for (Map.Entry<String, JsonNode> entry : arrays.properties()) {
            assertThat(floats(entry.getValue().asText())).as(entry.getKey()).isEqualTo(library.picture(entry.getKey()));
        }
        assertThat(Pattern.compile("data-array=\"([^\"]*)\"")
                        .matcher(page)
                        .results()
                        .map(match -> match.group(1)))
                .isNotEmpty()
                .allSatisfy(name -> assertThat(arrays.has(name)).as(name).isTrue());
    }

    private static JsonNode arrays(String page) throws IOException {
        MatchResult json = NUMBERS.matcher(page).results().findFirst().orElseThrow();
        return new ObjectMapper().readTree(json.group(1)).get("arrays");
    }

    private static float[] floats(String base64) {
        ByteBuffer bytes = ByteBuffer.wrap(Base64.getDecoder().decode(base64)).order(ByteOrder.LITTLE_ENDIAN);
        float[] values = new float[bytes.remaining() / Float.BYTES];
        bytes.asFloatBuffer().get(values);
        return values;
    }

    /** In tables of products the last cell is the product of the two before it. */
    @Test
    void termsAreProducts() {
        String page = SmallStep.ALL_LAYERS.page().replaceAll("(?s)<section id=\"slide-forward-9\".*?</section>", "");

        List<MatchResult> terms = TERM.matcher(page).results().toList();

        assertThat(terms).hasSizeGreaterThan(20);
        assertThat(terms).allSatisfy(term -> {
            double[] cells = numbers(term.group())
                    .mapToDouble(number -> Double.parseDouble(number.group(1)))
                    .toArray();
            assertThat(cells).hasSize(3);
            assertThat(cells[2]).isCloseTo(cells[0] * cells[1], within(1e-15));
        });
    }

    /** The terms written out, the line of the others and the bias make the output, but for the roundings of its sum. */
    @ParameterizedTest
    @EnumSource(SmallStep.class)
    void termsOfAnOutputMakeItUp(SmallStep step) {
        Pattern slide = Pattern.compile("(?s)<section id=\"slide-forward-1\".*?</section>");
        String affine =
                slide.matcher(step.page()).results().findFirst().orElseThrow().group();

        double[] last = Pattern.compile("<td>(<data[^>]*>[^<]*</data>)</td></tr>")
                .matcher(affine)
                .results()
                .map(cell -> numbers(cell.group()).findFirst().orElseThrow().group(1))
                .mapToDouble(Double::parseDouble)
                .toArray();

        double sum = 0;
        double sizes = 0;
        for (int i = 0; i < last.length - 1; i++) {
            sum += last[i];
            sizes += Math.abs(last[i]);
        }
        // 4 terms, the others, the bias, the result; 31 roundings of sums that are no larger than the sizes and those
        // of the others.
        assertThat(last).hasSize(7);
        assertThat(last[6]).isCloseTo(sum, within(31 * 0x1p-24 * (sizes + 1)));
    }

    @ParameterizedTest
    @EnumSource(SmallStep.class)
    void adamIsSpeltOutInTheLibrarysBits(SmallStep step) {
        Explanation explanation = step.explanation();

        for (Parameter parameter : explanation.parameters()) {
            for (int i = 0; i < parameter.shape().size(); i++) {
                AdamElement adam = AdamElement.of(
                        explanation.options(),
                        explanation.step(),
                        parameter.before()[i],
                        parameter.grad()[i],
                        parameter.meanBefore()[i],
                        parameter.squareBefore()[i]);
                assertThat(new float[] {adam.mean(), adam.square(), adam.after()})
                        .as(parameter.element(i))
                        .containsExactly(
                                parameter.mean()[i],
                                parameter.square()[i],
                                parameter.after()[i]);
            }
        }
    }

    @Test
    void slidesGoForwardAndBack() {
        String page = SmallStep.ALL_LAYERS.page();

        List<String> ids = Pattern.compile("<section id=\"slide-([^\"]*)\"")
                .matcher(page)
                .results()
                .map(match -> match.group(1))
                .toList();

        assertThat(ids).hasSize(21).startsWith("image", "forward-1", "forward-2");
        assertThat(ids.subList(8, 12)).containsExactly("forward-8", "forward-9", "backward-9", "backward-8");
        assertThat(ids).endsWith("backward-1", "update", "after");
        assertThat(Pattern.compile("href=\"#slide-([^\"]*)\"")
                        .matcher(page)
                        .results()
                        .map(match -> match.group(1)))
                .containsExactlyElementsOf(ids);
    }

    @ParameterizedTest
    @EnumSource(SmallStep.class)
    void pageNeedsNoOtherFile(SmallStep step) {
        String page = step.page();

        assertThat(Pattern.compile("(?:src|href)=\"([^\"]*)\"")
                        .matcher(page)
                        .results()
                        .map(match -> match.group(1)))
                .isNotEmpty()
                .allMatch(address -> address.startsWith("#") || address.startsWith("data:"));
        assertThat(page).doesNotContain("url(", "@import", "fetch(", "<link rel=\"stylesheet\"");
    }

    @ParameterizedTest
    @EnumSource(SmallStep.class)
    void idsAreUnique(SmallStep step) {
        List<String> ids = Pattern.compile(" id=\"([^\"]*)\"")
                .matcher(step.page())
                .results()
                .map(match -> match.group(1))
                .toList();

        assertThat(new TreeSet<>(ids)).hasSameSizeAs(ids);
    }
}

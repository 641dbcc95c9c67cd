package org.gradus.pages.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.gradus.nn.Layer;
import org.gradus.nn.Linear;
import org.gradus.nn.NormalizeLayer;
import org.gradus.nn.ReLU;
import org.gradus.nn.Sequential;
import org.gradus.nn.Sigmoid;
import org.gradus.nn.Tanh;
import org.gradus.plots.FigureFile;
import org.gradus.random.TorchRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ReportTest {

    private static final RunSummary SUMMARY = new RunSummary("T1", 59.94, OptionalDouble.empty(), 11, "two <threads>");

    @TempDir
    private Path temporary;

    private static ExperimentReport experiment(String id, List<FigureFile> figures, Check... checks) {
        return new ExperimentReport(
                id,
                "Title of " + id,
                List.of("Text."),
                List.of(),
                Optional.empty(),
                figures,
                List.of(checks),
                Optional.empty(),
                Optional.empty());
    }

    private static ExperimentReport explored(ExplorerModel model) {
        return new ExperimentReport(
                "T9",
                "Explored",
                List.of(),
                List.of(),
                Optional.empty(),
                List.of(),
                List.of(),
                Optional.empty(),
                Optional.of(model));
    }

    private String page(ExperimentReport... experiments) throws IOException {
        new Report(temporary).tutorial(1, "A title", "An introduction.", List.of(experiments));
        return Files.readString(temporary.resolve("tutorial1.html"));
    }

    private String index(Report report) throws IOException {
        report.index(SUMMARY);
        return Files.readString(temporary.resolve("index.html"));
    }

    // ---- pages
    // -----------------------------------------------------------------------------------------------------

    @Test
    void textIsEscaped() throws IOException {
        new Report(temporary)
                .tutorial(1, "a < b & \"c\"", "<script>alert('x')</script>", List.of(experiment("T1", List.of())));
        assertThat(temporary.resolve("tutorial1.html"))
                .content()
                .contains("<h1>Tutorial 1: a &lt; b &amp; &quot;c&quot;</h1>")
                .contains("<p>&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;</p>")
                .doesNotContain("<script>");
    }

    @Test
    void blankLinesPartParagraphs() throws IOException {
        new Report(temporary).tutorial(1, "A title", "One\nline.\n\n  Another.\n", List.of());
        assertThat(temporary.resolve("tutorial1.html")).content().contains("<p>One\nline.</p>\n<p>Another.</p>\n");
    }

    @Test
    void conclusionsCarryMarkAndNumber() throws IOException {
        String page = page(experiment(
                "T1",
                List.of(),
                new Check("T1", "x < 1", 0.25, true),
                new Check("T1", "y > 2", 1.5, false),
                new Check("T1", "z tiny", 1.2e-7, true)));
        assertThat(page)
                .contains("<td class=\"holds\">✓ holds</td><td>x &lt; 1</td><td>0.25</td>")
                .contains("<td class=\"fails\">✗ fails</td><td>y &gt; 2</td><td>1.5</td>")
                .contains("<td>1.2E-7</td>")
                .contains("✗ 1 of 3 conclusions fails")
                .contains("<li><a href=\"#T1\">T1</a>: y &gt; 2; found 1.5</li>");
    }

    @Test
    void pageWithoutInteractivePartsHasNoScript() throws IOException {
        assertThat(page(experiment("T1", List.of()))).doesNotContain("<script");
        assertThat(temporary.resolve("assets/plotly.js")).doesNotExist();
    }

    @Test
    void plotlyLiesBesideThePageWithItsLicence() throws IOException {
        page(new ExperimentReport(
                "T1",
                "Cloud",
                List.of(),
                List.of(),
                Optional.empty(),
                List.of(),
                List.of(),
                Optional.of(new LatentCloud(new float[] {1, 2, 3}, new int[] {4})),
                Optional.empty()));
        assertThat(temporary.resolve("assets/plotly.js")).content().contains("plotly.js v3.");
        assertThat(temporary.resolve("assets/plotly-licence.txt")).content().contains("MIT");
        assertThat(temporary.resolve("assets/T1-cloud.js"))
                .hasContent("gradus.cloud(\"T1\", {\"labels\":\"4\",\"codes\":\"AACAPwAAAEAAAEBA\"});");
    }

    @Test
    void indexLeadsToAllPages() throws IOException {
        Files.createFile(temporary.resolve("tutorial3.html"));
        Report report = new Report(temporary);
        report.tutorial(1, "First", "", List.of(experiment("T1", List.of(), new Check("T1", "x < 1", 0.25, true))));
        assertThat(index(report))
                .contains("<a href=\"tutorial1.html\">Tutorial 1: First</a>")
                .contains("<a href=\"tutorial1.html#T1\">")
                .contains("<a href=\"tutorial3.html\">Tutorial 3</a>")
                .contains("✓ 1 conclusion holds")
                .contains("<dd>59.9 s</dd>")
                .contains("<dd>11</dd>")
                .contains("two &lt;threads&gt;")
                .doesNotContain("Peak memory");
    }

    @Test
    void durationsAreReadable() {
        assertThat(IndexPage.duration(0.04)).isEqualTo("0.0 s");
        assertThat(IndexPage.duration(59.94)).isEqualTo("59.9 s");
        assertThat(IndexPage.duration(60)).isEqualTo("1 min 0 s");
        assertThat(IndexPage.duration(3725.6)).isEqualTo("62 min 6 s");
    }

    @Test
    void onlyFinishedFilesAreLeft() throws IOException {
        page(experiment("T1", List.of()));
        page(experiment("T2", List.of()));
        try (Stream<Path> files = Files.walk(temporary)) {
            assertThat(files.map(file -> file.getFileName().toString())).noneMatch(name -> name.endsWith(".tmp"));
        }
        assertThat(temporary.resolve("tutorial1.html")).content().contains("T2").doesNotContain("T1\"");
    }

    // ---- the explorer's data
    // ---------------------------------------------------------------------------------------

    private static Linear linear(int in, int out) {
        return new Linear(in, out, new TorchRandom(3));
    }

    private static ExplorerModel model(Layer... decoder) {
        return new ExplorerModel(new Sequential(decoder), new float[] {0, 1, 0, 3}, new int[] {0, 9}, false);
    }

    private JsonNode exported(ExplorerModel model) throws IOException {
        page(explored(model));
        String script = Files.readString(temporary.resolve("assets/T9-explorer.js"));
        assertThat(script).startsWith("gradus.explorer(\"T9\", {").endsWith("});\n");
        return new ObjectMapper().readTree(script.substring(script.indexOf('{'), script.lastIndexOf('}') + 1));
    }

    @Test
    void weightsKeepEveryBit() throws IOException {
        Linear first = linear(2, 5);
        first.weight().data()[0] = Float.MIN_VALUE;
        first.weight().data()[1] = -0.0f;
        Linear second = linear(5, 4);
        JsonNode data = exported(model(first, new Sequential(new ReLU(), second), new Sigmoid()));
        assertThat(data.get("labels").asText()).isEqualTo("09");
        assertThat(data.get("layers"))
                .extracting(layer -> layer.get("kind").asText())
                .containsExactly("linear", "relu", "linear", "sigmoid");
        assertThat(bits(data.get("layers").get(0).get("weight")))
                .containsExactly(bits(first.weight().data()));
        assertThat(bits(data.get("layers").get(2).get("bias")))
                .containsExactly(bits(second.bias().data()));
    }

    private static int[] bits(JsonNode base64) {
        ByteBuffer bytes =
                ByteBuffer.wrap(Base64.getDecoder().decode(base64.asText())).order(ByteOrder.LITTLE_ENDIAN);
        int[] bits = new int[bytes.remaining() / Integer.BYTES];
        bytes.asIntBuffer().get(bits);
        return bits;
    }

    private static int[] bits(float[] values) {
        int[] bits = new int[values.length];
        for (int i = 0; i < values.length; i++) {
            bits[i] = Float.floatToRawIntBits(values[i]);
        }
        return bits;
    }

    /** A dead unit's axis gets a width, so that there is something to walk along; the other one xy_lim's margins. */
    @Test
    void limitsFollowTheCodes() throws IOException {
        JsonNode limits = exported(model(linear(2, 4), new Sigmoid())).get("limits");
        assertThat(limits.get(0).asDouble()).isEqualTo(-1);
        assertThat(limits.get(1).asDouble()).isEqualTo(1);
        assertThat(limits.get(2).asDouble()).isBetween(0.899999999, 0.9); // 1 - 0.05 * 2
        assertThat(limits.get(3).asDouble()).isBetween(3.105, 3.105000001); // 3 + 0.05 * 2.1
    }

    @Test
    void sphereIsUnwrappedWhole() throws IOException {
        JsonNode data = exported(new ExplorerModel(
                new Sequential(linear(3, 4), new Sigmoid()), new float[] {0, 0, 1}, new int[] {5}, true));
        assertThat(data.get("limits")).extracting(JsonNode::asDouble).containsExactly(0.0, Math.PI, -Math.PI, Math.PI);
        assertThat(bits(data.get("map"))).containsExactly(0, 0);
    }

    // ---- mistakes
    // --------------------------------------------------------------------------------------------------

    @Test
    void missingFigureIsNamed() {
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> page(experiment("T1", List.of(new FigureFile("T1-loss", "Loss", "A curve", 10, 10)))))
                .withMessageContaining("T1-loss.png of T1 is missing")
                .withMessageContaining("write figures before the page");
        assertThat(temporary.resolve("tutorial1.html")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "../T1", "T 1", "T1\"", "1T"})
    void idsMustBeNames(String id) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> page(experiment(id, List.of())))
                .withMessageContaining("'" + id + "' may only have letters, digits, dots and hyphens");
    }

    @Test
    void idsMustDiffer() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> page(experiment("T1", List.of()), experiment("T1", List.of())))
                .withMessage("report: two experiments have the id T1; ids must differ");
    }

    @Test
    void layersUnknownToTheBrowserAreRefused() {
        for (Layer layer : List.of(new Tanh(), new NormalizeLayer())) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> page(explored(model(linear(2, 4), layer))))
                    .withMessage("latent explorer of T9: the browser cannot compute layer " + layer
                            + "; a decoder may have Linear, ReLU, PReLU and Sigmoid");
        }
    }

    @Test
    void wholeAutoencoderIsNoDecoder() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> page(explored(model(linear(784, 2), linear(2, 784)))))
                .withMessageContaining("Linear(in_features=784, out_features=2, bias=True) gets rows of 2 numbers")
                .withMessageContaining("give the decoder alone");
    }

    @Test
    void imagesMustBeSquare() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> page(explored(model(linear(2, 783)))))
                .withMessageContaining("rows of 783 numbers, which are no square image such as 784 = 28 x 28");
    }

    @Test
    void codesAndLabelsMustFit() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new LatentCloud(new float[5], new int[2]))
                .withMessageContaining("5 coordinates do not fit 2 labels: needs 3 coordinates per label");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ExplorerModel(new Sequential(), new float[4], new int[2], true))
                .withMessageContaining("4 coordinates do not fit 2 labels")
                .withMessageContaining("3 coordinates per label on the sphere");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ExplorerModel(new Sequential(), new float[0], new int[0], false))
                .withMessageContaining("at least one label");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new LatentCloud(new float[3], new int[] {10}))
                .withMessage("latent cloud: label 10 of point 0 is no digit from 0 to 9");
    }

    @Test
    void rowsMustBeAsLongAsTheHeader() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TableText(List.of("Epoch", "Loss"), List.of(List.of("1", "2"), List.of("2")), ""))
                .withMessage("table: row 1 has 1 cells, its header 2; fill missing values with empty text");
    }

    @Test
    void folderThatIsAFileIsRefused() throws IOException {
        Path file = Files.createFile(temporary.resolve("file"));
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> new Report(file))
                .withMessageContaining("report: cannot create folder " + file)
                .withMessageContaining("name a folder that can be written");
    }
}

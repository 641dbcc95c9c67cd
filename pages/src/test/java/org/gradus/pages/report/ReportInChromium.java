package org.gradus.pages.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.gradus.autograd.Tensor;
import org.gradus.nn.Layer;
import org.gradus.nn.Linear;
import org.gradus.nn.PReLU;
import org.gradus.nn.ReLU;
import org.gradus.nn.Sequential;
import org.gradus.nn.Sigmoid;
import org.gradus.pages.Chromium;
import org.gradus.plots.Sphere;
import org.gradus.random.TorchRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The pages of a report as a browser sees them: those of a small one made here, and those of the folder that property
 * {@code gradus.report} names. Runs in Maven profile {@code report} and needs Chromium.
 */
final class ReportInChromium {

    /** What the report promises of the explorer. */
    private static final float DECODING = 1e-5f;

    /** WCAG 2.1, criterion 1.4.3: least contrast of text. */
    private static final double CONTRAST = 4.5;

    private static final Pattern READ_OUT = Pattern.compile(
            "(?:z1|theta) = (−?[0-9.]+), (?:z2|phi) = (−?[0-9.]+); the nearest digit on the map is a [0-9]");

    private static final int TAB = 9;
    private static final int RIGHT = 39;
    private static final int UP = 38;

    /** Places of the map along each axis. */
    private static final int PLACES = 5;

    private static Chromium chromium;
    private static List<Path> pages;
    private static Path small;
    private static final Map<Path, Chromium.Page> readOnly = new HashMap<>();

    @BeforeAll
    static void start(@TempDir Path temporary) throws IOException, InterruptedException {
        small = temporary.resolve("small report");
        SmallReport.write(small);
        pages = new ArrayList<>(pagesOf(small));
        String named = System.getProperty("gradus.report", "");
        if (!named.isEmpty()) {
            pages.addAll(pagesOf(folder(named)));
        }
        chromium = Chromium.start(Files.createDirectory(temporary.resolve("profile")));
    }

    @AfterAll
    static void stop() {
        readOnly.values().forEach(Chromium.Page::close);
        readOnly.clear();
        if (chromium != null) {
            chromium.close();
        }
    }

    /** Tests run in the module's folder; a relative name may also be meant from the project's root, where Maven was called. */
    private static Path folder(String named) {
        Path fromRoot = Path.of("..").resolve(named);
        Path found = Files.isDirectory(Path.of(named)) || !Files.isDirectory(fromRoot) ? Path.of(named) : fromRoot;
        return found.toAbsolutePath().normalize();
    }

    private static List<Path> pagesOf(Path folder) throws IOException {
        assertThat(folder.resolve("index.html")).isRegularFile();
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".html"))
                    .sorted()
                    .toList();
        }
    }

    static List<Path> pages() {
        return pages;
    }

    private static Chromium.Page opened(Path file, int width, boolean phone, boolean dark) {
        Chromium.Page page = chromium.newPage();
        page.view(width, 900, phone, dark);
        page.open(file);
        page.evaluate("typeof gradus === 'undefined' ? 0"
                + " : Promise.all(Object.values(gradus.clouds).map(cloud => cloud.drawn)).then(() => 0)");
        page.nextFrame();
        return page;
    }

    /** A page on a desk, in light, for tests that only look. Drawing one with clouds takes Chromium ten seconds without a GPU. */
    private static Chromium.Page read(Path file) {
        return readOnly.computeIfAbsent(file, unread -> opened(unread, 1280, false, false));
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(node -> texts.add(node.asText()));
        return texts;
    }

    // ---- every page
    // ------------------------------------------------------------------------------------------------

    @Test
    void smallReportHasAllItsPages() {
        assertThat(pages.stream()
                        .filter(page -> page.startsWith(small))
                        .map(page -> page.getFileName().toString()))
                .containsExactly("index.html", "tutorial1.html", "tutorial2.html");
    }

    @ParameterizedTest
    @MethodSource("pages")
    void opensFromDiskWithoutErrorAndWithoutNetwork(Path file) {
        Chromium.Page page = read(file);
        assertThat(page.errors()).isEmpty();
        String folder = file.getParent().toUri().toString();
        assertThat(page.requests())
                .isNotEmpty()
                .allSatisfy(address -> assertThat(address)
                        .matches(a -> a.startsWith(folder) || a.startsWith("data:") || a.startsWith("blob:file:")));
    }

    @ParameterizedTest
    @MethodSource("pages")
    void everyImageIsLoadedAndDescribed(Path file) throws IOException {
        Chromium.Page page = read(file);
        JsonNode images = page.evaluate("[...document.images].map(i => ({src: i.getAttribute('src'), alt: i.alt,"
                + " complete: i.complete, across: i.naturalWidth, down: i.naturalHeight,"
                + " width: +i.getAttribute('width'), height: +i.getAttribute('height')}))");
        assertThat(images).hasSize(count(file, "<img "));
        for (JsonNode image : images) {
            assertThat(image.get("complete").asBoolean()).as("%s", image).isTrue();
            assertThat(image.get("across").asInt()).as("%s", image).isPositive();
            assertThat(image.get("alt").asText()).as("%s", image).isNotBlank();
            assertThat(image.get("width").asDouble() / image.get("height").asDouble())
                    .as("%s", image)
                    .isCloseTo(
                            image.get("across").asDouble() / image.get("down").asDouble(), within(0.01));
        }
    }

    private static int count(Path file, String part) throws IOException {
        return Files.readString(file).split(part, -1).length - 1;
    }

    @ParameterizedTest
    @MethodSource("pages")
    void structureIsSound(Path file) throws IOException {
        Chromium.Page page = read(file);
        assertThat(page.evaluate("document.compatMode").asText()).isEqualTo("CSS1Compat");
        assertThat(page.evaluate("document.documentElement.lang").asText()).isEqualTo("en-GB");
        List<String> headings = texts(
                page.evaluate("[...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].map(h => h.tagName.substring(1))"));
        assertThat(headings.stream().filter("1"::equals)).hasSize(1);
        for (int i = 1; i < headings.size(); i++) {
            assertThat(Integer.parseInt(headings.get(i)))
                    .as("level of heading %d", i)
                    .isLessThanOrEqualTo(Integer.parseInt(headings.get(i - 1)) + 1);
        }
        // Plotly gives ids to what it draws, the same ones in each plot.
        assertThat(texts(page.evaluate("[...document.querySelectorAll('[id]:not(.plot *)')].map(e => e.id)")))
                .doesNotHaveDuplicates();
        assertThat(page.evaluate("[...document.querySelectorAll('table')].every(t => t.caption"
                                + " && t.caption.textContent.trim() && t.querySelector('th[scope=col]'))")
                        .asBoolean())
                .isTrue();
        assertThat(page.evaluate("[...document.querySelectorAll('input')].every(i => i.labels.length === 1)")
                        .asBoolean())
                .isTrue();
        for (String link : texts(page.evaluate("[...document.links].map(a => a.getAttribute('href'))"))) {
            linkLeadsSomewhere(file, link);
        }
    }

    private static void linkLeadsSomewhere(Path file, String link) throws IOException {
        String[] parts = link.split("#", 2);
        Path target = parts[0].isEmpty() ? file : file.resolveSibling(parts[0]);
        assertThat(target).as("link %s", link).isRegularFile();
        if (parts.length == 2) {
            assertThat(Files.readString(target)).as("link %s", link).contains("id=\"" + parts[1] + "\"");
        }
    }

    @ParameterizedTest
    @MethodSource("pages")
    void fitsAPhoneAndADesk(Path file) {
        for (int width : new int[] {320, 700, 1280}) {
            try (Chromium.Page page = opened(file, width, width < 700, false)) {
                assertThat(page.evaluate("document.documentElement.scrollWidth").asInt())
                        .as("width of the content in a window of %d", width)
                        .isLessThanOrEqualTo(width);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("pages")
    void textIsReadableInLightAndDark(Path file) {
        List<Double> grounds = new ArrayList<>();
        for (boolean dark : new boolean[] {false, true}) {
            try (Chromium.Page page = opened(file, 1280, false, dark)) {
                page.evaluate(WCAG);
                JsonNode poor = page.evaluate("wcag.poor(" + CONTRAST + ")");
                assertThat(texts(poor)).as("dark %s", dark).isEmpty();
                grounds.add(page.evaluate("wcag.luminance(getComputedStyle(document.body).backgroundColor)")
                        .asDouble());
                assertThat(page.errors()).isEmpty();
            }
        }
        assertThat(grounds.get(0)).isGreaterThan(0.8);
        assertThat(grounds.get(1)).isLessThan(0.05);
    }

    /** Relative luminance and contrast of WCAG 2.1, and the texts of a page whose contrast is below a bound. */
    private static final String WCAG = """
            globalThis.wcag = {
                numbers: (colour) => colour.match(/[0-9.]+/g).map(Number),
                luminance(colour) {
                    const [r, g, b] = wcag.numbers(colour).slice(0, 3)
                        .map((v) => v / 255)
                        .map((v) => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
                    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
                },
                ground(element) {
                    for (let e = element; e; e = e.parentElement) {
                        const colour = getComputedStyle(e).backgroundColor;
                        const opaque = wcag.numbers(colour)[3];
                        if (opaque === undefined || opaque > 0) {
                            return colour;
                        }
                    }
                    return "rgb(255, 255, 255)";
                },
                poor(bound) {
                    const found = [];
                    for (const element of document.querySelectorAll("body *:not(.plot *):not(noscript):not(noscript *)")) {
                        if ([...element.childNodes].some((n) => n.nodeType === 3 && n.data.trim())) {
                            const a = wcag.luminance(getComputedStyle(element).color);
                            const b = wcag.luminance(wcag.ground(element));
                            const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
                            if (!(contrast >= bound)) {
                                found.push(element.outerHTML.substring(0, 200) + " " + contrast);
                            }
                        }
                    }
                    return found;
                },
            };
            0
            """;

    // ---- the 3-D plot
    // ----------------------------------------------------------------------------------------------

    @ParameterizedTest
    @MethodSource("pages")
    void cloudIsDrawnTurnedAndSwitched(Path file) throws IOException {
        try (Chromium.Page page = opened(file, 1280, false, false)) {
            List<String> ids = parts(page, "clouds");
            assertThat(ids).hasSize(count(file, "class=\"cloud\""));
            for (String id : ids) {
                String cloud = "gradus.clouds['" + id + "']";
                int asDigits = coloured(page, cloud);
                assertThat(asDigits).as("coloured pixels of %s", id).isGreaterThan(500);

                String eye = "JSON.stringify(" + cloud + ".plot._fullLayout.scene._scene.getCamera().eye)";
                String before = page.evaluate(eye).asText();
                click(page, id, "[data-action=turn-left]");
                assertThat(page.evaluate(eye).asText()).as("camera of %s", id).isNotEqualTo(before);

                click(page, id, "[data-action=points]");
                assertThat(page.evaluate(cloud + ".plot.data[0].mode").asText()).isEqualTo("markers");
                assertThat(coloured(page, cloud))
                        .as("coloured pixels of %s", id)
                        .isGreaterThan(500);

                JsonNode classes = page.evaluate(
                        "document.querySelectorAll('#' + CSS.escape('" + id + "-cloud') + ' .classes button').length");
                assertThat(classes.asInt()).isPositive();
                for (int i = 1; i <= classes.asInt(); i++) {
                    click(page, id, ".classes button:nth-child(" + i + ")");
                }
                assertThat(coloured(page, cloud))
                        .as("coloured pixels of %s, all hidden", id)
                        .isZero();
            }
            assertThat(page.errors()).isEmpty();
        }
    }

    private static void click(Chromium.Page page, String id, String selector) {
        page.evaluate("document.querySelector('#' + CSS.escape('" + id + "-cloud') + ' " + selector + "').click()");
        page.nextFrame();
    }

    /** Pixels of a plot that are neither ground nor grey axes. */
    private static int coloured(Chromium.Page page, String cloud) {
        return page.evaluate("Plotly.toImage(" + cloud + ".plot, {format: 'png', width: 500, height: 500})"
                        + ".then(async (address) => {"
                        + "  const image = new Image(); image.src = address; await image.decode();"
                        + "  const canvas = new OffscreenCanvas(500, 500); const pen = canvas.getContext('2d');"
                        + "  pen.drawImage(image, 0, 0);"
                        + "  const data = pen.getImageData(0, 0, 500, 500).data; let found = 0;"
                        + "  for (let i = 0; i < data.length; i += 4) {"
                        + "    const rgb = data.slice(i, i + 3);"
                        + "    if (data[i + 3] > 100 && Math.max(...rgb) - Math.min(...rgb) > 60) { found++; }"
                        + "  }"
                        + "  return found; })")
                .asInt();
    }

    private static List<String> parts(Chromium.Page page, String kind) {
        return texts(page.evaluate("typeof gradus === 'undefined' ? [] : Object.keys(gradus." + kind + ")"));
    }

    // ---- the explorer
    // ----------------------------------------------------------------------------------------------

    @ParameterizedTest
    @MethodSource("pages")
    void explorerDecodesAsTheLibraryDoes(Path file) throws IOException {
        Chromium.Page page = read(file);
        List<String> ids = parts(page, "explorers");
        assertThat(ids).hasSize(count(file, "class=\"explorer\""));
        for (String id : ids) {
            JsonNode data = exported(file, id);
            Sequential decoder = decoder(data.get("layers"));
            if (file.startsWith(small)) {
                assertSameNetwork(decoder, SmallReport.DECODERS.get(id));
            }
            for (double[] place : places(data.get("limits"))) {
                assertSpherical(data, place);
                assertClose(
                        page.evaluate("(e => [...e.decode(e.code(" + Arrays.toString(place) + "))])(gradus.explorers['"
                                + id + "'])"),
                        decoded(decoder, data, place),
                        id + " at " + Arrays.toString(place));
            }
        }
    }

    /** The pointer, the arrow keys and the sliders each lead to a place, whose image is then the one on show. */
    @ParameterizedTest
    @MethodSource("pages")
    void explorerFollowsPointerAndKeys(Path file) throws IOException {
        for (boolean phone : new boolean[] {false, true}) {
            try (Chromium.Page page = opened(file, phone ? 390 : 1280, phone, phone)) {
                for (String id : parts(page, "explorers")) {
                    JsonNode data = exported(file, id);
                    Sequential decoder = decoder(data.get("layers"));
                    String section = "document.getElementById('" + id + "-explorer')";
                    String explorer = "gradus.explorers['" + id + "']";
                    page.evaluate(
                            section + ".querySelector('.map').scrollIntoView({behavior: 'instant', block: 'end'})");
                    page.nextFrame();

                    JsonNode box = page.evaluate("(b => [b.left, b.top, b.width, b.height])(" + section
                            + ".querySelector('.map').getBoundingClientRect())");
                    page.movePointer(
                            box.get(0).asDouble() + 0.4 * box.get(2).asDouble(),
                            box.get(1).asDouble() + 0.3 * box.get(3).asDouble());
                    double[] pointed = assertShown(page, decoder, data, id);
                    assertThat(fraction(data, 0, pointed[0])).isBetween(0.3, 0.42);
                    assertThat(fraction(data, 1, pointed[1])).isBetween(0.66, 0.8);

                    page.evaluate(section + ".querySelector('input').focus({preventScroll: true})");
                    for (int i = 0; i < 2; i++) {
                        page.press("Tab", TAB);
                    }
                    assertThat(page.evaluate("document.activeElement === " + explorer + ".canvas")
                                    .asBoolean())
                            .as("the map of %s is reached with the Tab key", id)
                            .isTrue();
                    page.press("ArrowRight", RIGHT);
                    double[] right = assertShown(page, decoder, data, id);
                    assertThat(fraction(data, 0, right[0]) - fraction(data, 0, pointed[0]))
                            .isCloseTo(0.01, within(1e-6));
                    page.press("ArrowUp", UP);
                    double[] up = assertShown(page, decoder, data, id);
                    assertThat(fraction(data, 1, up[1]) - fraction(data, 1, right[1]))
                            .isCloseTo(0.01, within(1e-6));

                    page.evaluate(section + ".querySelector('input').focus({preventScroll: true})");
                    page.press("ArrowRight", RIGHT);
                    assertThat(assertShown(page, decoder, data, id)[0]).isGreaterThan(up[0]);
                }
                assertThat(page.errors()).isEmpty();
            }
        }
    }

    /** The image on show is that of the place in the read-out, in grey levels too; returns the place. */
    private static double[] assertShown(Chromium.Page page, Sequential decoder, JsonNode data, String id) {
        String explorer = "gradus.explorers['" + id + "']";
        JsonNode at = page.evaluate(explorer + ".at");
        double[] place = {at.get(0).asDouble(), at.get(1).asDouble()};
        float[] expected = decoded(decoder, data, place);
        assertClose(page.evaluate("[..." + explorer + ".pixels]"), expected, id);
        JsonNode grey = page.evaluate(
                "(c => [...c.getContext('2d').getImageData(0, 0, c.width, c.height).data])(" + explorer + ".image)");
        assertThat(grey).hasSize(4 * expected.length);
        for (int i = 0; i < expected.length; i++) {
            assertThat(grey.get(4 * i).asDouble()).isCloseTo(255.0 * expected[i], within(0.51));
        }
        Matcher readOut =
                READ_OUT.matcher(page.evaluate(explorer + ".output.textContent").asText());
        assertThat(readOut.matches()).as("%s", readOut).isTrue();
        for (int axis = 0; axis < 2; axis++) {
            assertThat(Double.parseDouble(readOut.group(axis + 1).replace('−', '-')))
                    .isCloseTo(place[axis], within(0.0005001)); // 3 decimals
        }
        return place;
    }

    private static double fraction(JsonNode data, int axis, double value) {
        double lo = data.get("limits").get(2 * axis).asDouble();
        double hi = data.get("limits").get(2 * axis + 1).asDouble();
        return (value - lo) / (hi - lo);
    }

    private static void assertClose(JsonNode actual, float[] expected, String what) {
        assertThat(actual).as(what).hasSize(expected.length);
        for (int i = 0; i < expected.length; i++) {
            assertThat((float) actual.get(i).asDouble())
                    .as("pixel %d of %s", i, what)
                    .isCloseTo(expected[i], within(DECODING));
        }
    }

    private static List<double[]> places(JsonNode limits) {
        List<double[]> places = new ArrayList<>();
        for (int i = 0; i < PLACES * PLACES; i++) {
            places.add(new double[] {
                between(limits.get(0), limits.get(1), i % PLACES), between(limits.get(2), limits.get(3), i / PLACES)
            });
        }
        return places;
    }

    private static double between(JsonNode lo, JsonNode hi, int step) {
        return lo.asDouble() + (hi.asDouble() - lo.asDouble()) * step / (PLACES - 1);
    }

    private static float[] decoded(Sequential decoder, JsonNode data, double[] place) {
        float[] code = code(data, place);
        return decoder.forward(Tensor.matrix(1, code.length, code)).data();
    }

    /** The map to the sphere is that of {@link Sphere}, but from angles in double, as the page has them. */
    private static float[] code(JsonNode data, double[] place) {
        if (!data.get("sphere").asBoolean()) {
            return new float[] {(float) place[0], (float) place[1]};
        }
        double across = StrictMath.sin(place[0]);
        return new float[] {
            (float) (across * StrictMath.sin(place[1])),
            (float) (across * StrictMath.cos(place[1])),
            (float) StrictMath.cos(place[0])
        };
    }

    private static void assertSpherical(JsonNode data, double[] place) {
        if (data.get("sphere").asBoolean()) {
            float[] angles = {(float) place[0], (float) place[1]};
            float[] ours = code(data, new double[] {angles[0], angles[1]});
            assertThat(ours).isEqualTo(Sphere.toU3(angles));
        }
    }

    // ---- the exported networks
    // -------------------------------------------------------------------------------------

    /** What the page's script is called with. */
    private static JsonNode exported(Path page, String id) throws IOException {
        String script = Files.readString(page.resolveSibling("assets").resolve(id + "-explorer.js"));
        return new ObjectMapper().readTree(script.substring(script.indexOf('{'), script.lastIndexOf('}') + 1));
    }

    private static Sequential decoder(JsonNode layers) {
        List<Layer> built = new ArrayList<>();
        for (JsonNode layer : layers) {
            built.add(
                    switch (layer.get("kind").asText()) {
                        case "linear" -> linear(layer);
                        case "prelu" -> prelu(floats(layer.get("slope")));
                        case "relu" -> new ReLU();
                        case "sigmoid" -> new Sigmoid();
                        default -> throw new IllegalArgumentException("unknown layer " + layer.get("kind"));
                    });
        }
        return new Sequential(built);
    }

    private static Linear linear(JsonNode layer) {
        Linear linear =
                new Linear(layer.get("inputs").asInt(), layer.get("outputs").asInt(), new TorchRandom(0));
        fill(linear.weight(), floats(layer.get("weight")));
        fill(linear.bias(), floats(layer.get("bias")));
        return linear;
    }

    private static PReLU prelu(float[] slope) {
        PReLU prelu = new PReLU(slope.length);
        fill(prelu.weight(), slope);
        return prelu;
    }

    private static void fill(Tensor tensor, float[] values) {
        assertThat(values).hasSize(tensor.size());
        System.arraycopy(values, 0, tensor.data(), 0, values.length);
    }

    private static float[] floats(JsonNode base64) {
        ByteBuffer bytes =
                ByteBuffer.wrap(Base64.getDecoder().decode(base64.asText())).order(ByteOrder.LITTLE_ENDIAN);
        float[] values = new float[bytes.remaining() / Float.BYTES];
        bytes.asFloatBuffer().get(values);
        return values;
    }

    private static void assertSameNetwork(Sequential exported, Sequential original) {
        List<Tensor> ours = exported.parameters();
        List<Tensor> theirs = original.parameters();
        assertThat(ours).hasSameSizeAs(theirs);
        for (int i = 0; i < ours.size(); i++) {
            assertThat(ours.get(i).data()).isEqualTo(theirs.get(i).data());
        }
    }
}

package org.gradus.plots;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("once")
class FiguresTest {

    /** Half of the last digit that coordinates are written with, twice. */
    private static final double ROUNDING = 0.011;

    /** matplotlib's tab10. */
    private static final List<String> TAB10 = List.of(
            "rgb(31,119,180)",
            "rgb(255,127,14)",
            "rgb(44,160,44)",
            "rgb(214,39,40)",
            "rgb(148,103,189)",
            "rgb(140,86,75)",
            "rgb(227,119,194)",
            "rgb(127,127,127)",
            "rgb(188,189,34)",
            "rgb(23,190,207)");

    @TempDir
    Path folder;

    /** A figure under any name. */
    private interface Kind {
        FigureFile draw(Figures figures, String name);
    }

    /** One of each kind. */
    private static List<Named<Kind>> kinds() {
        Random random = new Random(5);
        float[] codes = noise(random, 2 * 40);
        float[] space = noise(random, 3 * 40);
        int[] digits = digits(40);
        float[][] images = new float[10][];
        for (int i = 0; i < images.length; i++) {
            images[i] = noise(random, 784);
        }
        List<Named<Kind>> kinds = new ArrayList<>();
        kinds.add(Named.of(
                "rows",
                (f, name) -> f.rows(
                        name, "Rows & <more>", List.of(new Row("Input \"x\"", images), new Row("Output", images)))));
        kinds.add(Named.of("loss", (f, name) -> f.lossCurve(name, "Loss", noise(new Random(1), 1700))));
        kinds.add(Named.of("no loss", (f, name) -> f.lossCurve(name, "Loss", new float[0])));
        kinds.add(Named.of(
                "latent",
                (f, name) ->
                        f.latent(name, "Latent", codes, codes, digits, code -> images[0], AxisLabels.CODES, false)));
        kinds.add(Named.of(
                "sphere",
                (f, name) ->
                        f.latent(name, "Sphere", space, space, digits, code -> images[0], AxisLabels.ANGLES, true)));
        kinds.add(Named.of(
                "maps",
                (f, name) -> f.encoderMaps(
                        name, "Maps", new CodeMap("Before", codes), new CodeMap("After", codes), digits, true, false)));
        kinds.add(Named.of(
                "components",
                (f, name) -> f.components(name, "Components", Arrays.copyOf(images, 2), List.of("First", "Second"))));
        float[] weights = noise(random, 1568);
        kinds.add(Named.of("weights", (f, name) -> f.weights(name, "Weights", weights, weights, weights, weights)));
        kinds.add(Named.of(
                "histograms",
                (f, name) -> f.write(
                        name,
                        Plot.histograms(
                                "Histograms",
                                List.of(new Distribution("a", weights), new Distribution("b", codes)),
                                "value",
                                20))));
        kinds.add(Named.of("cloud", (f, name) -> f.latent3d(name, "Cloud", space, digits)));
        Curve sine = Curve.of("sin", -3, 3, Math::sin);
        Curve line = new Curve("line", new double[] {-3, 3}, new double[] {-1, 1});
        kinds.add(Named.of("functions", (f, name) -> f.functions(name, "Functions", List.of(sine, line), "x", "y")));
        kinds.add(Named.of(
                "charts",
                (f, name) -> f.functions(
                        name,
                        "Charts",
                        List.of(
                                new Chart("One", "x", "y", List.of(sine)),
                                new Chart("Two", "x", "y", List.of(line))))));
        return kinds;
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void pngHasTwiceTheResolution(Kind kind) throws IOException {
        FigureFile file = kind.draw(new Figures(folder), "figure");

        BufferedImage png = ImageIO.read(folder.resolve(file.png()).toFile());
        assertThat(png.getWidth()).isEqualTo(2 * file.width());
        assertThat(png.getHeight()).isEqualTo(2 * file.height());
        assertThat(Arrays.stream(png.getRGB(0, 0, png.getWidth(), png.getHeight(), null, 0, png.getWidth()))
                        .filter(pixel -> pixel != 0xffffffff)
                        .count())
                .isGreaterThan(1000);
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void svgStandsByItself(Kind kind) throws IOException {
        FigureFile file = kind.draw(new Figures(folder), "figure");

        SvgDocument svg = SvgDocument.read(folder.resolve(file.svg()));
        assertThat(svg.root().getNamespaceURI()).isEqualTo("http://www.w3.org/2000/svg");
        assertThat(svg.root().getAttribute("viewBox")).isEqualTo("0 0 " + file.width() + " " + file.height());
        assertThat(svg.root().getAttribute("width")).isEqualTo(Integer.toString(file.width()));
        assertThat(svg.outsideReferences()).isEmpty();
        assertThat(svg.content("title")).isEqualTo(file.title());
        assertThat(svg.content("desc")).isEqualTo(file.altText()).isNotBlank();
        assertThat(svg.texts()).extracting(SvgDocument.Text::content).contains(file.title());
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void sameFigureHasTheSameBytes(Kind kind) throws IOException {
        Figures figures = new Figures(folder);
        kind.draw(figures, "first");
        kind.draw(figures, "second");

        for (String ending : List.of(".png", ".svg")) {
            assertThat(Files.mismatch(folder.resolve("first" + ending), folder.resolve("second" + ending)))
                    .isEqualTo(-1);
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void nothingReachesBeyondTheEdges(Kind kind) throws IOException {
        FigureFile file = kind.draw(new Figures(folder), "figure");

        BufferedImage png = ImageIO.read(folder.resolve(file.png()).toFile());
        int right = png.getWidth() - 1;
        int bottom = png.getHeight() - 1;
        assertThat(png.getRGB(0, 0, png.getWidth(), 1, null, 0, png.getWidth())).containsOnly(0xffffffff);
        assertThat(png.getRGB(0, bottom, png.getWidth(), 1, null, 0, png.getWidth()))
                .containsOnly(0xffffffff);
        assertThat(png.getRGB(0, 0, 1, png.getHeight(), null, 0, 1)).containsOnly(0xffffffff);
        assertThat(png.getRGB(right, 0, 1, png.getHeight(), null, 0, 1)).containsOnly(0xffffffff);
    }

    @Test
    void rowsShowEveryImageInOrder() throws IOException {
        float[][] first = {spot(1), spot(2), spot(3)};
        float[][] second = {spot(4), spot(5), spot(6)};

        FigureFile file =
                new Figures(folder).rows("rows", "Rows", List.of(new Row("Input", first), new Row("Output", second)));

        SvgDocument svg = SvgDocument.read(folder.resolve(file.svg()));
        List<SvgDocument.Image> images = svg.images();
        assertThat(images).hasSize(6);
        for (int i = 0; i < 6; i++) {
            SvgDocument.Image image = images.get(i);
            assertThat(image.width()).isEqualTo(image.height()).isEqualTo(84);
            assertThat(image.level(i + 1, 0)).isEqualTo(255);
            assertThat(image.level(0, 0)).isZero();
            assertThat(image.x()).isEqualTo(images.get(i % 3).x());
            assertThat(image.y()).isEqualTo(images.get(i / 3 * 3).y());
        }
        assertThat(images).extracting(SvgDocument.Image::x).startsWith(24.0, 114.0, 204.0);
        assertThat(svg.texts()).extracting(SvgDocument.Text::content).contains("Input", "Output");
        assertThat(file.altText())
                .isEqualTo("2 rows of grey images of 28 by 28 pixels: Input (3 images); Output (3 images).");
    }

    /** The bitmap has the same images at the same places: the spot of image i is a block of 6 x 6 pixels. */
    @Test
    void bitmapShowsTheSameAsTheVectorGraphic() throws IOException {
        FigureFile file =
                new Figures(folder).rows("rows", "Rows", List.of(new Row("Input", new float[][] {spot(1), spot(2)})));

        BufferedImage png = ImageIO.read(folder.resolve(file.png()).toFile());
        List<SvgDocument.Image> images =
                SvgDocument.read(folder.resolve(file.svg())).images();
        for (int i = 0; i < 2; i++) {
            int left = (int) (2 * images.get(i).x()) + 6 * (i + 1);
            int top = (int) (2 * images.get(i).y());
            for (int r = 0; r < 6; r++) {
                for (int c = 0; c < 6; c++) {
                    assertThat(png.getRGB(left + c, top + r)).isEqualTo(0xffffffff);
                }
            }
            assertThat(png.getRGB(left - 1, top)).isEqualTo(0xff000000);
            assertThat(png.getRGB(left + 6, top)).isEqualTo(0xff000000);
            assertThat(png.getRGB(left, top + 6)).isEqualTo(0xff000000);
        }
    }

    /**
     * Codes from 0 to 10 are shown on -0.5 .. 10.525, so that 0 lies 0.5 / 11.025 of 448 pixels right of the left edge,
     * at 64 + 24, and as far above the lower edge, at 84 + 448.
     */
    @Test
    void mapDrawsEachCodeAsItsDigitAtItsPlace() throws IOException {
        float[] codes = {0, 0, 10, 10, 5, 0};

        FigureFile file = new Figures(folder)
                .latent("latent", "Latent", codes, codes, new int[] {7, 3, 0}, c -> spot(0), AxisLabels.CODES, false);

        List<SvgDocument.Text> digits =
                SvgDocument.read(folder.resolve(file.svg())).digits();
        assertThat(digits).extracting(SvgDocument.Text::content).containsExactly("7", "3", "0");
        assertThat(digits).extracting(SvgDocument.Text::fill).containsExactly(TAB10.get(7), TAB10.get(3), TAB10.get(0));
        assertThat(digits).allSatisfy(digit -> {
            assertThat(digit.anchor()).isEqualTo("middle");
            assertThat(digit.size()).isEqualTo(12);
            assertThat(digit.opacity()).isEqualTo(0.8);
        });
        double near = 448 * 0.5 / 11.025;
        double far = 448 * 10.5 / 11.025;
        double middle = 448 * 5.5 / 11.025;
        // Text stands on its baseline, half the height of a digit below its middle.
        double baseline = 0.365 * 12;
        assertThat(digits.get(0).x()).isCloseTo(88 + near, within(ROUNDING));
        assertThat(digits.get(0).y()).isCloseTo(532 - near + baseline, within(ROUNDING));
        assertThat(digits.get(1).x()).isCloseTo(88 + far, within(ROUNDING));
        assertThat(digits.get(1).y()).isCloseTo(532 - far + baseline, within(ROUNDING));
        assertThat(digits.get(2).x()).isCloseTo(88 + middle, within(ROUNDING));
    }

    @Test
    void everyDigitHasItsColour() throws IOException {
        int[] digits = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
        float[] codes = noise(new Random(3), 20);

        new Figures(folder)
                .encoderMaps("maps", "Maps", new CodeMap("A", codes), new CodeMap("B", codes), digits, false, false);

        assertThat(SvgDocument.read(folder.resolve("maps.svg")).digits())
                .hasSize(20)
                .allSatisfy(digit -> assertThat(digit.fill()).isEqualTo(TAB10.get(Integer.parseInt(digit.content()))));
    }

    /** The decoder returns the number of its call as a grey level, in an array that it uses again. */
    @Test
    void gridDecodesTheCodesOfAllAndHasOneScale() throws IOException {
        float[] all = {-1, 0, 3, 8};
        float[] shown = {0, 1, 1, 2};
        List<float[]> decoded = new ArrayList<>();
        float[] buffer = new float[784];

        FigureFile file = new Figures(folder)
                .latent(
                        "latent",
                        "Latent",
                        all,
                        shown,
                        new int[] {1, 2},
                        code -> {
                            decoded.add(code);
                            Arrays.fill(buffer, decoded.size() - 1);
                            return buffer;
                        },
                        AxisLabels.CODES,
                        false);

        float[] expected = Grid.over(all).codes();
        assertThat(decoded).hasSize(256);
        for (int i = 0; i < 256; i++) {
            assertThat(decoded.get(i)).containsExactly(expected[2 * i], expected[2 * i + 1]);
        }
        List<SvgDocument.Image> images =
                SvgDocument.read(folder.resolve(file.svg())).images();
        assertThat(images).hasSize(1);
        BufferedImage grid = images.get(0).pixels();
        assertThat(grid.getWidth()).isEqualTo(448);
        assertThat(grid.getHeight()).isEqualTo(448);
        for (int i = 0; i < 256; i++) {
            int level = Math.min(255, (int) (256 * (i / 255.0)));
            assertThat(images.get(0).level(i % 16 * 28 + 14, i / 16 * 28 + 14)).isEqualTo(level);
        }
    }

    /** On the sphere the decoder gets points of it, spread evenly in theta and phi. */
    @Test
    void sphereIsUnwrapped() throws IOException {
        float[] codes = {0, 0.6f, 0.8f, 0.6f, 0, -0.8f, -0.8f, -0.6f, 0};
        List<float[]> decoded = new ArrayList<>();

        FigureFile file = new Figures(folder)
                .latent(
                        "sphere",
                        "Sphere",
                        codes,
                        codes,
                        new int[] {4, 5, 6},
                        code -> {
                            decoded.add(code);
                            return spot(0);
                        },
                        AxisLabels.CODES,
                        true);

        Grid angles = Grid.over(Sphere.toS2(codes));
        assertThat(decoded).hasSize(256);
        assertThat(decoded)
                .allSatisfy(code -> assertThat(code[0] * code[0] + code[1] * code[1] + code[2] * code[2])
                        .isCloseTo(1, within(1e-6f)));
        assertThat(decoded.get(17))
                .containsExactly(Sphere.toU3(new float[] {(float) angles.columns()[1], (float) angles.rows()[1]}));
        SvgDocument svg = SvgDocument.read(folder.resolve(file.svg()));
        assertThat(svg.texts())
                .extracting(SvgDocument.Text::content)
                .contains("\u03b8 (theta)", "\u03c6 (phi)", "\u03c0/3", "\u03c0/2", "\u2212\u03c0/3", "0");
        // theta of (0, 0.6, 0.8) is arccos 0.8, the least of the three: 5 % of the range from the left edge.
        double thetaMin = Math.acos(0.8);
        double thetaMax = Math.acos(-0.8);
        double fraction = 0.05 / (1 + 0.05 + 0.0525);
        assertThat(thetaMin).isLessThan(thetaMax);
        assertThat(svg.digits().get(0).x()).isCloseTo(88 + 448 * fraction, within(ROUNDING));
    }

    @Test
    void mapsShareTheirLimitsOrNot() throws IOException {
        float[] near = {0, 0, 1, 1};
        float[] far = {20, 20, 100, 100};
        Figures figures = new Figures(folder);

        figures.encoderMaps("own", "T", new CodeMap("A", near), new CodeMap("B", far), new int[] {1, 2}, false, false);
        figures.encoderMaps("one", "T", new CodeMap("A", near), new CodeMap("B", far), new int[] {1, 2}, true, false);

        List<SvgDocument.Text> own = SvgDocument.read(folder.resolve("own.svg")).digits();
        double apart = own.get(3).x() - own.get(1).x();
        assertThat(own.get(2).x() - own.get(0).x()).isCloseTo(apart, within(ROUNDING));
        List<SvgDocument.Text> one = SvgDocument.read(folder.resolve("one.svg")).digits();
        assertThat(one.get(2).x() - one.get(0).x()).isCloseTo(apart + 448 * 20 / 110.25, within(2 * ROUNDING));
        // Together they span 0 to 100: 1 lies 1 / 110.25 of the map from 0, and 20 is not at the edge.
        assertThat(one.get(1).x() - one.get(0).x()).isCloseTo(448 / 110.25, within(2 * ROUNDING));
        assertThat(one.get(3).x() - one.get(2).x()).isCloseTo(448 * 80 / 110.25, within(2 * ROUNDING));
    }

    /** The eye is on the right, in front and above: what lies towards (1, -1.7, 0.9) is nearer. */
    @Test
    void cloudIsDrawnFromTheFarthestToTheNearest() throws IOException {
        float[] codes = {1, -1, 1, -1, 1, -1, 0, 0, 0};

        new Figures(folder).latent3d("cloud", "Cloud", codes, new int[] {8, 2, 5});

        List<SvgDocument.Text> digits =
                SvgDocument.read(folder.resolve("cloud.svg")).digits();
        assertThat(digits).extracting(SvgDocument.Text::content).containsExactly("2", "5", "8");
        assertThat(digits)
                .extracting(SvgDocument.Text::size)
                .isSortedAccordingTo(Comparator.naturalOrder())
                .doesNotHaveDuplicates();
        assertThat(digits.get(2).fill()).isEqualTo(TAB10.get(8));
        assertThat(SvgDocument.read(folder.resolve("cloud.svg")).texts())
                .extracting(SvgDocument.Text::content)
                .contains("z\u2081", "z\u2082", "z\u2083", "\u22121.0", "0.5");
    }

    /** The third axis points up, the first to the right. */
    @Test
    void axesOfTheCloudPointTheUsualWay() throws IOException {
        float[] codes = {0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1};

        new Figures(folder).latent3d("cloud", "Cloud", codes, new int[] {0, 1, 2, 3});

        Map<String, SvgDocument.Text> digits = new LinkedHashMap<>();
        SvgDocument.read(folder.resolve("cloud.svg")).digits().forEach(digit -> digits.put(digit.content(), digit));
        SvgDocument.Text origin = digits.get("0");
        assertThat(digits.get("1").x()).isGreaterThan(origin.x() + 50);
        assertThat(digits.get("2").x()).isGreaterThan(origin.x() + 50);
        assertThat(digits.get("2").y()).isLessThan(origin.y() - 50);
        assertThat(digits.get("3").x()).isCloseTo(origin.x(), within(30.0));
        assertThat(digits.get("3").y()).isLessThan(origin.y() - 100);
    }

    @Test
    void lossCurveStartsAtZeroOnBothAxes() throws IOException {
        float[] losses = new float[9380];
        Arrays.fill(losses, 0.5f);

        FigureFile file = new Figures(folder).lossCurve("loss", "Loss", losses);

        List<SvgDocument.Text> texts =
                SvgDocument.read(folder.resolve(file.svg())).texts();
        assertThat(texts).extracting(SvgDocument.Text::content).contains("Iterations", "Loss");
        List<SvgDocument.Text> zeros =
                texts.stream().filter(text -> text.content().equals("0")).toList();
        // The plot's lower left corner is (88, 360): one zero is centred below it, the other ends to the left.
        assertThat(zeros).hasSize(2);
        assertThat(zeros.get(0).x()).isEqualTo(88);
        assertThat(zeros.get(0).anchor()).isEqualTo("middle");
        assertThat(zeros.get(1).y()).isEqualTo(364);
        assertThat(zeros.get(1).anchor()).isEqualTo("end");
        assertThat(file.altText()).contains("9380 iterations, one point every 19: from 0.5 at the start");
    }

    @Test
    void weightHistogramsAreNamedAndHaveALegend() throws IOException {
        float[] weights = new float[1568];

        new Figures(folder).weights("weights", "Weights", weights, weights, weights, weights);

        assertThat(SvgDocument.read(folder.resolve("weights.svg")).texts())
                .extracting(SvgDocument.Text::content)
                .contains(
                        "Encoder weights to unit 0",
                        "Encoder weights to unit 1",
                        "Decoder weights from unit 0",
                        "Decoder weights from unit 1",
                        "initial",
                        "trained");
    }

    @Test
    void longTitleIsWrittenSmaller() throws IOException {
        String title = "A title that says what the experiment is and does not quite care for the width of it";

        FigureFile file = new Figures(folder).lossCurve("loss", title, new float[] {1});

        SvgDocument.Text heading = SvgDocument.read(folder.resolve(file.svg())).texts().stream()
                .filter(text -> text.content().equals(title))
                .findFirst()
                .orElseThrow();
        assertThat(heading.size()).isLessThan(16).isGreaterThanOrEqualTo(12);
    }

    /** As small as it would have to be nobody could read it. */
    @Test
    void veryLongTitleHasTwoLinesAndAnEllipsis() throws IOException {
        String title = "A title that says everything about the experiment and does not care for the width. ".repeat(4);

        FigureFile file = new Figures(folder).lossCurve("loss", title, new float[] {1});

        SvgDocument svg = SvgDocument.read(folder.resolve(file.svg()));
        List<SvgDocument.Text> lines = svg.texts().subList(0, 2);
        assertThat(lines).extracting(SvgDocument.Text::size).containsOnly(12.0);
        assertThat(title).startsWith(lines.get(0).content() + " ");
        assertThat(lines.get(1).content()).endsWith("\u2026");
        assertThat(title)
                .startsWith(
                        lines.get(0).content() + " " + lines.get(1).content().replace("\u2026", ""));
        assertThat(svg.content("title")).isEqualTo(title);
        assertThat(file.title()).isEqualTo(title);
    }

    @ParameterizedTest
    @ValueSource(strings = {"words of a title that is long ", "unbroken", "\ud83d\ude00"})
    void longTextsStayWithinTheFigure(String word) throws IOException {
        String text = word.repeat(2400 / word.length());
        Curve a = Curve.of(text, -1, 1, Math::sin);
        Figure curves = Plot.functions(
                text, List.of(new Chart(text, text, text, List.of(a, a)), new Chart(text, text, text, List.of(a))));
        Figure rows = Plot.rows(text, List.of(new Row(text, new float[][] {spot(0)})));
        Figure components = Plot.components(text, new float[][] {spot(0)}, List.of(text));

        for (Figure figure : List.of(curves, rows, components)) {
            BufferedImage png = figure.image();
            int side = png.getWidth();
            for (int x : new int[] {0, side - 1}) {
                assertThat(png.getRGB(x, 0, 1, png.getHeight(), null, 0, 1)).containsOnly(0xffffffff);
            }
            assertThat(figure.altText()).contains(text);
        }
    }

    @Test
    void folderIsMadeAndHoldsNothingButFigures() throws IOException {
        Path nested = folder.resolve("report").resolve("figures");

        new Figures(nested).lossCurve("loss", "Loss", new float[] {1, 0.5f});

        try (Stream<Path> files = Files.list(nested)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("loss.png", "loss.svg");
        }
    }

    @Test
    void failureLeavesTheOldFigure() throws IOException {
        Figures figures = new Figures(folder);
        float[] codes = {0, 0, 1, 1};
        int[] digits = {1, 2};
        figures.latent("latent", "Old", codes, codes, digits, code -> spot(0), AxisLabels.CODES, false);
        byte[] old = Files.readAllBytes(folder.resolve("latent.svg"));

        assertThatThrownBy(() -> figures.latent(
                        "latent",
                        "New",
                        codes,
                        codes,
                        digits,
                        code -> {
                            throw new IllegalStateException("interrupted");
                        },
                        AxisLabels.CODES,
                        false))
                .hasMessage("interrupted");

        assertThat(Files.readAllBytes(folder.resolve("latent.svg"))).isEqualTo(old);
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).hasSize(2);
        }
    }

    @Test
    void fileInTheFoldersPlaceIsOneClearLine() throws IOException {
        Path file = Files.createFile(folder.resolve("taken"));

        assertThatThrownBy(() -> new Figures(file).lossCurve("loss", "Loss", new float[] {1}))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessage("cannot write " + file.resolve("loss.png") + ": " + file
                        + " is no folder and cannot be made; name another")
                .message()
                .hasLineCount(1);
    }

    @Test
    void folderInTheFiguresPlaceLeavesNothingBehind() throws IOException {
        Files.createDirectories(folder.resolve("loss.png").resolve("inside"));

        assertThatThrownBy(() -> new Figures(folder).lossCurve("loss", "Loss", new float[] {1}))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageStartingWith("cannot write " + folder.resolve("loss.png") + ": it is a folder");

        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactly(folder.resolve("loss.png"));
        }
    }

    @Test
    void dataThatDoNotFitAreRefused() {
        Figures figures = new Figures(folder);
        float[] codes = new float[4];

        assertThatThrownBy(() ->
                        figures.latent("a", "T", codes, codes, new int[3], code -> spot(0), AxisLabels.CODES, false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("figure a: shown codes are 4 numbers for 3 digits; it needs 2 each");
        assertThatThrownBy(() -> figures.latent3d("a", "T", new float[3], new int[] {10}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("figure a: label 10 is not a digit");
        assertThatThrownBy(() -> figures.rows("a", "T", List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("figure a: no images");
        assertThatThrownBy(() -> figures.components("a", "T", new float[2][784], List.of("one")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("figure a: 2 images and 1 titles");
        assertThatThrownBy(() -> figures.weights("a", "T", codes, codes, codes, codes))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("figure a: 4 weights; a layer between 784 and 2 units has 1568");
        assertThatThrownBy(() -> figures.lossCurve("a", "T", new float[] {1, Float.NaN}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("figure a: loss of batch 1 is NaN; only finite losses can be drawn");
        assertThatThrownBy(() -> new Curve("c", new double[2], new double[3]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Curve c: 2 x and 3 y; give as many of both, at least one");
    }

    private static float[] noise(Random random, int n) {
        float[] values = new float[n];
        for (int i = 0; i < n; i++) {
            values[i] = random.nextFloat() + 0.1f;
        }
        return values;
    }

    private static int[] digits(int n) {
        int[] digits = new int[n];
        for (int i = 0; i < n; i++) {
            digits[i] = i % 10;
        }
        return digits;
    }

    /** A black image whose pixel i is white. */
    private static float[] spot(int i) {
        float[] image = new float[784];
        image[i] = 1;
        return image;
    }
}

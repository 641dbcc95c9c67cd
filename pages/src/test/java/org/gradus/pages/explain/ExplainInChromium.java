package org.gradus.pages.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.gradus.pages.Chromium;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The page of a step as a browser sees it. Runs in Maven profile {@code report} and needs Chromium. */
final class ExplainInChromium {

    private static final int LEFT = 37;
    private static final int RIGHT = 39;
    private static final int PAGE_DOWN = 34;
    private static final int HOME = 36;
    private static final int END = 35;

    private static final String SHOWN =
            "[...document.querySelectorAll('.slide')].filter(slide => slide.offsetHeight > 0).map(slide => slide.id)";

    private static Chromium chromium;
    private static Path folder;

    @BeforeAll
    static void start(@TempDir Path temporary) throws IOException, InterruptedException {
        folder = temporary;
        chromium = Chromium.start(Files.createDirectory(temporary.resolve("profile")));
    }

    @AfterAll
    static void stop() {
        if (chromium != null) {
            chromium.close();
        }
    }

    private static Chromium.Page opened(SmallStep step, int width, boolean phone, boolean dark) throws IOException {
        Path file = folder.resolve(step + ".html");
        Files.writeString(file, step.page());
        Chromium.Page page = chromium.newPage();
        page.view(width, 800, phone, dark);
        page.open(file);
        page.nextFrame();
        return page;
    }

    private static List<String> shown(Chromium.Page page) {
        List<String> ids = new ArrayList<>();
        page.evaluate(SHOWN).forEach(id -> ids.add(id.asText()));
        return ids;
    }

    @ParameterizedTest
    @EnumSource(SmallStep.class)
    void arrowKeysGoThroughTheLibrarysNumbers(SmallStep step) throws IOException {
        LibraryNumbers library = step.library();
        try (Chromium.Page page = opened(step, 1280, false, false)) {
            int slides =
                    page.evaluate("document.querySelectorAll('.slide').length").asInt();
            assertThat(slides).isGreaterThan(12);
            List<String> visited = new ArrayList<>();
            int compared = 0;
            for (int s = 0; s < slides; s++) {
                assertThat(shown(page)).hasSize(1);
                visited.addAll(shown(page));
                for (JsonNode number : page.evaluate("[...document.querySelectorAll('.slide.shown data')].map(d => ({"
                        + "text: d.innerText, at: d.dataset.at || '', value: d.value}))")) {
                    double exact = number.get("value").asDouble();
                    if (!number.get("at").asText().isEmpty()) {
                        exact = library.at(number.get("at").asText());
                        compared++;
                    }
                    assertThat(ExplainPageTest.read(number.get("text").asText()).doubleValue())
                            .as(number.toString())
                            .isCloseTo(exact, within(0.5001e-3 * Math.abs(exact)));
                }
                page.press("ArrowRight", RIGHT);
            }
            assertThat(visited)
                    .doesNotHaveDuplicates()
                    .startsWith("slide-image")
                    .endsWith("slide-after");
            assertThat(compared).isGreaterThan(60);
            page.press("ArrowLeft", LEFT);
            assertThat(shown(page)).containsExactly("slide-update");
            assertThat(page.evaluate("location.hash").asText()).isEqualTo("#update");
            assertThat(page.errors()).isEmpty();
            assertThat(page.requests()).allMatch(address -> address.startsWith("file:") || address.startsWith("data:"));
        }
    }

    @Test
    void namesThatLookLikeMarkupBreakNothing() throws IOException {
        Path file = folder.resolve("names.html");
        Files.writeString(file, SmallStep.PROBABILITIES.page("weights of <!--<script>.safetensors"));
        try (Chromium.Page page = chromium.newPage()) {
            page.view(1280, 800, false, false);
            page.open(file);
            page.nextFrame();
            page.press("ArrowRight", RIGHT);

            assertThat(shown(page)).containsExactly("slide-forward-1");
            assertThat(page.evaluate("JSON.parse(document.getElementById('numbers').textContent).weights")
                            .asText())
                    .isEqualTo("weights of <!--<script>.safetensors");
            assertThat(page.evaluate("document.querySelector('header p').textContent")
                            .asText())
                    .contains("weights of <!--<script>.safetensors,");
            assertThat(page.errors()).isEmpty();
        }
    }

    @Test
    void buttonsListAddressAndOtherKeysMoveToo() throws IOException {
        try (Chromium.Page page = opened(SmallStep.PROBABILITIES, 1280, false, false)) {
            page.evaluate("document.getElementById('next').click()");
            assertThat(shown(page)).containsExactly("slide-forward-1");
            page.evaluate("document.getElementById('back').click()");
            assertThat(shown(page)).containsExactly("slide-image");
            assertThat(page.evaluate("document.getElementById('back').disabled").asBoolean())
                    .isTrue();
            page.evaluate("document.querySelector('.controls a[href=\"#slide-backward-4\"]').click()");
            assertThat(shown(page)).containsExactly("slide-backward-4");
            assertThat(page.evaluate("document.querySelector('[aria-current]').textContent")
                            .asText())
                    .isEqualTo("Backward sigmoid");
            assertThat(page.evaluate("document.getElementById('spoken').textContent")
                            .asText())
                    .startsWith("Slide 8 of 13: Backward sigmoid");
            page.evaluate(
                    "new Promise(done => {addEventListener('hashchange', () => done(0)); location.hash = '#update';})");
            assertThat(shown(page)).containsExactly("slide-update");
            page.press("Home", HOME);
            assertThat(shown(page)).containsExactly("slide-image");
            page.press("PageDown", PAGE_DOWN);
            assertThat(shown(page)).containsExactly("slide-forward-1");
            page.press("End", END);
            assertThat(shown(page)).containsExactly("slide-after");
            assertThat(page.errors()).isEmpty();
        }
    }

    /** Values appear from left to right, then gradients from right to left. */
    @Test
    void drawingFillsUp() throws IOException {
        try (Chromium.Page page = opened(SmallStep.PROBABILITIES, 1280, false, false)) {
            String future = "document.querySelectorAll('.graph .future').length";
            int before = page.evaluate(future).asInt();
            for (int s = 1; s <= 10; s++) {
                page.press("ArrowRight", RIGHT);
                int after = page.evaluate(future).asInt();
                assertThat(after).as("slide %d", s).isLessThan(before);
                before = after;
            }
            assertThat(before).isZero();
        }
    }

    @Test
    void pointerReadsAPixel() throws IOException {
        try (Chromium.Page page = opened(SmallStep.PROBABILITIES, 1280, false, false)) {
            JsonNode box = page.evaluate("document.querySelector('.slide.shown img').getBoundingClientRect().toJSON()");
            double side = box.get("width").asDouble() / SmallStep.COLUMNS;
            page.movePointer(box.get("x").asDouble() + 2.5 * side, box.get("y").asDouble() + 1.5 * side);

            assertThat(page.evaluate("document.querySelector('.slide.shown .range').textContent")
                            .asText())
                    .isEqualTo("[7] 0.5");
        }
    }

    @ParameterizedTest
    @CsvSource({"1280, false, false", "1280, false, true", "360, true, false", "360, true, true"})
    void nothingIsWiderThanTheWindow(int width, boolean phone, boolean dark) throws IOException {
        try (Chromium.Page page = opened(SmallStep.ALL_LAYERS, width, phone, dark)) {
            int slides =
                    page.evaluate("document.querySelectorAll('.slide').length").asInt();
            for (int s = 0; s < slides; s++) {
                assertThat(page.evaluate("document.documentElement.scrollWidth").asInt())
                        .as("slide %d", s)
                        .isLessThanOrEqualTo(width);
                page.press("ArrowRight", RIGHT);
            }
            assertThat(page.evaluate("getComputedStyle(document.body).backgroundColor")
                            .asText())
                    .isEqualTo(dark ? "rgb(20, 23, 28)" : "rgb(251, 251, 249)");
        }
    }

    @Test
    void everyPictureIsDescribed() throws IOException {
        try (Chromium.Page page = opened(SmallStep.ALL_LAYERS, 1280, false, false)) {
            assertThat(page.evaluate("[...document.images].every(image => image.complete && image.naturalWidth > 0"
                                    + " && image.alt.length > 10)")
                            .asBoolean())
                    .isTrue();
            assertThat(page.evaluate(
                                    "[...document.querySelectorAll('main svg, .graph')].every(svg =>"
                                            + " svg.getAttribute('role') === 'img' && svg.getAttribute('aria-label').length > 10)")
                            .asBoolean())
                    .isTrue();
        }
    }
}

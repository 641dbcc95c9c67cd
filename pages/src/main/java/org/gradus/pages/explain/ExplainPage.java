package org.gradus.pages.explain;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.gradus.pages.FloatBytes;
import org.gradus.pages.Html;
import org.gradus.pages.report.PageJson;

/**
 * The page of one optimiser step: slides that go forward through the network, back, and through the update. One file, which needs
 * no other and no network. Without scripts, and in print, all slides stand below each other.
 */
public final class ExplainPage {

    private static final String TITLE = "One step of backpropagation";

    private final Explanation explanation;
    private final Subject subject;
    private final Html html = new Html();

    private ExplainPage(Explanation explanation, Subject subject) {
        this.explanation = explanation;
        this.subject = subject;
    }

    /**
     * Makes a page.
     *
     * @param explanation what is told
     * @param subject what it is about
     * @return HTML
     */
    public static String of(Explanation explanation, Subject subject) {
        return new ExplainPage(explanation, subject).html();
    }

    private String html() {
        SlideWriter writer = new SlideWriter(explanation, subject);
        List<Slide> slides = writer.slides();
        head();
        html.add("<a class=\"skip\" href=\"#slides\">Skip to the slides</a>");
        html.add("<header class=\"top\"><h1>{}</h1>", TITLE);
        html.add(
                "<p>{}, {}, {}, step {} on image {}</p></header>",
                subject.net(),
                explanation.lossOperation().layer(),
                subject.weights(),
                subject.step(),
                subject.index());
        html.add("<div class=\"scroll drawing\" tabindex=\"0\" role=\"region\" aria-label=\"Network\">");
        html.addMarkup(new Graph(explanation, subject).html());
        html.add("</div>");
        html.add("<main id=\"slides\" tabindex=\"-1\">");
        slides.forEach(this::slide);
        html.add("</main>");
        controls(slides);
        html.add("<p class=\"hidden\" id=\"spoken\" aria-live=\"polite\"></p>");
        html.add("<script type=\"application/json\" id=\"numbers\">");
        html.addMarkup(json(writer.arrays()) + "\n");
        html.add("</script>");
        html.addMarkup("<script>\n" + resource("explain.js") + "</script>\n");
        return html.add("</body>").add("</html>").toString();
    }

    private void head() {
        html.add("<!DOCTYPE html>").add("<html lang=\"en-GB\">").add("<head>");
        html.add("<meta charset=\"utf-8\">");
        html.add("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">");
        html.add("<meta name=\"color-scheme\" content=\"light dark\">");
        html.add("<link rel=\"icon\" href=\"data:,\">");
        html.add("<title>{} – Gradus</title>", TITLE);
        html.addMarkup("<style>\n" + Html.styleSheet() + resource("explain.css") + "</style>\n");
        html.add("</head>").add("<body>");
    }

    private void slide(Slide slide) {
        html.add(
                "<section id=\"slide-{}\" class=\"slide {}\">",
                slide.id(),
                slide.phase().cssClass());
        html.add(
                "<h2><span class=\"phase\">{}</span> {} <span class=\"id\">{}</span></h2>",
                slide.phase().word(),
                slide.title(),
                slide.detail());
        html.addMarkup(slide.body());
        html.add("</section>");
    }

    private void controls(List<Slide> slides) {
        html.add("<nav class=\"controls\" aria-label=\"Slides\">");
        html.add("<button type=\"button\" id=\"back\">← Back</button>");
        html.add("<ol>");
        for (Slide slide : slides) {
            html.add(
                    "<li class=\"{}\"><a href=\"#slide-{}\"><span class=\"hidden\">{} </span>{}</a></li>",
                    slide.phase().cssClass(),
                    slide.id(),
                    slide.phase().word(),
                    slide.name());
        }
        html.add("</ol>");
        html.add("<button type=\"button\" id=\"next\">Next →</button>");
        html.add("</nav>");
    }

    /** The numbers that the pictures show, for the pointer to read. */
    private String json(Map<String, float[]> arrays) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = PageJson.factory().createGenerator(text)) {
            json.writeStartObject();
            json.writeStringField("net", subject.net());
            json.writeStringField("loss", explanation.lossOperation().op().name());
            json.writeStringField("weights", subject.weights());
            json.writeNumberField("image", subject.index());
            json.writeNumberField("label", subject.label());
            json.writeNumberField("step", subject.step());
            json.writeObjectFieldStart("arrays");
            for (Map.Entry<String, float[]> array : arrays.entrySet()) {
                json.writeStringField(array.getKey(), FloatBytes.base64(array.getValue()));
            }
            json.writeEndObject();
            json.writeEndObject();
        } catch (IOException impossible) {
            throw new UncheckedIOException("JSON in memory cannot be written", impossible);
        }
        return text.toString();
    }

    private static String resource(String name) {
        try (InputStream in = ExplainPage.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new AssertionError("no resource " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException("resource " + name + " cannot be read", unreadable);
        }
    }
}

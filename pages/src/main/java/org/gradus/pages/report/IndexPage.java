package org.gradus.pages.report;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.SortedSet;
import org.gradus.pages.Html;

/** The page that leads to the others. */
final class IndexPage {

    private static final int SECONDS_PER_MINUTE = 60;

    /** A page with its experiments. */
    record Listed(String title, List<Section> experiments) {

        List<Check> checks() {
            return experiments.stream()
                    .flatMap(experiment -> experiment.checks().stream())
                    .toList();
        }
    }

    private final SortedMap<Integer, Listed> tutorials;
    private final SortedSet<Integer> earlier;
    private final Html html = new Html();

    /**
     * An index.
     *
     * @param tutorials pages of this report by number
     * @param earlier numbers of other pages that lie in the folder
     */
    IndexPage(SortedMap<Integer, Listed> tutorials, SortedSet<Integer> earlier) {
        this.tutorials = tutorials;
        this.earlier = earlier;
    }

    String html(RunSummary summary) {
        html.add("<!DOCTYPE html>").add("<html lang=\"en-GB\">").add("<head>");
        html.add("<meta charset=\"utf-8\">");
        html.add("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">");
        html.add("<meta name=\"color-scheme\" content=\"light dark\">");
        html.add("<title>Autoencoder tutorials – Gradus</title>");
        html.add("<link rel=\"stylesheet\" href=\"assets/report.css\">");
        html.add("</head>").add("<body>");
        html.add("<a class=\"skip\" href=\"#content\">Skip to the content</a>");
        html.add("<main id=\"content\" class=\"index\" tabindex=\"-1\">");
        html.add("<h1>Autoencoder tutorials</h1>");
        html.add(
                "<p>An autoencoder squeezes an image through a bottleneck of a few numbers, its code, and learns to rebuild the"
                        + " image from them. These pages hold every network of the tutorials, trained by Gradus on the handwritten"
                        + " digits of MNIST: its losses beside the published ones, its figures, and the conclusions, each with the"
                        + " number it rests on.</p>");
        Verdict verdict = Verdict.of(tutorials.values().stream()
                .flatMap(tutorial -> tutorial.checks().stream())
                .toList());
        html.add("<p class=\"verdict {}\">{}</p>", verdict.styleClass(), verdict.text());
        tutorials.forEach(this::tutorial);
        earlier();
        run(summary);
        html.add("</main>").add("</body>").add("</html>");
        return html.toString();
    }

    private void tutorial(int number, Listed tutorial) {
        html.add("<section class=\"card\" aria-labelledby=\"tutorial{}\">", number);
        html.add(
                "<h2 id=\"tutorial{}\"><a href=\"tutorial{}.html\">Tutorial {}: {}</a></h2>",
                number,
                number,
                number,
                tutorial.title());
        Verdict verdict = Verdict.of(tutorial.checks());
        html.add("<p class=\"{}\">{}</p>", verdict.styleClass(), verdict.text());
        html.add("<ul class=\"experiments\">");
        for (Section experiment : tutorial.experiments()) {
            html.add("<li>");
            html.add(
                    "<a href=\"tutorial{}.html#{}\"><span class=\"id\">{}</span> {}</a>",
                    number,
                    experiment.id(),
                    experiment.id(),
                    experiment.title());
            Verdict.of(experiment.checks()).addMark(html);
            html.add("</li>");
        }
        html.add("</ul>").add("</section>");
    }

    private void earlier() {
        if (earlier.isEmpty()) {
            return;
        }
        html.add("<section aria-labelledby=\"earlier\">");
        html.add("<h2 id=\"earlier\">From earlier runs</h2>").add("<ul>");
        for (int number : earlier) {
            html.add("<li><a href=\"tutorial{}.html\">Tutorial {}</a></li>", number, number);
        }
        html.add("</ul>").add("</section>");
    }

    private void run(RunSummary summary) {
        html.add("<section aria-labelledby=\"run\">");
        html.add("<h2 id=\"run\">Last run</h2>").add("<dl>");
        html.add("<dt>Experiments</dt><dd>{}</dd>", summary.experiments());
        html.add("<dt>Seed</dt><dd>{}</dd>", summary.seed());
        html.add("<dt>Total time</dt><dd>{}</dd>", duration(summary.totalSeconds()));
        if (summary.peakMegabytes().isPresent()) {
            html.add(
                    "<dt>Peak memory</dt><dd>{} MB</dd>",
                    String.format(
                            Locale.ROOT,
                            "%,d",
                            Math.round(summary.peakMegabytes().getAsDouble())));
        }
        html.add("<dt>Computed with</dt><dd>{}</dd>", summary.environment());
        html.add("</dl>").add("</section>");
    }

    static String duration(double seconds) {
        if (seconds < SECONDS_PER_MINUTE) {
            return new BigDecimal(seconds).setScale(1, RoundingMode.HALF_UP) + " s";
        }
        long whole = Math.round(seconds);
        return whole / SECONDS_PER_MINUTE + " min " + whole % SECONDS_PER_MINUTE + " s";
    }
}

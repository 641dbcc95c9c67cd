package org.gradus.pages.report;

import java.util.List;
import org.gradus.pages.Decimals;
import org.gradus.pages.Html;

/** The page of a tutorial. */
final class TutorialPage {

    /** Below it, six decimals leave fewer than two digits. */
    private static final double SMALL = 1e-5;

    private final int number;
    private final String title;
    private final List<Section> experiments;
    private final Html html = new Html();

    TutorialPage(int number, String title, List<Section> experiments) {
        this.number = number;
        this.title = title;
        this.experiments = experiments;
    }

    String html(String introduction) {
        head();
        html.add("<main id=\"content\" tabindex=\"-1\">");
        html.add("<h1>Tutorial {}: {}</h1>", number, title);
        html.paragraphs(introduction);
        verdict();
        experiments.forEach(this::experiment);
        html.add("</main>").add("</div>").add("</body>").add("</html>");
        return html.toString();
    }

    private void head() {
        html.add("<!DOCTYPE html>").add("<html lang=\"en-GB\">").add("<head>");
        html.add("<meta charset=\"utf-8\">");
        html.add("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">");
        html.add("<meta name=\"color-scheme\" content=\"light dark\">");
        html.add("<title>Tutorial {}: {} – Gradus</title>", number, title);
        html.add("<link rel=\"stylesheet\" href=\"assets/report.css\">");
        scripts();
        html.add("</head>").add("<body>");
        html.add("<a class=\"skip\" href=\"#content\">Skip to the content</a>");
        html.add("<div class=\"page\">");
        html.add("<div class=\"side\">");
        html.add("<nav aria-label=\"Report\"><a href=\"index.html\">Overview of the report</a></nav>");
        html.add("<nav class=\"contents\" aria-label=\"Experiments\">");
        html.add("<details open>").add("<summary>Experiments</summary>").add("<ol>");
        for (Section experiment : experiments) {
            html.add("<li>");
            html.add(
                    "<a href=\"#{}\"><span class=\"id\">{}</span> {}</a>",
                    experiment.id(),
                    experiment.id(),
                    experiment.title());
            Verdict.of(experiment.checks()).addMark(html);
            html.add("</li>");
        }
        html.add("</ol>").add("</details>").add("</nav>").add("</div>");
    }

    private void scripts() {
        boolean clouds = experiments.stream().anyMatch(Section::cloud);
        boolean explorers = experiments.stream().anyMatch(Section::explorer);
        if (clouds || explorers) {
            html.add("<script defer src=\"assets/common.js\"></script>");
        }
        if (clouds) {
            html.add("<script defer src=\"assets/plotly.js\"></script>");
            html.add("<script defer src=\"assets/cloud.js\"></script>");
        }
        if (explorers) {
            html.add("<script defer src=\"assets/explorer.js\"></script>");
        }
        for (Section experiment : experiments) {
            if (experiment.cloud()) {
                html.add("<script defer src=\"assets/{}-cloud.js\"></script>", experiment.id());
            }
            if (experiment.explorer()) {
                html.add("<script defer src=\"assets/{}-explorer.js\"></script>", experiment.id());
            }
        }
    }

    private void verdict() {
        Verdict verdict = Verdict.of(experiments.stream()
                .flatMap(experiment -> experiment.checks().stream())
                .toList());
        html.add("<p class=\"verdict {}\">{}</p>", verdict.styleClass(), verdict.text());
        if (!verdict.holds()) {
            html.add("<ul class=\"failed\">");
            for (Section experiment : experiments) {
                for (Check check : experiment.checks()) {
                    if (!check.holds()) {
                        html.add(
                                "<li><a href=\"#{}\">{}</a>: {}; found {}</li>",
                                experiment.id(),
                                check.id(),
                                check.text(),
                                value(check.value()));
                    }
                }
            }
            html.add("</ul>");
        }
    }

    private void experiment(Section experiment) {
        String id = experiment.id();
        html.add("<section class=\"experiment\" id=\"{}\" aria-labelledby=\"{}-title\">", id, id);
        html.add("<h2 id=\"{}-title\"><span class=\"id\">{}</span> {}</h2>", id, id, experiment.title());
        html.addMarkup(experiment.content());
        checks(experiment);
        html.add("</section>");
    }

    private void checks(Section experiment) {
        if (experiment.checks().isEmpty()) {
            return;
        }
        html.add("<h3>Conclusions</h3>");
        html.add(
                "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Conclusions of {}\">",
                experiment.id());
        html.add("<table class=\"checks\">");
        html.add("<caption>{}</caption>", Verdict.of(experiment.checks()).text());
        html.add(
                "<thead><tr><th scope=\"col\">Result</th><th scope=\"col\">Conclusion</th><th scope=\"col\">Value</th></tr>"
                        + "</thead>");
        html.add("<tbody>");
        for (Check check : experiment.checks()) {
            html.add(
                    "<tr><td class=\"{}\">{}</td><td>{}</td><td>{}</td></tr>",
                    check.holds() ? "holds" : "fails",
                    check.holds() ? "✓ holds" : "✗ fails",
                    check.text(),
                    value(check.value()));
        }
        html.add("</tbody>").add("</table>").add("</div>");
    }

    /** A value that six decimals would make 0 gets an exponent instead. */
    private static String value(double value) {
        return Math.abs(value) < SMALL ? Decimals.brief(value) : Decimals.six(value);
    }
}

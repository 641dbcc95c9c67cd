package org.gradus.examples.report;

import java.util.List;
import org.gradus.examples.figures.FigureFile;
import org.gradus.examples.run.Decimals;
import org.gradus.examples.tutorial.Check;

/** The page of a tutorial. */
final class TutorialPage {

    /** Below it, six decimals leave fewer than two digits. */
    private static final double SMALL = 1e-5;

    private final int number;
    private final String title;
    private final List<ExperimentReport> experiments;
    private final Html html = new Html();

    TutorialPage(int number, String title, List<ExperimentReport> experiments) {
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
        for (ExperimentReport experiment : experiments) {
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
        boolean clouds =
                experiments.stream().anyMatch(experiment -> experiment.cloud().isPresent());
        boolean explorers = experiments.stream()
                .anyMatch(experiment -> experiment.explorer().isPresent());
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
        for (ExperimentReport experiment : experiments) {
            if (experiment.cloud().isPresent()) {
                html.add("<script defer src=\"assets/{}-cloud.js\"></script>", experiment.id());
            }
            if (experiment.explorer().isPresent()) {
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
            for (ExperimentReport experiment : experiments) {
                for (Check check : experiment.checks()) {
                    if (!check.holds()) {
                        html.add("<li><a href=\"#{}\">{}</a>: {}</li>", experiment.id(), check.id(), check.text());
                    }
                }
            }
            html.add("</ul>");
        }
    }

    private void experiment(ExperimentReport experiment) {
        String id = experiment.id();
        html.add("<section class=\"experiment\" id=\"{}\" aria-labelledby=\"{}-title\">", id, id);
        html.add("<h2 id=\"{}-title\"><span class=\"id\">{}</span> {}</h2>", id, id, experiment.title());
        experiment.paragraphs().forEach(html::paragraphs);
        networks(experiment);
        experiment.table().ifPresent(table -> table(id, table));
        figures(experiment);
        experiment.cloud().ifPresent(cloud -> cloud(id, cloud));
        experiment.explorer().ifPresent(explorer -> explorer(id, explorer));
        checks(experiment);
        html.add("</section>");
    }

    private void networks(ExperimentReport experiment) {
        if (experiment.networks().isEmpty()) {
            return;
        }
        html.add("<h3>{}</h3>", experiment.networks().size() == 1 ? "Network" : "Networks");
        for (NetworkText network : experiment.networks()) {
            html.add("<details class=\"network\" open>").add("<summary>{}</summary>", network.title());
            html.add("<div class=\"columns\">");
            printed(network.printed(), network.title() + ", as printed");
            if (!network.parameterTable().isBlank()) {
                printed(network.parameterTable(), network.title() + ", parameters of each layer");
            }
            html.add("</div>").add("</details>");
        }
    }

    /** Wide text scrolls on its own, with the keyboard too; the page never does sideways. */
    private void printed(String text, String label) {
        html.add(
                "<pre class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{}\">{}</pre>",
                label,
                text.stripTrailing());
    }

    private void table(String id, TableText table) {
        html.add("<h3>Numbers</h3>");
        html.add("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Numbers of {}\">", id);
        html.add("<table class=\"numbers\">");
        html.add("<caption><span>{}</span></caption>", table.remark().isBlank() ? "Numbers of " + id : table.remark());
        html.add("<thead><tr>");
        table.header().forEach(cell -> html.add("<th scope=\"col\">{}</th>", cell));
        html.add("</tr></thead>").add("<tbody>");
        for (List<String> row : table.rows()) {
            html.add("<tr>");
            for (int c = 0; c < row.size(); c++) {
                html.add(c == 0 ? "<th scope=\"row\">{}</th>" : "<td>{}</td>", row.get(c));
            }
            html.add("</tr>");
        }
        html.add("</tbody>").add("</table>").add("</div>");
    }

    private void figures(ExperimentReport experiment) {
        if (experiment.figures().isEmpty()) {
            return;
        }
        html.add("<h3>{}</h3>", experiment.figures().size() == 1 ? "Figure" : "Figures");
        html.add("<div class=\"figures\">");
        for (FigureFile figure : experiment.figures()) {
            html.add("<figure>");
            html.add(
                    "<img src=\"figures/{}\" width=\"{}\" height=\"{}\" alt=\"{}\">",
                    figure.png(),
                    figure.width(),
                    figure.height(),
                    figure.altText());
            html.add(
                    "<figcaption>{} <a href=\"figures/{}\" aria-label=\"{}, as SVG\">SVG</a></figcaption>",
                    figure.title(),
                    figure.svg(),
                    figure.title());
            html.add("</figure>");
        }
        html.add("</div>");
    }

    private void cloud(String id, LatentCloud cloud) {
        html.add("<section class=\"cloud\" id=\"{}-cloud\" aria-labelledby=\"{}-cloud-title\">", id, id);
        html.add("<h3 id=\"{}-cloud-title\">Latent space in three dimensions</h3>", id);
        html.add(
                "<p>Drag the plot to turn it, or use the buttons beneath it. The digits hide and show their classes.</p>");
        noScript();
        html.add(
                "<div class=\"plot\" role=\"img\" aria-label=\"Codes of {} images in the three-dimensional latent space of"
                        + " {}, each drawn as its digit.\"></div>",
                cloud.labels().length,
                id);
        html.add("<div class=\"buttons\" role=\"group\" aria-label=\"View of the plot\">");
        button("turn-left", "Turn left");
        button("turn-right", "Turn right");
        button("tilt-up", "Tilt up");
        button("tilt-down", "Tilt down");
        button("closer", "Closer");
        button("further", "Further");
        button("points", "Points");
        html.add("</div>");
        html.add("<div class=\"buttons classes\" role=\"group\" aria-label=\"Classes shown\"></div>");
        html.add("</section>");
    }

    private void button(String action, String text) {
        html.add("<button type=\"button\" data-action=\"{}\">{}</button>", action, text);
    }

    private void noScript() {
        html.add("<noscript><p>This part needs JavaScript. The figures show the same codes.</p></noscript>");
    }

    private void explorer(String id, ExplorerModel model) {
        html.add("<section class=\"explorer\" id=\"{}-explorer\" aria-labelledby=\"{}-explorer-title\">", id, id);
        html.add("<h3 id=\"{}-explorer-title\">Latent explorer</h3>", id);
        html.add(
                "<p id=\"{}-explorer-help\">Move the pointer over the map, or give it the focus and press the arrow keys (with"
                        + " Shift, longer steps): this page runs the trained decoder on the code at that place and shows the"
                        + " image.{}</p>",
                id,
                model.sphere()
                        ? " The map is the sphere unwrapped: theta across, from pole to pole, phi upwards; its upper and"
                                + " lower edges are one line."
                        : "");
        noScript();
        html.add("<div class=\"panes\">");
        html.add("<div class=\"decoded\">");
        html.add("<canvas class=\"image\" role=\"img\" aria-label=\"Decoded image\"></canvas>");
        html.add("<output></output>");
        slider(id, "a", model.sphere() ? "theta" : "z1");
        slider(id, "b", model.sphere() ? "phi" : "z2");
        html.add("</div>");
        html.add(
                "<canvas class=\"map\" tabindex=\"0\" role=\"application\" aria-label=\"Encoder map of {} images, each drawn as"
                        + " its digit\" aria-describedby=\"{}-explorer-help\"></canvas>",
                model.labels().length,
                id);
        html.add("</div>").add("</section>");
    }

    private void slider(String id, String axis, String name) {
        html.add(
                "<label for=\"{}-explorer-{}\">{}</label><input type=\"range\" id=\"{}-explorer-{}\" data-axis=\"{}\""
                        + " step=\"any\">",
                id,
                axis,
                name,
                id,
                axis,
                axis);
    }

    private void checks(ExperimentReport experiment) {
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

package org.gradus.pages.report;

import java.util.List;
import org.gradus.pages.Html;
import org.gradus.plots.FigureFile;

/** The part of a page that is about one experiment, between its heading and its conclusions. */
final class SectionContent {

    private final Html html = new Html();

    private SectionContent() {}

    static String of(ExperimentReport experiment) {
        SectionContent content = new SectionContent();
        content.add(experiment);
        return content.html.toString();
    }

    private void add(ExperimentReport experiment) {
        String id = experiment.id();
        experiment.paragraphs().forEach(html::paragraphs);
        networks(experiment);
        experiment.table().ifPresent(table -> table(id, table));
        figures(experiment);
        experiment.cloud().ifPresent(cloud -> cloud(id, cloud));
        experiment.explorer().ifPresent(explorer -> explorer(id, explorer));
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
}

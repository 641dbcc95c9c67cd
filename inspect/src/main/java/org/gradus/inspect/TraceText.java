package org.gradus.inspect;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import org.gradus.autograd.Printable;
import org.gradus.inspect.Trace.Kind;
import org.gradus.inspect.Trace.Node;
import org.gradus.inspect.Trace.Row;
import org.gradus.inspect.Trace.State;
import org.gradus.inspect.Trace.Summary;

/** A trace as table, DOT and Mermaid. */
final class TraceText {

    private TraceText() {}

    // ---- table ----------------------------------------------------------------------------------------------------

    static String table(Trace trace) {
        boolean timed =
                trace.rows().stream().anyMatch(row -> row.forwardMicros().isPresent());
        List<String> head = new ArrayList<>(
                List.of("step", "layer", "op", "shapes", "formula", "min", "mean", "max", "grad min", "mean", "max"));
        if (timed) {
            head.addAll(List.of("forward us", "backward us"));
        }
        head.add("bytes");
        Table table = new Table(head);
        for (Row row : trace.rows()) {
            List<String> cells = new ArrayList<>();
            cells.addAll(List.of(Integer.toString(row.number()), row.layer(), row.op(), row.shapes(), row.formula()));
            cells.addAll(numbers(row.out().value()));
            cells.addAll(row.out()
                    .gradient()
                    .map(TraceText::numbers)
                    .orElse(List.of(row.out().state().toString(), "", "")));
            if (timed) {
                cells.add(micros(row.forwardMicros()));
                cells.add(micros(row.backwardMicros()));
            }
            cells.add(Long.toString(row.bytes()));
            table.add(cells);
        }
        return table.toString();
    }

    private static List<String> numbers(Summary summary) {
        return List.of(Numbers.plain(summary.min()), Numbers.plain(summary.mean()), Numbers.plain(summary.max()));
    }

    private static String micros(OptionalDouble time) {
        return time.isPresent() ? String.format(Locale.ROOT, "%.1f", time.getAsDouble()) : "";
    }

    // ---- pictures -------------------------------------------------------------------------------------------------

    /** The lines of an operation's node. */
    private static List<String> lines(Row row) {
        List<String> lines = new ArrayList<>(List.of(row.number() + " " + row.op(), row.formula()));
        if (!row.layer().isEmpty()) {
            lines.add("layer " + row.layer());
        }
        return lines;
    }

    /** The lines of a tensor's node. */
    private static List<String> lines(Node node) {
        return List.of(
                (node.name() + " " + node.shape()).strip(),
                "value " + few(node, Optional.of(node.value())),
                node.gradient().isPresent()
                        ? "gradient " + few(node, node.gradient())
                        : node.state().toString());
    }

    private static String few(Node node, Optional<Summary> summary) {
        List<Float> first = summary.map(Summary::first).orElse(List.of());
        String numbers = first.stream().map(Numbers::plain).collect(Collectors.joining(", "));
        return first.size() < node.shape().size() ? numbers + ", ..." : numbers;
    }

    static String dot(Trace trace) {
        StringBuilder dot = new StringBuilder("""
                digraph trace {
                  rankdir=LR;
                  node [fontname="sans-serif"];
                  edge [fontname="sans-serif"];
                """);
        for (Node node : trace.nodes()) {
            dot.append(String.format(
                    "  %s [shape=%s, style=\"%s\", fillcolor=\"%s\", label=%s];\n",
                    node.id(), shape(node.kind()), style(node), colour(node.kind()), dotText(lines(node))));
        }
        for (Row row : trace.rows()) {
            String op = "op" + row.number();
            dot.append(String.format(
                    "  %s [shape=box, style=\"rounded,filled\", fillcolor=\"#dce6f2\", label=%s];\n",
                    op, dotText(lines(row))));
            for (int i = 0; i < row.in().size(); i++) {
                dot.append(String.format(
                        "  %s -> %s [label=%s];\n",
                        row.in().get(i).id(), op, dotText(List.of(row.roles().get(i)))));
            }
            dot.append(String.format("  %s -> %s;\n", op, row.out().id()));
        }
        return dot.append("}\n").toString();
    }

    private static String shape(Kind kind) {
        return switch (kind) {
            case INPUT -> "box";
            case PARAMETER -> "box3d";
            case RESULT -> "note";
        };
    }

    private static String colour(Kind kind) {
        return kind == Kind.PARAMETER ? "#fdf1dc" : "#ffffff";
    }

    private static String style(Node node) {
        return switch (node.state()) {
            case ARRIVED, NONE -> "filled";
            case NOT_YET, NOT_REACHED -> "filled,dashed";
        };
    }

    /** A quoted string of DOT, lines centred. */
    private static String dotText(List<String> lines) {
        return lines.stream()
                .map(line -> Printable.text(line.replace("\n", " ")))
                .map(line -> line.replace("\\", "\\\\").replace("\"", "\\\""))
                .collect(Collectors.joining("\\n", "\"", "\""));
    }

    static String mermaid(Trace trace) {
        StringBuilder text = new StringBuilder("flowchart LR\n");
        for (Node node : trace.nodes()) {
            String label = mermaidText(lines(node));
            text.append("  ").append(node.id());
            text.append(
                    switch (node.kind()) {
                        case INPUT -> "[" + label + "]";
                        case PARAMETER -> "[[" + label + "]]";
                        case RESULT -> "([" + label + "])";
                    });
            text.append(node.state() == State.NOT_YET || node.state() == State.NOT_REACHED ? ":::waiting\n" : "\n");
        }
        for (Row row : trace.rows()) {
            String op = "op" + row.number();
            text.append("  ")
                    .append(op)
                    .append('(')
                    .append(mermaidText(lines(row)))
                    .append(")\n");
            for (int i = 0; i < row.in().size(); i++) {
                text.append("  ").append(row.in().get(i).id()).append(" -- ");
                text.append(mermaidText(List.of(row.roles().get(i))))
                        .append(" --> ")
                        .append(op)
                        .append('\n');
            }
            text.append("  ").append(op).append(" --> ").append(row.out().id()).append('\n');
        }
        return text.append("  classDef waiting stroke-dasharray: 4 4\n").toString();
    }

    /** A quoted string of Mermaid. Its entities have no ampersand; everything that its grammar or HTML might read becomes one. */
    private static String mermaidText(List<String> lines) {
        return lines.stream().map(TraceText::entities).collect(Collectors.joining("<br/>", "\"", "\""));
    }

    private static String entities(String line) {
        StringBuilder text = new StringBuilder();
        line.codePoints().forEach(c -> {
            String one = Character.toString(c);
            if ("\"#<>&`\\".contains(one) || !Printable.text(one).equals(one)) {
                text.append('#').append(c).append(';');
            } else {
                text.append(one);
            }
        });
        return text.toString();
    }
}

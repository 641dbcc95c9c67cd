package org.gradus.inspect;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the part of Graphviz's DOT that is needed, by its published grammar (graphviz.org/doc/info/lang.html), and refuses all
 * else: {@code digraph ID { stmt; ... }} with {@code stmt} a node, an edge, {@code ID = ID}, or {@code node [..]}; an ID is a
 * word, a numeral, or a quoted string in which {@code \"} is the only way to write a quote.
 */
final class DotGrammar {

    private static final Pattern TOKEN = Pattern.compile(
            "\\s*(->|[{}\\[\\];,=]|[A-Za-z_][A-Za-z_0-9]*|-?(?:\\.[0-9]+|[0-9]+(?:\\.[0-9]*)?)|\"(?:[^\"\\\\]|\\\\.)*\")",
            Pattern.DOTALL);

    private static final Pattern ESCAPE = Pattern.compile("\\\\(.)", Pattern.DOTALL);

    final Map<String, Map<String, String>> nodes = new LinkedHashMap<>();
    final List<List<String>> edges = new ArrayList<>();
    private final List<String> tokens = new ArrayList<>();
    private int next;

    DotGrammar(String text) {
        Matcher token = TOKEN.matcher(text);
        int end = 0;
        while (token.find()) {
            if (token.start() != end) {
                throw new IllegalArgumentException("no token: " + text.substring(end, token.start()));
            }
            tokens.add(token.group(1));
            end = token.end();
        }
        if (!text.substring(end).isBlank()) {
            throw new IllegalArgumentException("no token: " + text.substring(end));
        }
        take("digraph");
        id();
        take("{");
        while (!is("}")) {
            statement();
            take(";");
        }
        take("}");
        if (next != tokens.size()) {
            throw new IllegalArgumentException("text behind the graph: " + tokens.get(next));
        }
    }

    private void statement() {
        String first = id();
        if (is("=")) {
            take("=");
            id();
        } else if (is("->")) {
            take("->");
            edges.add(List.of(first, id()));
            attributes();
        } else {
            Map<String, String> attributes = attributes();
            if (!List.of("node", "edge").contains(first) && nodes.put(first, attributes) != null) {
                throw new IllegalArgumentException("two nodes " + first);
            }
        }
    }

    private Map<String, String> attributes() {
        Map<String, String> found = new LinkedHashMap<>();
        if (is("[")) {
            take("[");
            while (!is("]")) {
                String name = id();
                take("=");
                found.put(name, unquoted(id()));
                if (!is("]")) {
                    take(",");
                }
            }
            take("]");
        }
        return found;
    }

    private static String unquoted(String id) {
        return id.startsWith("\"")
                ? ESCAPE.matcher(id.substring(1, id.length() - 1))
                        .replaceAll(
                                found -> Matcher.quoteReplacement(found.group(1).equals("n") ? "\n" : found.group(1)))
                : id;
    }

    private String id() {
        String token = tokens.get(next++);
        if (!token.matches("(?s)[A-Za-z_\"0-9.-].*") || token.equals("->")) {
            throw new IllegalArgumentException("expected an ID, found " + token);
        }
        return token;
    }

    private boolean is(String token) {
        return next < tokens.size() && tokens.get(next).equals(token);
    }

    private void take(String token) {
        if (!is(token)) {
            throw new IllegalArgumentException("expected " + token + ", found " + tokens.subList(next, tokens.size()));
        }
        next++;
    }
}

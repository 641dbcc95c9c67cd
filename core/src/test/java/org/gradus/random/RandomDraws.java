package org.gradus.random;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Runs the Python expressions that name the random fixtures on our streams: a comma-separated row of calls, then
 * optionally {@code twice, second} and a slice. An expression it does not know is an error.
 */
final class RandomDraws {

    private static final Pattern EXPRESSION =
            Pattern.compile("(torch|np)\\.(.+?)( twice, second)?(\\[(-?\\d*):(-?\\d*)\\])?");
    private static final Pattern CALL = Pattern.compile("(\\w+)\\(((?:[^()]|\\([^()]*\\))*)\\)(?:,|$)");

    private final TorchRandom torch;
    private final NumpyRandom numpy;
    private final List<Value> values = new ArrayList<>();

    /** A drawn number and how many ulps it may differ from the original. */
    record Value(double number, int ulps) {}

    private RandomDraws(long seed) {
        torch = new TorchRandom(seed);
        numpy = new NumpyRandom(seed);
    }

    /** What the expression draws after {@code torch.manual_seed(seed)} and {@code numpy.random.seed(seed)}. */
    static List<Value> draw(String expression, long seed) {
        Matcher parts = EXPRESSION.matcher(expression);
        if (!parts.matches()) {
            throw unknown(expression, expression);
        }
        RandomDraws draws = new RandomDraws(seed);
        if (parts.group(3) != null) {
            draws.calls(expression, parts.group(1), parts.group(2));
            draws.values.clear();
        }
        draws.calls(expression, parts.group(1), parts.group(2));
        if (parts.group(4) == null) {
            return draws.values;
        }
        int size = draws.values.size();
        return draws.values.subList(bound(parts.group(5), 0, size), bound(parts.group(6), size, size));
    }

    private static int bound(String text, int absent, int size) {
        if (text.isEmpty()) {
            return absent;
        }
        int bound = Integer.parseInt(text);
        return Math.min(bound < 0 ? size + bound : bound, size);
    }

    private void calls(String expression, String library, String row) {
        Matcher call = CALL.matcher(row);
        int end = 0;
        while (call.lookingAt()) {
            String name = library + "." + call.group(1);
            // shuffle(arange(784)) means the 784; the spelling of keyword arguments tells the two choices apart.
            String arguments = call.group(2).replaceFirst("^arange\\((\\d+)\\)$", "$1");
            if (!call(name, arguments)) {
                throw unknown(call.group(), expression);
            }
            end = call.end();
            call.region(end, row.length());
        }
        if (end != row.length()) {
            throw unknown(row.substring(end), expression);
        }
    }

    private boolean call(String name, String arguments) {
        if (name.equals("np.choice") && arguments.matches("\\d+,\\d+,replace=False")) {
            int[] n = ints(arguments.replace(",replace=False", ""));
            add(numpy.choice(n[0], n[1]));
            return true;
        }
        if (name.equals("np.choice") && arguments.matches("\\d+,(size=)?\\d+")) {
            int[] n = ints(arguments.replace("size=", ""));
            add(numpy.choiceWithReplacement(n[0], n[1]));
            return true;
        }
        if (name.equals("np.randint") && arguments.matches("-?\\d+,-?\\d+,\\d+")) {
            int[] n = ints(arguments);
            add(numpy.randint(n[0], n[1], n[2]));
            return true;
        }
        if (name.equals("np.uniform") && arguments.matches("[-.\\d]+,[-.\\d]+,\\d+")) {
            String[] a = arguments.split(",", -1);
            for (int i = 0; i < Integer.parseInt(a[2]); i++) {
                values.add(new Value(numpy.uniform(Double.parseDouble(a[0]), Double.parseDouble(a[1])), 0));
            }
            return true;
        }
        if (!arguments.matches("\\d+(,\\d+)*")) {
            return false;
        }
        int n = IntStream.of(ints(arguments)).reduce(1, Math::multiplyExact);
        switch (name) {
            case "torch.rand" -> add(torch.rand(n), 0);
            case "torch.randn" -> add(torch.randn(n), n < 16 ? 1 : 3);
            case "torch.randperm" -> add(torch.randperm(n));
            case "np.random", "np.random_sample" -> add(numpy.randomSample(n), 0);
            case "np.normal", "np.randn" -> add(numpy.normal(n), 1);
            case "np.permutation" -> add(numpy.permutation(n));
            case "np.shuffle" -> {
                int[] a = IntStream.range(0, n).toArray();
                numpy.shuffle(a);
                add(a);
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private void add(float[] drawn, int ulps) {
        for (float v : drawn) {
            values.add(new Value(v, ulps));
        }
    }

    private void add(double[] drawn, int ulps) {
        for (double v : drawn) {
            values.add(new Value(v, ulps));
        }
    }

    private void add(int[] drawn) {
        for (int v : drawn) {
            values.add(new Value(v, 0));
        }
    }

    private static int[] ints(String arguments) {
        return Pattern.compile(",")
                .splitAsStream(arguments)
                .mapToInt(Integer::parseInt)
                .toArray();
    }

    private static AssertionError unknown(String part, String expression) {
        return new AssertionError("random fixture '" + expression + "': no test knows how to draw '" + part
                + "'; teach it to RandomDraws");
    }
}

package org.gradus.app;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import org.gradus.autograd.Tensor;
import org.gradus.examples.run.Bar;
import org.gradus.examples.run.Console;
import org.gradus.examples.run.Environment;
import org.gradus.examples.run.JsonFile;
import org.gradus.examples.run.RunJson;
import org.gradus.kernel.Engine;
import org.gradus.mnist.LabelledImages;
import org.gradus.mnist.Mnist;
import org.gradus.train.EpochSeconds;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code gradus bench}: how fast this machine computes, in about two minutes. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        description = "Measures matrix products and training of the tutorials' networks, in about two minutes.",
        footer = {
            "",
            "Speeds are the best of several rounds. The peak is the best product whose matrices stay in the cache, on",
            "one thread and times the number of threads: what these kernels can reach here, not a data sheet's figure.",
            "The first epoch of a network includes the warm-up of the JIT compiler."
        })
final class BenchCommand implements Callable<Integer> {

    private static final double PRODUCT_SECONDS = 0.4;
    private static final double NET_SECONDS = 6;
    private static final int TRAIN_IMAGES = 12_800;
    private static final int TEST_IMAGES = 1_280;

    /** Share of time and images that is left of a quick run. */
    private static final int QUICK = 20;

    private final Console console;

    @Option(names = "--quick", description = "A twentieth of the time and of the images, for a first impression.")
    private boolean quick;

    @Mixin
    private EngineOptions options = new EngineOptions();

    @Mixin
    private JsonOption json = new JsonOption();

    BenchCommand(Console console) {
        this.console = console;
    }

    /** Speeds of a product on one thread and on all. */
    @SuppressWarnings("ArrayRecordComponent") // of this class alone, written once
    private record ProductSpeed(BenchProducts.Product product, double[] gflops) {}

    /** Times of a network, epoch by epoch. */
    private record NetSpeed(BenchNets.Net net, List<EpochSeconds> epochs) {}

    @Override
    public Integer call() {
        Optional<JsonFile> file = json.file();
        options.setProperties();
        Engine engine = EngineOptions.start();
        console.out()
                .println(Environment.current() + " on " + Runtime.getRuntime().availableProcessors() + " processors");

        int[] threads = engine.threads() == 1 ? new int[] {1} : new int[] {1, engine.threads()};
        List<ProductSpeed> productSpeeds = new ArrayList<>();
        double peak;
        try (BenchProducts products =
                new BenchProducts(engine.kernels().another(), PRODUCT_SECONDS / (quick ? QUICK : 1))) {
            peak = measure(products, threads, productSpeeds);
        }
        BenchNets nets = nets();
        List<NetSpeed> netSpeeds = measure(nets);

        JsonOption.write(file, out -> write(out, peak, threads, productSpeeds, nets, netSpeeds));
        return 0;
    }

    // ---- matrix products
    // ---------------------------------------------------------------------------------------------

    /** Prints the table; gives the peak of one thread, which no product exceeds. */
    private double measure(BenchProducts products, int[] threads, List<ProductSpeed> speeds) {
        List<BenchProducts.Product> all = BenchProducts.ALL;
        double peak;
        try (Bar bar = new Bar(console, "products", "products")) {
            peak = products.peak();
            for (BenchProducts.Product product : all) {
                double[] gflops = Arrays.stream(threads)
                        .mapToDouble(count -> products.gflops(product, count))
                        .toArray();
                for (int t = 0; t < threads.length; t++) {
                    peak = Math.max(peak, gflops[t] / threads[t]);
                }
                speeds.add(new ProductSpeed(product, gflops));
                bar.step(all.size());
            }
        }
        StringBuilder heading = new StringBuilder(String.format(Locale.ROOT, "%n%-20s", "matrix product"));
        for (int count : threads) {
            heading.append(String.format(Locale.ROOT, "%10s   of peak", count + (count == 1 ? " thread" : " threads")));
        }
        print(heading + "   GFLOP/s");
        for (ProductSpeed speed : speeds) {
            StringBuilder row = new StringBuilder(String.format(Locale.ROOT, "%-20s", speed.product()));
            for (int t = 0; t < threads.length; t++) {
                double gflops = speed.gflops()[t];
                row.append(String.format(Locale.ROOT, "%10.1f%8.0f %%", gflops, 100 * gflops / (threads[t] * peak)));
            }
            print(row.toString());
        }
        StringBuilder row = new StringBuilder(String.format(Locale.ROOT, "%-20s", "peak"));
        for (int count : threads) {
            row.append(String.format(Locale.ROOT, "%10.1f%10s", count * peak, ""));
        }
        print(row.toString().stripTrailing());
        return peak;
    }

    // ---- networks
    // ----------------------------------------------------------------------------------------------------

    private BenchNets nets() {
        Mnist mnist = Mnist.load();
        return new BenchNets(
                first(mnist.train(), TRAIN_IMAGES),
                first(mnist.test(), TEST_IMAGES),
                NET_SECONDS / (quick ? QUICK : 1));
    }

    private Tensor first(LabelledImages images, int count) {
        int kept = count / (quick ? QUICK : 1);
        return images.samples().first(kept).toTensor();
    }

    private List<NetSpeed> measure(BenchNets nets) {
        print(String.format(
                Locale.ROOT,
                "%n%-20s%10s%10s%12s   images per second",
                "network",
                "epoch 1",
                "training",
                "evaluation"));
        List<NetSpeed> speeds = new ArrayList<>();
        for (BenchNets.Net net : BenchNets.ALL) {
            try (Bar bar = new Bar(console, net.name(), "epochs")) {
                List<EpochSeconds> epochs = nets.train(net, time -> bar.step(-1));
                speeds.add(new NetSpeed(net, epochs));
                bar.printAbove(String.format(
                        Locale.ROOT,
                        "%-20s%,10.0f%,10.0f%,12.0f",
                        net.name(),
                        nets.trained(epochs.get(0)),
                        best(epochs, nets::trained),
                        best(epochs, nets::evaluated)));
            }
        }
        return speeds;
    }

    private static double best(List<EpochSeconds> epochs, ToDoubleFunction<EpochSeconds> speed) {
        return epochs.stream().mapToDouble(speed).max().orElseThrow();
    }

    private void print(String line) {
        console.out().println(line);
    }

    // ---- JSON
    // --------------------------------------------------------------------------------------------------------

    private static void write(
            JsonGenerator out,
            double peak,
            int[] threads,
            List<ProductSpeed> products,
            BenchNets nets,
            List<NetSpeed> speeds)
            throws IOException {
        out.writeStartObject();
        out.writeFieldName("environment");
        RunJson.environment(out, Environment.current());
        out.writeNumberField("processors", Runtime.getRuntime().availableProcessors());
        out.writeFieldName("peak_gflops_of_a_thread");
        out.writeNumber(rounded(peak));
        out.writeFieldName("threads");
        out.writeArray(threads, 0, threads.length);
        out.writeArrayFieldStart("products");
        for (ProductSpeed speed : products) {
            out.writeStartObject();
            out.writeStringField("op", speed.product().kind().name());
            out.writeNumberField("m", speed.product().m());
            out.writeNumberField("n", speed.product().n());
            out.writeNumberField("k", speed.product().k());
            numbers(out, "gflops", speed.gflops());
            out.writeEndObject();
        }
        out.writeEndArray();
        out.writeArrayFieldStart("nets");
        for (NetSpeed speed : speeds) {
            out.writeStartObject();
            out.writeStringField("net", speed.net().name());
            out.writeStringField("spec", speed.net().spec());
            out.writeStringField("loss", speed.net().loss().name().toLowerCase(Locale.ROOT));
            out.writeNumberField("batch", speed.net().batch());
            numbers(out, "trained_per_second", perEpoch(speed, nets::trained));
            numbers(out, "evaluated_per_second", perEpoch(speed, nets::evaluated));
            out.writeEndObject();
        }
        out.writeEndArray();
        out.writeEndObject();
    }

    private static double[] perEpoch(NetSpeed speed, ToDoubleFunction<EpochSeconds> measure) {
        return speed.epochs().stream().mapToDouble(measure).toArray();
    }

    private static void numbers(JsonGenerator out, String name, double[] values) throws IOException {
        out.writeArrayFieldStart(name);
        for (double value : values) {
            out.writeNumber(rounded(value));
        }
        out.writeEndArray();
    }

    private static BigDecimal rounded(double value) {
        return new BigDecimal(value).setScale(1, RoundingMode.HALF_EVEN);
    }
}

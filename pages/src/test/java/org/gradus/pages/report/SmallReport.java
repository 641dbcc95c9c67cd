package org.gradus.pages.report;

import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import javax.imageio.ImageIO;
import org.gradus.nn.Linear;
import org.gradus.nn.PReLU;
import org.gradus.nn.ReLU;
import org.gradus.nn.Sequential;
import org.gradus.nn.Sigmoid;
import org.gradus.plots.FigureFile;
import org.gradus.random.TorchRandom;

/** A report of two tutorials with untrained networks: every kind of part that a page may have, in seconds. */
final class SmallReport {

    static final int CODES = 300;

    private static final TorchRandom RANDOM = new TorchRandom(7);

    /** Decoders by experiment, those on the sphere and those on the plane. */
    static final Map<String, Sequential> DECODERS = Map.of(
            "T1.6", wide(new Sequential(new PReLU(), new Linear(2, 784, RANDOM), new Sigmoid())),
            "T1.B1",
                    wide(new Sequential(
                            new Linear(2, 32, RANDOM), new ReLU(), new Linear(32, 784, RANDOM), new Sigmoid())),
            "T2.3",
                    wide(new Sequential(
                            new Sequential(new Linear(3, 96, RANDOM), new PReLU()),
                            new Linear(96, 392, RANDOM),
                            new PReLU(392),
                            new Linear(392, 784, RANDOM),
                            new Sigmoid())));

    private SmallReport() {}

    /** Larger weights than the initial ones, so that images differ from place to place. */
    private static Sequential wide(Sequential decoder) {
        decoder.namedParameters().forEach((name, parameter) -> {
            if (name.endsWith("weight") && parameter.shape().rank() == 2) {
                for (int i = 0; i < parameter.size(); i++) {
                    parameter.data()[i] *= 3;
                }
            }
        });
        return decoder;
    }

    static void write(Path folder) throws IOException {
        Report report = new Report(folder);
        report.tutorial(
                1,
                "Networks with <one> hidden layer & \"quotes\"",
                "An image goes through a bottleneck.\n\nWhat comes out is compared with what went in.",
                List.of(plain(report), flat(report, "T1.6", 1), flat(report, "T1.B1", 0)));
        report.tutorial(2, "Deep networks", "More layers, and a sphere.", List.of(cloud(), sphere(report)));
        report.index(new RunSummary(
                "all", 754.2, OptionalDouble.of(1234.5), 0, "JDK 17, vector kernels of 256 bits, 2 threads"));
    }

    private static ExperimentReport plain(Report report) throws IOException {
        return new ExperimentReport(
                "T1.3",
                "32 units, trained with mean squared error",
                List.of(
                        "Thirty-two hidden units are enough for a recognisable image. The test loss ends slightly below the"
                                + " training loss.",
                        "The same ten images are shown in both rows."),
                List.of(),
                Optional.of(table()),
                List.of(figure(report, "T1.3-loss", 640, 400), figure(report, "T1.3-reconstructions", 1000, 250)),
                List.of(
                        new Check("T1.3", "test MSE after epoch 10 between 0.0115 and 0.0155", 0.013315, true),
                        new Check("T1.3", "test below train in every epoch: epochs where it is < 1", 2, false)),
                Optional.empty(),
                Optional.empty());
    }

    private static TableText table() {
        return new TableText(
                List.of(
                        "Epoch",
                        "Deck train",
                        "Deck test",
                        "PyTorch train",
                        "PyTorch test",
                        "Gradus train",
                        "Gradus test"),
                List.of(
                        List.of("1", "0.0268", "0.0266", "0.0259", "0.0256", "0.0259", "0.0256"),
                        List.of("2", "", "", "0.0174", "0.0171", "0.0174", "0.0171")),
                "Largest difference from PyTorch: 3.1E-8.");
    }

    private static ExperimentReport flat(Report report, String id, int aliveFrom) throws IOException {
        float[] codes = normals(CODES * 2);
        if (aliveFrom == 0) {
            for (int i = 0; i < codes.length; i += 2) {
                codes[i] = 0;
            }
        }
        Sequential decoder = DECODERS.get(id);
        return new ExperimentReport(
                id,
                aliveFrom == 0 ? "2 units with ReLU: one dies" : "2 units with PReLU",
                List.of("Two numbers per image can be drawn."),
                List.of(
                        new NetworkText("Autoencoder", decoder.toString(), decoder.parameterTable()),
                        new NetworkText("Decoder", decoder.toString(), "")),
                Optional.empty(),
                List.of(figure(report, id + "-latent", 1000, 500)),
                List.of(new Check(id, "final test BCE between 0.222 and 0.236", 0.2318, true)),
                Optional.empty(),
                Optional.of(new ExplorerModel(decoder, codes, labels(), false)));
    }

    private static ExperimentReport cloud() {
        return new ExperimentReport(
                "T2.2",
                "Deep, 3 units",
                List.of("Three numbers per image."),
                List.of(),
                Optional.empty(),
                List.of(),
                List.of(),
                Optional.of(new LatentCloud(normals(CODES * 3), labels())),
                Optional.empty());
    }

    private static ExperimentReport sphere(Report report) throws IOException {
        float[] codes = normals(CODES * 3);
        for (int i = 0; i < CODES; i++) {
            double length = Math.sqrt(codes[3 * i] * codes[3 * i]
                    + codes[3 * i + 1] * codes[3 * i + 1]
                    + codes[3 * i + 2] * codes[3 * i + 2]);
            for (int c = 0; c < 3; c++) {
                codes[3 * i + c] = (float) (codes[3 * i + c] / length);
            }
        }
        Sequential decoder = DECODERS.get("T2.3");
        return new ExperimentReport(
                "T2.3",
                "Deep, on the sphere",
                List.of("Codes of length 1."),
                List.of(new NetworkText("Decoder", decoder.toString(), decoder.parameterTable())),
                Optional.empty(),
                List.of(figure(report, "T2.3-latent", 1000, 500)),
                List.of(new Check("T2.3", "all codes have norm 1 within 1e-5: largest deviation", 1.2e-7, true)),
                Optional.of(new LatentCloud(codes, labels())),
                Optional.of(new ExplorerModel(decoder, codes, labels(), true)));
    }

    private static float[] normals(int count) {
        float[] values = new float[count];
        RANDOM.normal(values, 0, 1);
        return values;
    }

    private static int[] labels() {
        int[] labels = new int[CODES];
        for (int i = 0; i < CODES; i++) {
            labels[i] = i % 10;
        }
        return labels;
    }

    /** A figure as the figures' own package writes them: a PNG with twice the pixels, and an SVG. */
    static FigureFile figure(Report report, String name, int width, int height) throws IOException {
        BufferedImage image = new BufferedImage(2 * width, 2 * height, BufferedImage.TYPE_INT_RGB);
        Graphics2D pen = image.createGraphics();
        pen.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        pen.setColor(Color.WHITE);
        pen.fillRect(0, 0, 2 * width, 2 * height);
        pen.setColor(Color.BLACK);
        pen.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 40));
        pen.drawString(name, 40, height);
        pen.dispose();
        ImageIO.write(image, "png", report.figures().resolve(name + ".png").toFile());
        Files.writeString(
                report.figures().resolve(name + ".svg"),
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" + width + "\" height=\"" + height
                        + "\"><text x=\"20\" y=\"20\">" + name + "</text></svg>");
        return new FigureFile(name, "Figure " + name, "The name " + name + " in black on white.", width, height);
    }
}

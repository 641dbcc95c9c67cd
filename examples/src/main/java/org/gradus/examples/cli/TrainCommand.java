package org.gradus.examples.cli;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.gradus.autograd.Tensor;
import org.gradus.examples.run.Console;
import org.gradus.examples.run.ImageSets;
import org.gradus.examples.run.JsonFile;
import org.gradus.examples.run.LossTable;
import org.gradus.examples.run.RunJson;
import org.gradus.examples.run.TrainedRun;
import org.gradus.mnist.IdxException;
import org.gradus.mnist.Mnist;
import org.gradus.nn.Layer;
import org.gradus.nn.Linear;
import org.gradus.nn.Sequential;
import org.gradus.optim.Adam;
import org.gradus.optim.Optimizer;
import org.gradus.optim.SGD;
import org.gradus.random.NumpyRandom;
import org.gradus.random.TorchRandom;
import org.gradus.train.History;
import org.gradus.train.Trainer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code gradus train}: one autoencoder on MNIST. */
@Command(
        name = "train",
        mixinStandardHelpOptions = true,
        description = "Trains an autoencoder on MNIST and prints its losses over both sets after each epoch.",
        footer = {
            "",
            "SPEC = width { \"-\" width [ \":\" activation { \"+\" activation } ] }, for example 784-2:prelu-784:sigmoid,",
            "with a Linear layer between two widths and the activations relu, prelu, sigmoid, tanh, normalize."
        })
final class TrainCommand implements Callable<Integer> {

    /** Pixels of an image of the bundled set. */
    private static final int MNIST_PIXELS = 28 * 28;

    private final Console console;

    @Option(names = "--net", required = true, paramLabel = "SPEC", description = "The network.")
    private String net = "";

    @Option(
            names = "--loss",
            required = true,
            paramLabel = "bce|mse",
            converter = Words.ForLoss.class,
            description = "What is minimised.")
    private LossName loss = LossName.BCE;

    @Option(names = "--epochs", paramLabel = "N", description = "Passes over the training set (default: 10).")
    private int epochs = 10;

    @Option(names = "--batch", paramLabel = "N", description = "Samples per step (default: 64).")
    private int batch = 64;

    @Option(names = "--seed", paramLabel = "N", description = "Seed of both random streams (default: 0).")
    private long seed;

    @Option(
            names = "--init",
            paramLabel = "default|kaiming-uniform|kaiming-normal",
            converter = Words.ForInit.class,
            description = "Initialiser of the weights (default: default).")
    private InitName init = InitName.DEFAULT;

    @Option(
            names = "--init-linears",
            paramLabel = "N",
            description = "Apply --init to the first N Linear layers only (default: all).")
    private @Nullable Integer initLinears;

    @Option(names = "--reseed-before-init", description = "Seed once more between building and --init.")
    private boolean reseedBeforeInit;

    @Option(names = "--lr", paramLabel = "RATE", description = "Learning rate (default: 0.001).")
    private double learningRate = 1e-3;

    @Option(
            names = "--optimizer",
            paramLabel = "adam|sgd",
            converter = Words.ForOptimizer.class,
            description = "Optimiser (default: adam).")
    private OptimizerName optimizer = OptimizerName.ADAM;

    @Option(names = "--momentum", paramLabel = "M", description = "Momentum of sgd (default: 0).")
    private double momentum;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Folder with the four MNIST files, plain or .gz (default: the bundled set).")
    private @Nullable Path data;

    @Mixin
    private EngineOptions engine = new EngineOptions();

    @Mixin
    private JsonOption json = new JsonOption();

    TrainCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IdxException {
        NetSpec spec = NetSpec.parse(net);
        requireRanges(spec);
        if (data == null) {
            spec.requireAutoencoder(MNIST_PIXELS, loss);
        }
        Optional<JsonFile> file = json.file();
        ImageSets images = images(data);
        spec.requireAutoencoder(images.pixels(), loss);
        engine.setProperties();
        EngineOptions.start();

        TrainedRun run = train(spec, images);
        JsonOption.write(file, out -> RunJson.write(out, run));
        return 0;
    }

    private static ImageSets images(@Nullable Path folder) throws IdxException {
        Mnist mnist = folder == null ? Mnist.load() : Mnist.load(folder);
        if (mnist.train().count() == 0 || mnist.test().count() == 0) {
            throw new CommandFailure(
                    "--data " + folder + ": a set without images; training needs at least one in each");
        }
        return ImageSets.of(mnist);
    }

    /** The seeding protocol: seed, build, initialise, seed again, train. */
    private TrainedRun train(NetSpec spec, ImageSets images) {
        TorchRandom torch = new TorchRandom(seed);
        NumpyRandom numpy = new NumpyRandom(seed);
        Sequential model = spec.build(torch);
        if (reseedBeforeInit) {
            torch.manualSeed(seed);
        }
        initialise(model, torch);
        torch.manualSeed(seed);
        numpy.seed(seed);
        return train(model, images, numpy);
    }

    private void initialise(Sequential model, TorchRandom torch) {
        int remaining = initLinears == null ? Integer.MAX_VALUE : initLinears;
        for (Layer layer : model.layers()) {
            if (layer instanceof Linear linear && remaining > 0) {
                init.apply(linear.weight(), torch);
                remaining--;
            }
        }
    }

    private TrainedRun train(Sequential model, ImageSets images, NumpyRandom numpy) {
        Tensor train = images.train();
        PrintStream out = console.out();
        out.println(model);
        out.println(String.format(
                Locale.ROOT,
                "%,d parameters; %,d training and %,d test images, batches of %d, %s",
                model.parameterCount(),
                train.shape().length(0),
                images.test().shape().length(0),
                batch,
                loss.loss().name()));
        try (LossTable table = new LossTable(console, epochs)) {
            History history = new Trainer(model, loss.loss(), optimizer(model), numpy)
                    .epochs(epochs)
                    .batchSize(batch)
                    .listener(table)
                    .fit(train, images.test());
            return new TrainedRun(model, loss.loss().name(), epochs, batch, history);
        }
    }

    private Optimizer optimizer(Sequential model) {
        return switch (optimizer) {
            case ADAM -> new Adam(model.parameters(), Adam.defaults().withLearningRate(learningRate));
            case SGD ->
                new SGD(
                        model.parameters(),
                        SGD.defaults().withLearningRate(learningRate).withMomentum(momentum));
        };
    }

    private void requireRanges(NetSpec spec) {
        if (epochs < 0) {
            throw new CommandFailure("--epochs is " + epochs + " but must be 0 or more");
        }
        if (batch < 1) {
            throw new CommandFailure("--batch is " + batch + " but must be 1 or more");
        }
        Seeds.require(seed);
        if (!(learningRate > 0 && learningRate <= Float.MAX_VALUE)) {
            throw new CommandFailure("--lr is " + learningRate + " but must be above 0 and finite");
        }
        if (!(momentum >= 0 && momentum < 1)) {
            throw new CommandFailure("--momentum is " + momentum + " but must be at least 0 and below 1");
        }
        if (momentum > 0 && optimizer == OptimizerName.ADAM) {
            throw new CommandFailure("--momentum belongs to --optimizer sgd; adam has its own, leave the option out");
        }
        requireInitOptions(spec);
    }

    private void requireInitOptions(NetSpec spec) {
        if (init == InitName.DEFAULT && (initLinears != null || reseedBeforeInit)) {
            throw new CommandFailure((reseedBeforeInit ? "--reseed-before-init" : "--init-linears")
                    + " needs --init kaiming-uniform or kaiming-normal");
        }
        int linears = spec.stages().size();
        if (initLinears != null && (initLinears < 0 || initLinears > linears)) {
            throw new CommandFailure("--init-linears is " + initLinears + " but the network has " + linears
                    + " Linear layers; give 0 to " + linears);
        }
    }
}

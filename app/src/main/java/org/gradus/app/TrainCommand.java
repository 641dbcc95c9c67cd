package org.gradus.app;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.gradus.autograd.Printable;
import org.gradus.examples.run.Console;
import org.gradus.examples.run.ImageSets;
import org.gradus.examples.run.JsonFile;
import org.gradus.examples.run.LossTable;
import org.gradus.examples.run.RunJson;
import org.gradus.examples.run.TrainedRun;
import org.gradus.io.Checkpoint;
import org.gradus.io.SafetensorsException;
import org.gradus.mnist.IdxException;
import org.gradus.mnist.Mnist;
import org.gradus.nn.Sequential;
import org.gradus.optim.Optimizer;
import org.gradus.random.NumpyRandom;
import org.gradus.random.TorchRandom;
import org.gradus.train.History;
import org.gradus.train.NonFiniteException;
import org.gradus.train.StepReport;
import org.gradus.train.Trainer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code gradus train}: one autoencoder on MNIST. */
@Command(
        name = "train",
        mixinStandardHelpOptions = true,
        description = "Trains an autoencoder on MNIST and prints its losses over both sets after each epoch.",
        footer = {
            "",
            "SPEC = width { \"-\" width [ \":\" activation { \"+\" activation } ] }, for example 784-2:prelu-784:sigmoid,",
            "with a Linear layer between two widths and the activations relu, prelu, sigmoid, tanh, normalize.",
            "",
            "A run that was saved continues with --resume as if it had never stopped. It keeps its settings; options",
            "that repeat them may be left out, all but --data, and --epochs counts those already done."
        })
final class TrainCommand implements Callable<Integer> {

    private static final String NET = "--net";
    private static final String LOSS = "--loss";
    private static final String SAVE = "--save";
    private static final String LOAD = "--load";
    private static final String RESUME = "--resume";
    private static final String IMAGES = "images";

    private final Console console;

    @Spec
    private CommandSpec command = CommandSpec.create();

    @Option(names = NET, paramLabel = "SPEC", description = "The network. Required, except with --resume.")
    private String net = "";

    @Option(
            names = LOSS,
            paramLabel = "bce|mse",
            converter = Words.ForLoss.class,
            description = "What is minimised. Required, except with --resume.")
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

    @Option(
            names = SAVE,
            paramLabel = "FILE.safetensors",
            description = "After every epoch, write the weights to this file and, beside it, what --resume needs.")
    private @Nullable Path save;

    @Option(
            names = LOAD,
            paramLabel = "FILE.safetensors",
            description = "Start from the weights in this file, with a fresh optimiser.")
    private @Nullable Path load;

    @Option(
            names = RESUME,
            paramLabel = "FILE",
            description = "Continue the run that was saved under this name, to --epochs in total.")
    private @Nullable Path resume;

    @Option(
            names = "--keep-going",
            description = "Train on where a loss or a weight is NaN or infinite (default: end there).")
    private boolean keepGoing;

    @Option(
            names = "--verbose",
            description = "Say on standard error whether steps were planned, replayed or recorded, and why.")
    private boolean verbose;

    @Mixin
    private EngineOptions engine = new EngineOptions();

    @Mixin
    private JsonOption json = new JsonOption();

    TrainCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IdxException {
        requireStart();
        if (epochs < 0) {
            throw new CommandFailure("--epochs is " + epochs + " but must be 0 or more");
        }
        Optional<Checkpoint> checkpoint = Optional.ofNullable(resume).map(TrainCommand::checkpoint);
        TrainSettings settings = checkpoint.map(this::saved).orElseGet(this::asked);
        if (data == null) {
            NetOption.requireAutoencoder(settings.net(), NetOption.MNIST_PIXELS, settings.loss());
        }
        Optional<Weights> weights = Optional.ofNullable(load).map(Weights::read);
        Optional<JsonFile> file = json.file();
        requireSavable();
        engine.setProperties();
        ImageSets images = imagesWhileWarmingUp(settings);
        NetOption.requireAutoencoder(settings.net(), images.pixels(), settings.loss());
        EngineOptions.start();

        Session session = session(settings, images, checkpoint);
        weights.ifPresent(kept -> kept.into(session.model()));
        History earlier = checkpoint.map(Checkpoint::history).orElse(History.EMPTY);
        Optional<FiniteSaves> saves = Optional.ofNullable(save)
                .map(path -> new FiniteSaves(
                        path, session.model(), session.optimizer(), history -> session.save(path, history)));
        Trainer trainer = trainer(session, earlier, saves);
        try {
            History history = train(trainer, session, images, earlier, saves);
            saves.ifPresent(kept -> kept.report(console.err()));
            tell(trainer);
            TrainedRun run = session.run(epochs, history, trainer.steps());
            JsonOption.write(file, out -> RunJson.write(out, run));
        } catch (NonFiniteException end) {
            tell(trainer);
            TrainedRun run = session.run(epochs, end.history(), trainer.steps());
            JsonOption.write(file, out -> RunJson.write(out, run, Optional.of(end)));
            throw FiniteSaves.failure(
                    end,
                    session.optimizer().learningRate(),
                    saves.map(FiniteSaves::afterFailure).orElse(""));
        }
        return 0;
    }

    private void tell(Trainer trainer) {
        if (verbose) {
            console.err().println("steps: " + trainer.steps());
        }
    }

    // ---- options
    // -----------------------------------------------------------------------------------------------------

    private boolean given(String option) {
        return command.commandLine().getParseResult().hasMatchedOption(option);
    }

    private void requireStart() {
        if (resume == null) {
            List<String> missing = new ArrayList<>();
            for (String option : List.of(NET, LOSS)) {
                if (!given(option)) {
                    missing.add("'" + option + "=" + command.findOption(option).paramLabel() + "'");
                }
            }
            if (!missing.isEmpty()) {
                throw new ParameterException(
                        command.commandLine(),
                        "Missing required option" + (missing.size() > 1 ? "s" : "") + ": "
                                + String.join(", ", missing));
            }
        } else if (load != null) {
            throw new CommandFailure(
                    "--load starts afresh from weights, --resume continues a run; leave one of them out");
        }
        if (load != null && init != InitName.DEFAULT) {
            throw new CommandFailure("--init draws weights that --load would replace; leave one of them out");
        }
    }

    /** What the options say. */
    private TrainSettings asked() {
        return new TrainSettings(
                NetOption.parse(net),
                loss,
                batch,
                seed,
                init,
                initLinears == null ? OptionalInt.empty() : OptionalInt.of(initLinears),
                reseedBeforeInit,
                learningRate,
                optimizer,
                momentum);
    }

    /** What a saved run was made with, after checking that no option says otherwise. */
    private TrainSettings saved(Checkpoint checkpoint) {
        TrainSettings saved = readSettings(checkpoint);
        adoptUnlessGiven(saved);
        Map<String, String> wishes = asked().toMap();
        saved.toMap().forEach((name, value) -> {
            String wish = wishes.getOrDefault(name, "");
            if (!wish.equals(value)) {
                throw new CommandFailure("--" + name + " is " + wish + " but " + resume + " was trained with " + value
                        + "; leave --" + name + " out, or start afresh from its weights with --load");
            }
        });
        if (checkpoint.epoch() > epochs) {
            throw new CommandFailure("--epochs is " + epochs + " in all but " + resume + " was trained for "
                    + checkpoint.epoch() + " already; ask for at least as many");
        }
        return saved;
    }

    private TrainSettings readSettings(Checkpoint checkpoint) {
        try {
            return TrainSettings.of(checkpoint.settings());
        } catch (CommandFailure unusable) {
            throw new CommandFailure(
                    "--resume " + resume + ": was not saved by 'gradus train' (" + unusable.getMessage()
                            + "); start afresh from its weights with --load",
                    unusable);
        }
    }

    private void adoptUnlessGiven(TrainSettings saved) {
        net = given(NET) ? net : saved.net().toString();
        loss = given(LOSS) ? loss : saved.loss();
        batch = given("--batch") ? batch : saved.batch();
        seed = given("--seed") ? seed : saved.seed();
        init = given("--init") ? init : saved.init();
        if (!given("--init-linears")) {
            initLinears = saved.initLinears().isPresent() ? saved.initLinears().getAsInt() : null;
        }
        reseedBeforeInit = given("--reseed-before-init") ? reseedBeforeInit : saved.reseedBeforeInit();
        learningRate = given("--lr") ? learningRate : saved.learningRate();
        optimizer = given("--optimizer") ? optimizer : saved.optimizer();
        momentum = given("--momentum") ? momentum : saved.momentum();
    }

    // ---- files
    // -------------------------------------------------------------------------------------------------------

    private static Checkpoint checkpoint(Path file) {
        try {
            return Checkpoint.load(file);
        } catch (SafetensorsException unusable) {
            throw new CommandFailure("--resume " + unusable.getMessage(), unusable);
        }
    }

    private void requireSavable() {
        if (save != null) {
            try {
                Checkpoint.requireWritable(save);
            } catch (IOException refused) {
                throw new CommandFailure("--save: " + refused.getMessage(), refused);
            }
        }
    }

    @SuppressWarnings("try") // it works by being open
    private ImageSets imagesWhileWarmingUp(TrainSettings settings) throws IdxException {
        try (WarmUp beside = WarmUp.begin(settings)) {
            return ImageSets.of(data == null ? Mnist.load() : Mnist.load(data));
        }
    }

    // ---- training
    // ----------------------------------------------------------------------------------------------------

    /** Network, optimiser and streams of a run. */
    private record Session(
            TrainSettings settings,
            Map<String, String> keptSettings,
            Sequential model,
            Optimizer optimizer,
            TorchRandom torch,
            NumpyRandom numpy) {

        /** The seeding protocol: seed, build, initialise, seed again. */
        static Session start(TrainSettings settings, Map<String, String> keptSettings) {
            TorchRandom torch = new TorchRandom(settings.seed());
            Sequential model = settings.build(torch);
            torch.manualSeed(settings.seed());
            return new Session(
                    settings, keptSettings, model, settings.optimizer(model), torch, new NumpyRandom(settings.seed()));
        }

        TrainedRun run(int epochs, History history, StepReport steps) {
            return new TrainedRun(model, settings.loss().loss().name(), epochs, settings.batch(), history).taken(steps);
        }

        void save(Path file, History history) {
            try {
                Checkpoint.of(model, optimizer, torch, numpy, history, keptSettings)
                        .save(file);
            } catch (IOException failed) {
                throw new CommandFailure("--save: " + failed.getMessage(), failed);
            }
        }
    }

    private Session session(TrainSettings settings, ImageSets images, Optional<Checkpoint> checkpoint) {
        // Only files need the checksum.
        boolean kept = save != null || checkpoint.isPresent();
        Map<String, String> keptSettings = new LinkedHashMap<>(settings.toMap());
        keptSettings.put(IMAGES, kept ? images.fingerprint() : "");
        Session session = Session.start(settings, keptSettings);
        checkpoint.ifPresent(from -> resume(session, images, from));
        return session;
    }

    private void resume(Session session, ImageSets images, Checkpoint checkpoint) {
        String trained = checkpoint.settings().getOrDefault(IMAGES, "none known");
        String given = session.keptSettings().getOrDefault(IMAGES, "");
        if (!trained.equals(given)) {
            throw new CommandFailure("--resume " + resume + ": was trained with other images (" + trained
                    + ") than these (" + given + "); give the same --data");
        }
        int samples = images.train().count();
        long batches = checkpoint.epoch() * ((samples - 1L) / session.settings().batch() + 1);
        int losses = checkpoint.history().batchLosses().length;
        if (losses != batches) {
            throw new CommandFailure("--resume " + resume + ": has losses of " + losses + " batches instead of "
                    + batches + "; it is damaged, train anew");
        }
        try {
            checkpoint.restore(session.model(), session.optimizer(), session.torch(), session.numpy());
        } catch (IllegalArgumentException refused) {
            throw new CommandFailure("--resume " + resume + ": " + refused.getMessage(), refused);
        }
    }

    private Trainer trainer(Session session, History earlier, Optional<FiniteSaves> saves) {
        TrainSettings settings = session.settings();
        Trainer trainer = new Trainer(session.model(), settings.loss().loss(), session.optimizer(), session.numpy())
                .epochs(epochs)
                .batchSize(settings.batch())
                .continuing(earlier);
        if (keepGoing) {
            trainer.keepGoing();
        }
        saves.ifPresent(kept -> trainer.afterEpoch(kept::keep));
        return trainer;
    }

    private History train(
            Trainer trainer, Session session, ImageSets images, History earlier, Optional<FiniteSaves> saves) {
        TrainSettings settings = session.settings();
        PrintStream out = console.out();
        out.println(session.model());
        out.println(String.format(
                Locale.ROOT,
                "%,d parameters; %,d training and %,d test images, batches of %d, %s",
                session.model().parameterCount(),
                images.train().count(),
                images.test().count(),
                settings.batch(),
                settings.loss().loss().name()));
        if (resume != null) {
            out.println("continuing " + Printable.text(resume.toString()) + " after epoch " + earlier.epochs());
        }
        try (LossTable table = new LossTable(console, epochs, LossTable.WIDE_SLASH)) {
            for (int e = 0; e < earlier.epochs(); e++) {
                table.earlier(e + 1, earlier.table().get(e));
            }
            History history = trainer.listener(table).fit(images.train(), images.test());
            if (history.epochs() == earlier.epochs()) {
                saves.ifPresent(kept -> kept.keep(history));
            }
            return history;
        }
    }
}

package org.gradus.app;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.Callable;
import org.gradus.autograd.Tensor;
import org.gradus.examples.run.Console;
import org.gradus.examples.run.JsonFile;
import org.gradus.examples.tutorial.Options;
import org.gradus.examples.tutorial.Tutorial;
import org.gradus.examples.tutorial.TutorialRun;
import org.gradus.examples.tutorial1.Tutorial1;
import org.gradus.examples.tutorial2.Tutorial2;
import org.gradus.examples.tutorial3.Tutorial3;
import org.gradus.io.Safetensors;
import org.gradus.io.SafetensorsException;
import org.gradus.mnist.Mnist;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code gradus tutorial}: the experiments of the autoencoder tutorials. */
@Command(
        name = "tutorial",
        mixinStandardHelpOptions = true,
        description = "Runs the experiments of a tutorial, checks its conclusions, and writes a report with figures.",
        footer = {
            "",
            "With seed 0 the tables of T1.B1, T1.B2 and T1.B3 equal the published ones at 4 decimals. The other published runs"
                    + " had no seed; each training prints how far it is from PyTorch 1.13 under seed 0.",
            "Every experiment is seeded on its own, so --only gives the same numbers as the whole tutorial.",
            "Trainings are kept in the report's folder, and a second call continues with what is done.",
            "A call with --only renews these experiments in the report and in the --json file. The others stay there if the"
                    + " folder holds them from the same build, --seed, --epochs, --quick and --reference; if not, they are"
                    + " left out."
        })
final class TutorialCommand implements Callable<Integer> {

    private final Console console;

    @Parameters(paramLabel = "TUTORIAL", arity = "1", description = "1, 2, 3 or all.")
    private String tutorial = "";

    @Option(
            names = "--only",
            paramLabel = "ID,ID",
            split = ",",
            description = "Run only these experiments, such as T1.B1,T1.B3, and those they need (default: all).")
    private @Nullable List<String> only;

    @Option(names = "--seed", paramLabel = "N", description = "Seed of both random streams (default: 0).")
    private long seed;

    @Option(names = "--epochs", paramLabel = "N", description = "Epochs of every training (default: as published).")
    private @Nullable Integer epochs;

    @Option(
            names = "--quick",
            description = "Short trainings: 10 epochs in batches of 128 for T3.0, at most 3 epochs for all others.")
    private boolean quick;

    @Option(names = "--out", paramLabel = "DIR", description = "Folder of the report (default: report).")
    private Path out = Path.of("report");

    @Option(names = "--fresh", description = "Do not take up trainings kept in the folder.")
    private boolean fresh;

    @Option(names = "--no-figures", description = "Draw no figures.")
    private boolean noFigures;

    @Option(
            names = "--reference",
            paramLabel = "FILE.safetensors",
            description = "Weights of the reference network of tutorial 3, instead of training it (T3.0).")
    private @Nullable Path reference;

    @Mixin
    private EngineOptions engine = new EngineOptions();

    @Mixin
    private JsonOption json = new JsonOption();

    TutorialCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        List<Tutorial> tutorials = tutorials();
        Set<String> selected = selected(tutorials);
        Seeds.require(seed);
        requireRanges();
        Optional<JsonFile> file = json.file();
        Optional<Map<String, Tensor>> weights = weights(tutorials);
        engine.setProperties();
        EngineOptions.start();

        Options options = new Options(
                seed, epochs == null ? OptionalInt.empty() : OptionalInt.of(epochs), quick, fresh, !noFigures, weights);
        try {
            run(tutorials, selected, options, file);
        } catch (UncheckedIOException failed) {
            throw new CommandFailure("--out " + out + ": " + failed.getMessage(), failed);
        } catch (IOException failed) {
            throw new CommandFailure("--out " + out + ": " + reason(failed), failed);
        }
        return 0;
    }

    private void run(List<Tutorial> tutorials, Set<String> selected, Options options, Optional<JsonFile> file)
            throws IOException {
        TutorialRun run = new TutorialRun(console, Mnist.load(), options, out);
        tutorials.forEach(chosen -> run.announce(chosen, selected));
        for (Tutorial chosen : tutorials) {
            if (!chosen.withNeeds(selected).isEmpty()) {
                run.run(chosen, selected);
                run.writePage(chosen);
            }
        }
        run.finish();
        JsonOption.write(file, run::writeTo);
    }

    private static String reason(IOException failed) {
        String message = String.valueOf(failed.getMessage());
        return message.startsWith("cannot") ? message : "cannot write there (" + message + "); name another folder";
    }

    private List<Tutorial> tutorials() {
        List<Tutorial> all = List.of(Tutorial1.tutorial(), Tutorial2.tutorial(), Tutorial3.tutorial());
        if (tutorial.equals("all")) {
            return all;
        }
        return all.stream()
                .filter(each -> tutorial.equals(Integer.toString(each.number())))
                .findFirst()
                .map(List::of)
                .orElseThrow(() ->
                        new CommandFailure("tutorial '" + tutorial + "' is not available; there are 1, 2, 3 and all"));
    }

    private Set<String> selected(List<Tutorial> tutorials) {
        Set<String> ids = new LinkedHashSet<>();
        tutorials.forEach(each -> ids.addAll(each.ids()));
        if (only == null) {
            return ids;
        }
        for (String id : only) {
            if (!ids.contains(id)) {
                throw new CommandFailure("--only: no experiment '" + id + "' in tutorial " + tutorial + "; there are "
                        + String.join(", ", ids));
            }
        }
        return new LinkedHashSet<>(only);
    }

    private void requireRanges() {
        if (epochs != null && epochs < 0) {
            throw new CommandFailure("--epochs is " + epochs + " but must be 0 or more");
        }
        if (epochs != null && quick) {
            throw new CommandFailure("--epochs and --quick both set the number of epochs; give one of them");
        }
    }

    private Optional<Map<String, Tensor>> weights(List<Tutorial> tutorials) {
        if (reference == null) {
            return Optional.empty();
        }
        if (tutorials.stream().noneMatch(each -> each.number() == 3)) {
            throw new CommandFailure("--reference belongs to tutorial 3; leave it out or run 3 or all");
        }
        try {
            Map<String, Tensor> weights = Safetensors.read(reference);
            Tutorial3.requireReference(weights);
            return Optional.of(weights);
        } catch (SafetensorsException unusable) {
            throw new CommandFailure("--reference: " + unusable.getMessage(), unusable);
        } catch (IllegalArgumentException misfit) {
            throw new CommandFailure("--reference " + reference + ": " + misfit.getMessage(), misfit);
        }
    }
}

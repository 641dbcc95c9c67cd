package org.gradus.examples.cli;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.gradus.examples.run.Console;
import org.gradus.examples.run.ImageSets;
import org.gradus.examples.run.JsonFile;
import org.gradus.examples.tutorial.Notebook;
import org.gradus.examples.tutorial.Tutorial1;
import org.gradus.mnist.Mnist;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code gradus tutorial}: the experiments of an autoencoder tutorial. */
@Command(
        name = "tutorial",
        mixinStandardHelpOptions = true,
        description = "Runs the training experiments of a tutorial and checks its conclusions.")
final class TutorialCommand implements Callable<Integer> {

    private final Console console;

    @Parameters(paramLabel = "1", arity = "1", description = "Number of the tutorial.")
    private String tutorial = "";

    @Option(
            names = "--only",
            paramLabel = "ID,ID",
            split = ",",
            description = "Run only these experiments, such as T1.B1,T1.B3 (default: all).")
    private @Nullable List<String> only;

    @Option(names = "--seed", paramLabel = "N", description = "Seed of both random streams (default: 0).")
    private long seed;

    @Option(names = "--epochs", paramLabel = "N", description = "Epochs of every run (default: as published).")
    private @Nullable Integer epochs;

    @Mixin
    private EngineOptions engine = new EngineOptions();

    @Mixin
    private JsonOption json = new JsonOption();

    TutorialCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        if (!tutorial.equals("1")) {
            throw new CommandFailure("tutorial '" + tutorial + "' is not available; this version has tutorial 1");
        }
        Set<String> selected = selected(Tutorial1.ids());
        Seeds.require(seed);
        if (epochs != null && epochs < 0) {
            throw new CommandFailure("--epochs is " + epochs + " but must be 0 or more");
        }
        Optional<JsonFile> file = json.file();
        engine.setProperties();
        EngineOptions.start();

        Notebook notebook = new Notebook(console, ImageSets.of(Mnist.load()), seed);
        if (epochs != null) {
            notebook.shorten(epochs);
        }
        Tutorial1.run(notebook, selected);
        JsonOption.write(file, notebook::writeTo);
        return 0;
    }

    private Set<String> selected(List<String> ids) {
        if (only == null) {
            return new LinkedHashSet<>(ids);
        }
        for (String id : only) {
            if (!ids.contains(id)) {
                throw new CommandFailure("--only: no experiment '" + id + "' in tutorial " + tutorial + "; there are "
                        + String.join(", ", ids));
            }
        }
        return new LinkedHashSet<>(only);
    }
}

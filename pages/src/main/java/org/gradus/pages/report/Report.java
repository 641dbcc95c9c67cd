package org.gradus.pages.report;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.gradus.io.AtomicFile;
import org.gradus.plots.FigureFile;

/**
 * A report in a folder: {@code index.html}, a page per tutorial, and what they need, all opened from disk without a network.
 * Every file is the old or the new one, never half.
 *
 * <pre>{@code
 * Report report = new Report(Path.of("report"));
 * Figures figures = new Figures(report.figures());
 * report.tutorial(1, "Single-layer autoencoders", "...", experiments);
 * report.index(new RunSummary("all", 300, OptionalDouble.of(900), 0, "JDK 25, vector kernels, 2 threads"));
 * }</pre>
 */
public final class Report {

    private static final Pattern PAGE = Pattern.compile("tutorial([0-9]{1,4})\\.html");

    /** Ids become parts of file names and of addresses. */
    private static final Pattern ID = Pattern.compile("[A-Za-z][A-Za-z0-9.-]*");

    private final Path folder;
    private final SortedMap<Integer, IndexPage.Listed> listed = new TreeMap<>();

    /**
     * A report, nothing yet written but its folders.
     *
     * @param folder where; created if missing
     * @throws IOException if it cannot be created
     */
    public Report(Path folder) throws IOException {
        this.folder = folder;
        for (Path part : List.of(figures(), assets())) {
            try {
                Files.createDirectories(part);
            } catch (IOException failed) {
                throw new IOException(
                        "report: cannot create folder " + part + "; name a folder that can be written", failed);
            }
        }
    }

    /**
     * The folder that figures are looked for in.
     *
     * @return {@code figures} in the report's folder; it exists
     */
    public Path figures() {
        return folder.resolve("figures");
    }

    private Path assets() {
        return folder.resolve("assets");
    }

    /**
     * Writes the page of a tutorial.
     *
     * @param number of the tutorial, from 1
     * @param title of the tutorial
     * @param introduction what it is about, plain text; a blank line starts a paragraph
     * @param experiments in the order they are shown
     * @throws IOException if a file cannot be written, or a figure's is missing
     * @throws IllegalArgumentException if two experiments share an id, an id has other characters than letters, digits, dots
     *     and hyphens, or a decoder cannot be computed by the explorer
     */
    public void tutorial(int number, String title, String introduction, List<ExperimentReport> experiments)
            throws IOException {
        requireIds(experiments.stream().map(ExperimentReport::id).toList());
        List<Section> sections = new ArrayList<>();
        for (ExperimentReport experiment : experiments) {
            sections.add(section(experiment));
        }
        page(number, title, introduction, sections);
    }

    /**
     * Writes what belongs to an experiment, such as its decoder for the explorer, but no page yet.
     *
     * @param experiment what its page says
     * @return its section for {@link #page}
     * @throws IOException if a file cannot be written, or a figure's is missing
     * @throws IllegalArgumentException if the id has other characters than letters, digits, dots and hyphens, or a decoder
     *     cannot be computed by the explorer
     */
    public Section section(ExperimentReport experiment) throws IOException {
        String id = experiment.id();
        requireIds(List.of(id));
        requireFigures(experiment);
        List<String> files = new ArrayList<>();
        experiment.figures().forEach(figure -> {
            files.add("figures/" + figure.png());
            files.add("figures/" + figure.svg());
        });
        if (experiment.cloud().isPresent()) {
            String name = id + "-cloud.js";
            write(assets().resolve(name), PageScript.of(id, experiment.cloud().get()));
            files.add("assets/" + name);
        }
        if (experiment.explorer().isPresent()) {
            String name = id + "-explorer.js";
            write(
                    assets().resolve(name),
                    PageScript.of(id, experiment.explorer().get()));
            files.add("assets/" + name);
        }
        return new Section(
                id,
                experiment.title(),
                SectionContent.of(experiment),
                experiment.cloud().isPresent(),
                experiment.explorer().isPresent(),
                files,
                experiment.checks());
    }

    /**
     * Whether all files are there that a section refers to, so that it can be shown again.
     *
     * @param section of this report, of now or earlier
     * @return false if one is missing
     */
    public boolean isWhole(Section section) {
        return section.files().stream().allMatch(file -> Files.isRegularFile(folder.resolve(file)));
    }

    /**
     * Writes the page of a tutorial from its sections.
     *
     * @param number of the tutorial, from 1
     * @param title of the tutorial
     * @param introduction what it is about, plain text; a blank line starts a paragraph
     * @param sections in the order they are shown, made by {@link #section} now or earlier
     * @throws IOException if a file cannot be written
     * @throws IllegalArgumentException if two experiments share an id
     */
    public void page(int number, String title, String introduction, List<Section> sections) throws IOException {
        requireIds(sections.stream().map(Section::id).toList());
        Assets.copyOwn(assets());
        if (sections.stream().anyMatch(Section::cloud)) {
            Assets.copyPlotly(assets());
        }
        write(folder.resolve(pageName(number)), new TutorialPage(number, title, sections).html(introduction));
        listed.put(number, new IndexPage.Listed(title, List.copyOf(sections)));
    }

    /**
     * Lists a page of an earlier run in the index as if it had been written now, if it is still there.
     *
     * @param number of the tutorial, from 1
     * @param title of the tutorial
     * @param sections what the page holds
     */
    public void earlierPage(int number, String title, List<Section> sections) {
        if (Files.isRegularFile(folder.resolve(pageName(number)))) {
            listed.put(number, new IndexPage.Listed(title, List.copyOf(sections)));
        }
    }

    private static String pageName(int number) {
        return "tutorial" + number + ".html";
    }

    private static void write(Path target, String text) throws IOException {
        AtomicFile.at(target).write(out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static void requireIds(List<String> experiments) {
        Set<String> ids = new HashSet<>();
        for (String id : experiments) {
            if (!ID.matcher(id).matches()) {
                throw new IllegalArgumentException("report: id '" + id
                        + "' may only have letters, digits, dots and hyphens, and starts with a letter");
            }
            if (!ids.add(id)) {
                throw new IllegalArgumentException("report: two experiments have the id " + id + "; ids must differ");
            }
        }
    }

    private void requireFigures(ExperimentReport experiment) throws IOException {
        for (FigureFile figure : experiment.figures()) {
            for (String name : List.of(figure.png(), figure.svg())) {
                Path file = figures().resolve(name);
                if (!Files.isRegularFile(file)) {
                    throw new IOException("report: figure " + file + " of " + experiment.id()
                            + " is missing; write figures before the page");
                }
            }
        }
    }

    /**
     * Whether there is an index, of this or an earlier run. Every page leads to it, so it is best written before the first.
     *
     * @return true if {@code index.html} lies in the folder
     */
    public boolean hasIndex() {
        return Files.isRegularFile(folder.resolve("index.html"));
    }

    /**
     * Writes {@code index.html}, which leads to the pages written before, and to those of earlier runs in this folder.
     *
     * @param summary how they came to be
     * @throws IOException if the file cannot be written
     */
    public void index(RunSummary summary) throws IOException {
        Assets.copyOwn(assets());
        SortedSet<Integer> earlier = pagesInFolder();
        earlier.removeAll(listed.keySet());
        write(folder.resolve("index.html"), new IndexPage(listed, earlier).html(summary));
    }

    private SortedSet<Integer> pagesInFolder() throws IOException {
        SortedSet<Integer> numbers = new TreeSet<>();
        try (Stream<Path> files = Files.list(folder)) {
            files.map(file -> PAGE.matcher(file.getFileName().toString()))
                    .filter(Matcher::matches)
                    .forEach(page -> numbers.add(Integer.valueOf(page.group(1))));
        }
        return numbers;
    }
}

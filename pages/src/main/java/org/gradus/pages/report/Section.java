package org.gradus.pages.report;

import java.util.List;

/**
 * What pages hold about an experiment: enough to write its page again without running it again.
 *
 * @param id such as {@code T1.3}
 * @param title in a few words
 * @param content markup between its heading and its conclusions
 * @param cloud whether it has an interactive 3-D plot
 * @param explorer whether it has a decoder to walk through
 * @param files what the markup refers to: paths relative to the report's folder, with {@code /}
 * @param checks conclusions with their numbers
 */
public record Section(
        String id,
        String title,
        String content,
        boolean cloud,
        boolean explorer,
        List<String> files,
        List<Check> checks) {

    /** Copies the lists. */
    public Section {
        files = List.copyOf(files);
        checks = List.copyOf(checks);
    }

    /**
     * The same with other conclusions.
     *
     * @param others in their place
     * @return a new section
     */
    public Section with(List<Check> others) {
        return new Section(id, title, content, cloud, explorer, files, others);
    }
}

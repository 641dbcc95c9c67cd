package org.gradus.pages.report;

import java.util.List;

/**
 * A table of formatted numbers, such as losses per epoch beside those of the deck and of PyTorch.
 *
 * @param header column titles; the first column names the rows
 * @param rows cells, each row as long as the header; empty where there is no value
 * @param remark what the table shows, such as the largest difference; may be empty
 */
public record TableText(List<String> header, List<List<String>> rows, String remark) {

    /**
     * Copies the lists.
     *
     * @throws IllegalArgumentException if a row is longer or shorter than the header
     */
    public TableText {
        header = List.copyOf(header);
        rows = rows.stream().map(List::copyOf).toList();
        for (int r = 0; r < rows.size(); r++) {
            if (rows.get(r).size() != header.size()) {
                throw new IllegalArgumentException(
                        "table: row " + r + " has " + rows.get(r).size() + " cells, its header " + header.size()
                                + "; fill missing values with empty text");
            }
        }
    }
}

package org.gradus.pages.explain;

/**
 * What a page is about.
 *
 * @param net the network as it was asked for
 * @param weights where its first weights come from, such as {@code seed 0}
 * @param index of the image in the training set
 * @param label its digit
 * @param rows of the image
 * @param columns of the image
 * @param step which optimiser step on this image, from 1
 */
public record Subject(String net, String weights, int index, int label, int rows, int columns, long step) {

    int pixels() {
        return rows * columns;
    }
}

package org.gradus.plots;

/**
 * A figure that was written.
 *
 * @param name file name without ending: {@code name.png} and {@code name.svg} lie in the folder of {@link Figures}
 * @param title what the figure is called
 * @param altText what it shows, for readers who cannot see it
 * @param width in CSS pixels; the PNG has twice as many
 * @param height in CSS pixels; the PNG has twice as many
 */
public record FigureFile(String name, String title, String altText, int width, int height) {

    /**
     * The bitmap.
     *
     * @return its file name
     */
    public String png() {
        return name + ".png";
    }

    /**
     * The vector graphic.
     *
     * @return its file name
     */
    public String svg() {
        return name + ".svg";
    }
}

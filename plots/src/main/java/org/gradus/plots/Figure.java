package org.gradus.plots;

import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.gradus.autograd.Printable;
import org.gradus.io.AtomicFile;

/** A figure in memory, made by {@link Plot}: a bitmap of twice the resolution and a vector graphic, painted by the same code. */
public final class Figure {

    /** Pixels of a bitmap per CSS pixel. */
    private static final int RESOLUTION = 2;

    private final String title;
    private final String altText;
    private final Painting painting;

    Figure(String title, String altText, Painting painting) {
        this.title = title;
        this.altText = altText;
        this.painting = painting;
    }

    /**
     * What the figure is called.
     *
     * @return as it was given
     */
    public String title() {
        return title;
    }

    /**
     * What the figure shows, for readers who cannot see it.
     *
     * @return a few sentences
     */
    public String altText() {
        return altText;
    }

    /**
     * The figure's width.
     *
     * @return CSS pixels; bitmaps have twice as many
     */
    public int width() {
        return painting.width();
    }

    /**
     * The figure's height.
     *
     * @return CSS pixels; bitmaps have twice as many
     */
    public int height() {
        return painting.height();
    }

    /**
     * Paints the figure.
     *
     * @return a new image, RGB
     */
    public BufferedImage image() {
        BufferedImage image =
                new BufferedImage(RESOLUTION * width(), RESOLUTION * height(), BufferedImage.TYPE_INT_RGB);
        Graphics2D surface = image.createGraphics();
        try {
            surface.scale(RESOLUTION, RESOLUTION);
            paint(Pen.onBitmap(surface));
        } finally {
            surface.dispose();
        }
        return image;
    }

    /**
     * The figure as a PNG file.
     *
     * @return its bytes
     */
    public byte[] png() {
        return Png.encode(image());
    }

    /**
     * The figure as an SVG document that refers to nothing outside it.
     *
     * @return its text
     */
    public String svg() {
        return new String(svgBytes(), StandardCharsets.UTF_8);
    }

    private byte[] svgBytes() {
        SvgSurface surface = SvgSurface.of(width(), height());
        paint(Pen.onSvg(surface));
        return surface.toBytes(title, altText);
    }

    private void paint(Pen pen) {
        pen.fill(Look.PAPER, 0, 0, width(), height());
        painting.content().accept(pen);
    }

    /**
     * Writes {@link #png}; the file is either the old or the new one, never half.
     *
     * @param file where; its folder is made if it does not exist
     * @throws UncheckedIOException with one line that names the file, if it cannot be written
     */
    public void writePng(Path file) {
        write(file, png());
    }

    /**
     * Writes {@link #svg} in UTF-8; the file is either the old or the new one, never half.
     *
     * @param file where; its folder is made if it does not exist
     * @throws UncheckedIOException with one line that names the file, if it cannot be written
     */
    public void writeSvg(Path file) {
        write(file, svgBytes());
    }

    /** Both, when both have been painted. */
    FigureFile writeBoth(Path folder, String name) {
        byte[] png = png();
        byte[] svg = svgBytes();
        FigureFile file = new FigureFile(name, title, altText, width(), height());
        write(folder.resolve(file.png()), png);
        write(folder.resolve(file.svg()), svg);
        return file;
    }

    private static void write(Path file, byte[] content) {
        Path folder = file.getParent();
        try {
            if (folder != null) {
                Files.createDirectories(folder);
            }
            AtomicFile.at(file).write(out -> out.write(content));
        } catch (FileSystemException noFolder) {
            String line = "cannot write " + file + ": " + folder + " is no folder and cannot be made; name another";
            throw new UncheckedIOException(line, new IOException(line, noFolder));
        } catch (IOException failed) {
            throw new UncheckedIOException(String.valueOf(failed.getMessage()), failed);
        }
    }

    /** The title and what the figure shows, on one line. */
    @Override
    public String toString() {
        return Printable.text(title + " (" + width() + " x " + height() + "): " + altText);
    }
}

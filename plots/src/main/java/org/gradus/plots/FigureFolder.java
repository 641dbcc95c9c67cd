package org.gradus.plots;

import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.gradus.io.AtomicFile;

/** Where figures are written. */
final class FigureFolder {

    /** Pixels of a PNG per CSS pixel. */
    private static final int RESOLUTION = 2;

    private final Path folder;

    FigureFolder(Path folder) {
        this.folder = folder;
    }

    /** Paints a figure twice, as PNG and as SVG. Neither file is ever there half. */
    FigureFile write(String name, String title, String altText, Painting painting) {
        byte[] png = png(painting);
        byte[] svg = svg(title, altText, painting);
        write(name + ".png", png);
        write(name + ".svg", svg);
        return new FigureFile(name, title, altText, painting.width(), painting.height());
    }

    private static byte[] png(Painting painting) {
        BufferedImage image = new BufferedImage(
                RESOLUTION * painting.width(), RESOLUTION * painting.height(), BufferedImage.TYPE_INT_RGB);
        Graphics2D surface = image.createGraphics();
        try {
            surface.scale(RESOLUTION, RESOLUTION);
            paint(painting, Pen.onBitmap(surface));
        } finally {
            surface.dispose();
        }
        return Png.encode(image);
    }

    private static byte[] svg(String title, String altText, Painting painting) {
        SvgSurface surface = SvgSurface.of(painting.width(), painting.height());
        paint(painting, Pen.onSvg(surface));
        return surface.toBytes(title, altText);
    }

    private static void paint(Painting painting, Pen pen) {
        pen.fill(Look.PAPER, 0, 0, painting.width(), painting.height());
        painting.content().accept(pen);
    }

    private void write(String fileName, byte[] content) {
        Path target = folder.resolve(fileName);
        try {
            Files.createDirectories(folder);
            AtomicFile.at(target).write(out -> out.write(content));
        } catch (FileSystemException noFolder) {
            String line = "cannot write " + target + ": " + folder + " is no folder and cannot be made; name another";
            throw new UncheckedIOException(line, new IOException(line, noFolder));
        } catch (IOException failed) {
            throw new UncheckedIOException(String.valueOf(failed.getMessage()), failed);
        }
    }
}

package org.gradus.examples.figures;

import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

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
        Path temporary =
                folder.resolve("." + fileName + "." + ProcessHandle.current().pid() + ".tmp");
        try {
            Files.createDirectories(folder);
            try {
                Files.write(temporary, content);
                Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(temporary);
            }
        } catch (IOException failed) {
            String why = failed instanceof FileSystemException system && system.getReason() != null
                    ? system.getReason()
                    : failed.getClass().getSimpleName();
            String line = "cannot write figure " + target + ": " + why + "; name another folder";
            throw new UncheckedIOException(line, new IOException(line, failed));
        }
    }
}

package org.gradus.mnist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MnistFolderTest {

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void readsAnyCountsAndSizes(boolean compressed) throws IOException {
        IdxBytes.writeSmallSet(folder, compressed);
        Mnist set = Mnist.load(folder);
        assertThat(set.train()).hasToString("3 images of 2x2");
        assertThat(set.train().labels()).containsExactly(7, 0, 9);
        assertThat(set.train().pixels()).startsWith(0, 37, 74, 111, 148, 185);
        assertThat(set.test()).hasToString("2 images of 2x2");
        assertThat(set.test().labels()).containsExactly(1, 1);
    }

    @Test
    void plainAndCompressedMayBeMixedAndPlainWins() throws IOException {
        IdxBytes.writeSmallSet(folder, true);
        IdxBytes.write(folder.resolve("t10k-labels-idx1-ubyte"), IdxBytes.labels(4, 5));
        assertThat(Mnist.load(folder).test().labels()).containsExactly(4, 5);
    }

    @Test
    void missingFolder() {
        Path none = folder.resolve("none");
        assertMessage(
                none,
                "data folder " + none
                        + " does not exist; give the folder that holds train-images-idx3-ubyte and its three"
                        + " companions, plain or .gz");
    }

    @Test
    void fileInPlaceOfFolder() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        assertMessage(
                file,
                "data folder " + file
                        + " is not a folder; give the folder that holds train-images-idx3-ubyte and its three"
                        + " companions, plain or .gz");
    }

    @Test
    void missingFilesAreAllListed() throws IOException {
        IdxBytes.writeSmallSet(folder, true);
        Files.delete(folder.resolve("train-labels-idx1-ubyte.gz"));
        Files.delete(folder.resolve("t10k-images-idx3-ubyte.gz"));
        assertMessage(
                folder,
                "data folder " + folder + " lacks 2 of the 4 MNIST files; looked for train-labels-idx1-ubyte,"
                        + " t10k-images-idx3-ubyte, each also with .gz; put them there or name another folder");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".gz"})
    void folderInPlaceOfFile(String suffix) throws IOException {
        IdxBytes.writeSmallSet(folder, !suffix.isEmpty());
        Path file = folder.resolve("train-images-idx3-ubyte" + suffix);
        Files.delete(file);
        Files.createDirectory(file);
        assertMessage(
                folder, file + ": is a folder, expected an IDX file of images; if the file is inside, move it up");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".gz"})
    void countsOfImagesAndLabelsDiffer(String suffix) throws IOException {
        IdxBytes.writeSmallSet(folder, !suffix.isEmpty());
        Path images = folder.resolve("train-images-idx3-ubyte" + suffix);
        Path labels = IdxBytes.write(folder.resolve("train-labels-idx1-ubyte" + suffix), IdxBytes.labels(1, 2));
        assertMessage(
                folder,
                images + ": holds 3 images but " + labels
                        + " holds 2 labels; use an image and a label file of one data set");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".gz"})
    void labelsAboveNine(String suffix) throws IOException {
        IdxBytes.writeSmallSet(folder, !suffix.isEmpty());
        Path labels = IdxBytes.write(folder.resolve("t10k-labels-idx1-ubyte" + suffix), IdxBytes.labels(9, 255));
        assertMessage(
                folder,
                labels + ": label 1 is 255, expected a digit 0..9; the file is damaged or belongs to another data set");
    }

    @Test
    void trainingAndTestImagesDifferInSize() throws IOException {
        IdxBytes.writeSmallSet(folder, false);
        Path test = IdxBytes.write(folder.resolve("t10k-images-idx3-ubyte"), IdxBytes.images(2, 2, 3));
        assertMessage(
                folder,
                test + ": images are 2x3 but those of " + folder.resolve("train-images-idx3-ubyte")
                        + " are 2x2; use training and test files of one data set");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".gz"})
    void swappedImageAndLabelFiles(String suffix) throws IOException {
        IdxBytes.writeSmallSet(folder, !suffix.isEmpty());
        Path images = folder.resolve("train-images-idx3-ubyte" + suffix);
        Path labels = folder.resolve("train-labels-idx1-ubyte" + suffix);
        Path aside = folder.resolve("aside");
        Files.move(images, aside);
        Files.move(labels, images);
        Files.move(aside, labels);
        assertMessage(
                folder,
                images + ": wrong magic 0x00000801, expected 0x00000803 (images): it is a file of labels;"
                        + " were the image and the label file swapped?");
    }

    private static void assertMessage(Path folder, String message) {
        assertThatExceptionOfType(IdxException.class)
                .isThrownBy(() -> Mnist.load(folder))
                .withMessage(message);
    }
}

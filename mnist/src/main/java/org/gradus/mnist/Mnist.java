package org.gradus.mnist;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A training and a test set of handwritten digits, all images of one size.
 *
 * <p>Four IDX files make up such a set: {@code train-images-idx3-ubyte}, {@code train-labels-idx1-ubyte},
 * {@code t10k-images-idx3-ubyte} and {@code t10k-labels-idx1-ubyte}. Each may be compressed with gzip, its name then
 * ends in {@code .gz}.
 *
 * @param train the images to learn from; 60,000 in MNIST
 * @param test the images to judge by; 10,000 in MNIST
 */
public record Mnist(LabelledImages train, LabelledImages test) {

    private static final String TRAIN_IMAGES = "train-images-idx3-ubyte";
    private static final String TRAIN_LABELS = "train-labels-idx1-ubyte";
    private static final String TEST_IMAGES = "t10k-images-idx3-ubyte";
    private static final String TEST_LABELS = "t10k-labels-idx1-ubyte";

    /**
     * Joins the two sets.
     *
     * @throws IllegalArgumentException if their images differ in size
     */
    public Mnist {
        if (train.rows() != test.rows() || train.columns() != test.columns()) {
            throw new IllegalArgumentException("Mnist: training images are " + size(train) + " but test images are "
                    + size(test) + "; both must have one size");
        }
    }

    /**
     * Reads the bundled MNIST set: 60,000 + 10,000 images of 28x28. Each call decodes it anew, into about 55 MB.
     *
     * @return the complete set in its classic order
     */
    public static Mnist load() {
        try {
            return new Mnist(
                    pair(
                            TRAIN_IMAGES,
                            bundled(IdxFile.Kind.IMAGES, TRAIN_IMAGES),
                            TRAIN_LABELS,
                            bundled(IdxFile.Kind.LABELS, TRAIN_LABELS)),
                    pair(
                            TEST_IMAGES,
                            bundled(IdxFile.Kind.IMAGES, TEST_IMAGES),
                            TEST_LABELS,
                            bundled(IdxFile.Kind.LABELS, TEST_LABELS)));
        } catch (IOException e) {
            throw new AssertionError("the bundled MNIST set is damaged: " + e.getMessage(), e);
        }
    }

    /**
     * Reads a set from a folder that holds the four files under their classic names, each plain or with {@code .gz}.
     * Where both are there, the plain one is read. Counts and image size are whatever the files say.
     *
     * @param folder the folder itself, not its parent
     * @return the set
     * @throws IdxException if the folder or one of the files is missing, unreadable or damaged, if images and labels
     *     differ in number, if training and test images differ in size, or if a label is not a digit
     */
    public static Mnist load(Path folder) throws IdxException {
        if (!Files.isDirectory(folder)) {
            throw new IdxException("data folder " + folder
                    + (Files.exists(folder) ? " is not a folder" : " does not exist")
                    + "; give the folder that holds " + TRAIN_IMAGES + " and its three companions, plain or .gz");
        }
        if (!Files.isExecutable(folder)) {
            throw new IdxException("data folder " + folder + " cannot be opened; check its permissions");
        }
        requireAll(folder);
        Path trainImages = locate(folder, TRAIN_IMAGES);
        Path trainLabels = locate(folder, TRAIN_LABELS);
        Path testImages = locate(folder, TEST_IMAGES);
        Path testLabels = locate(folder, TEST_LABELS);
        LabelledImages train = pair(
                trainImages.toString(),
                IdxFile.readImages(trainImages),
                trainLabels.toString(),
                IdxFile.readLabels(trainLabels));
        LabelledImages test = pair(
                testImages.toString(),
                IdxFile.readImages(testImages),
                testLabels.toString(),
                IdxFile.readLabels(testLabels));
        if (train.rows() != test.rows() || train.columns() != test.columns()) {
            throw new IdxException(testImages + ": images are " + size(test) + " but those of " + trainImages + " are "
                    + size(train) + "; use training and test files of one data set");
        }
        return new Mnist(train, test);
    }

    private static void requireAll(Path folder) throws IdxException {
        List<String> missing = new ArrayList<>();
        for (String name : List.of(TRAIN_IMAGES, TRAIN_LABELS, TEST_IMAGES, TEST_LABELS)) {
            if (!Files.exists(locate(folder, name))) {
                missing.add(name);
            }
        }
        if (!missing.isEmpty()) {
            throw new IdxException("data folder " + folder + " lacks " + missing.size()
                    + " of the 4 MNIST files; looked for " + String.join(", ", missing)
                    + ", each also with .gz; put them there or name another folder");
        }
    }

    /** The plain file if there is something of that name, else the compressed one. */
    private static Path locate(Path folder, String name) {
        Path plain = folder.resolve(name);
        return Files.exists(plain) ? plain : folder.resolve(name + ".gz");
    }

    private static IdxFile bundled(IdxFile.Kind kind, String name) throws IOException {
        String resource = name + ".gz";
        try (InputStream in = Mnist.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new AssertionError("the bundled MNIST set is incomplete: resource " + resource + " is missing");
            }
            return IdxFile.readGzip(kind, resource, in, Long.MAX_VALUE);
        }
    }

    private static LabelledImages pair(String imageFile, IdxFile images, String labelFile, IdxFile labels)
            throws IdxException {
        int[] shape = images.shape();
        byte[] digits = labels.data();
        if (shape[0] != digits.length) {
            throw new IdxException(imageFile + ": holds " + shape[0] + " images but " + labelFile + " holds "
                    + digits.length + " labels; use an image and a label file of one data set");
        }
        int bad = LabelledImages.indexOfNonDigit(digits);
        if (bad >= 0) {
            throw new IdxException(labelFile + ": label " + bad + " is " + (digits[bad] & 0xFF)
                    + ", expected a digit 0..9; the file is damaged or belongs to another data set");
        }
        return new LabelledImages(shape[1], shape[2], images.data(), digits);
    }

    private static String size(LabelledImages images) {
        return images.rows() + "x" + images.columns();
    }
}

package org.gradus.mnist;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The bundled set against the published facts about MNIST. */
class MnistTest {

    private static Mnist mnist;

    @BeforeAll
    static void load() {
        mnist = Mnist.load();
    }

    /** MD5 of the uncompressed files are the classic ones; SHA-256 pin the compressed resources. */
    @ParameterizedTest
    @CsvSource({
        "train-images-idx3-ubyte, 6bbc9ace898e44ae57da46a324031adb,"
                + " 0b367032e93c5d0cea0925647cfdb18614af8ee15f83e6f2fc2ad904a6835971",
        "train-labels-idx1-ubyte, a25bea736e30d166cdddb491f175f624,"
                + " 1787548bbe0bff1ec2ecdc0ef292b02df999e2d1a6002d27500982c652b17203",
        "t10k-images-idx3-ubyte, 2646ac647ad5339dbf082846283269ea,"
                + " 1a1a05eab793c14bb050b398624a11b0ffd1a2953baed553b1b9bd079e2a20be",
        "t10k-labels-idx1-ubyte, 27ae3e4e09519cfbb04c329615203637,"
                + " b91679a0acfe4ba0e50a2437a903084cba1f5f92592b016a25a7dfd00455798b",
    })
    void bundledFilesAreTheClassicOnes(String name, String md5, String sha256) throws Exception {
        byte[] compressed;
        try (InputStream in = Mnist.class.getResourceAsStream(name + ".gz")) {
            assertThat(in).isNotNull();
            compressed = in.readAllBytes();
        }
        assertThat(digest("SHA-256", compressed)).isEqualTo(sha256);
        byte[] uncompressed = new GZIPInputStream(new ByteArrayInputStream(compressed)).readAllBytes();
        assertThat(digest("MD5", uncompressed)).isEqualTo(md5);
    }

    /** What was decoded, put behind the header again, has the classic MD5 as well. */
    @Test
    void decodedArraysAreTheClassicFiles() throws Exception {
        assertThat(imageFileMd5(mnist.train())).isEqualTo("6bbc9ace898e44ae57da46a324031adb");
        assertThat(imageFileMd5(mnist.test())).isEqualTo("2646ac647ad5339dbf082846283269ea");
        assertThat(labelFileMd5(mnist.train())).isEqualTo("a25bea736e30d166cdddb491f175f624");
        assertThat(labelFileMd5(mnist.test())).isEqualTo("27ae3e4e09519cfbb04c329615203637");
    }

    @Test
    void sizes() {
        assertThat(mnist.train()).hasToString("60000 images of 28x28");
        assertThat(mnist.test()).hasToString("10000 images of 28x28");
        assertThat(mnist.train().pixelsPerImage()).isEqualTo(784);
        assertThat(mnist.train().pixels()).hasSize(60_000 * 784);
        assertThat(mnist.test().pixels()).hasSize(10_000 * 784);
    }

    @Test
    void countsPerClass() {
        assertThat(mnist.train().countPerClass())
                .containsExactly(5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949);
        assertThat(mnist.test().countPerClass()).containsExactly(980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009);
    }

    /** The first ten labels of each file, as every tutorial on MNIST prints them. */
    @Test
    void firstLabels() {
        assertThat(mnist.train().labels()).startsWith(5, 0, 4, 1, 9, 2, 1, 3, 1, 4);
        assertThat(mnist.test().labels()).startsWith(7, 2, 1, 0, 4, 1, 4, 9, 5, 9);
        assertThat(mnist.test().label(0)).isEqualTo(7);
    }

    /** MD5 of {@code (x.astype(numpy.float32) / 255).astype('<f4').tobytes()}, computed with NumPy 2.4.6. */
    @Test
    void floatsEqualNumPyBitForBit() throws Exception {
        assertThat(floatsMd5(mnist.train())).isEqualTo("b2729eb00932bc19cebaf4c17889f191");
        assertThat(floatsMd5(mnist.test())).isEqualTo("1f64b2b2cf7c3bf471d6fcb375e031fb");
    }

    private static String imageFileMd5(LabelledImages images) throws NoSuchAlgorithmException {
        int[] sizes = {images.count(), images.rows(), images.columns()};
        return digest("MD5", IdxBytes.file(IdxBytes.IMAGES, sizes, images.pixels()));
    }

    private static String labelFileMd5(LabelledImages images) throws NoSuchAlgorithmException {
        return digest("MD5", IdxBytes.file(IdxBytes.LABELS, new int[] {images.count()}, images.labels()));
    }

    private static String floatsMd5(LabelledImages images) throws NoSuchAlgorithmException {
        MessageDigest md5 = MessageDigest.getInstance("MD5");
        float[] floats = images.toFloats();
        ByteBuffer image = ByteBuffer.allocate(4 * images.pixelsPerImage()).order(ByteOrder.LITTLE_ENDIAN);
        for (int from = 0; from < floats.length; from += images.pixelsPerImage()) {
            image.asFloatBuffer().put(floats, from, images.pixelsPerImage());
            md5.update(image.array());
        }
        return HexFormat.of().formatHex(md5.digest());
    }

    private static String digest(String algorithm, byte[] bytes) throws NoSuchAlgorithmException {
        return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(bytes));
    }
}

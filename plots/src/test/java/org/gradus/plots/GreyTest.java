package org.gradus.plots;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class GreyTest {

    private static final int BLACK = 0xff000000;
    private static final int WHITE = 0xffffffff;

    @Test
    void leastIsBlackAndGreatestWhite() {
        float[] pixels = new float[784];
        pixels[0] = -3;
        pixels[29] = 5;

        BufferedImage image = Grey.image(pixels);

        assertThat(image.getWidth()).isEqualTo(28);
        assertThat(image.getHeight()).isEqualTo(28);
        assertThat(image.getRGB(0, 0)).isEqualTo(BLACK);
        assertThat(image.getRGB(1, 1)).isEqualTo(WHITE);
        // 0 is 3 / 8 of the way: 256 * 3 / 8 = 96.
        assertThat(image.getRGB(2, 2)).isEqualTo(0xff606060);
    }

    @Test
    void everyImageHasAScaleOfItsOwn() {
        float[] faint = new float[784];
        faint[0] = 0.001f;

        assertThat(Grey.image(faint).getRGB(0, 0)).isEqualTo(WHITE);
    }

    @Test
    void constantImageIsBlack() {
        float[] constant = new float[784];
        Arrays.fill(constant, 0.5f);

        assertThat(Grey.image(constant).getRGB(13, 13)).isEqualTo(BLACK);
    }

    /** Four images in two columns; the least and the greatest pixel lie in different ones. */
    @Test
    void mosaicHasOneScaleForAll() {
        float[][] images = new float[4][784];
        Arrays.fill(images[0], 1);
        Arrays.fill(images[1], 2);
        Arrays.fill(images[2], 3);
        Arrays.fill(images[3], 5);

        BufferedImage mosaic = Grey.mosaic(images, 2);

        assertThat(mosaic.getWidth()).isEqualTo(56);
        assertThat(mosaic.getHeight()).isEqualTo(56);
        assertThat(mosaic.getRGB(27, 27)).isEqualTo(BLACK);
        assertThat(mosaic.getRGB(28, 0)).isEqualTo(0xff404040);
        assertThat(mosaic.getRGB(0, 28)).isEqualTo(0xff808080);
        assertThat(mosaic.getRGB(55, 55)).isEqualTo(WHITE);
    }

    @Test
    void pixelsMustBe784AndFinite() {
        assertThatThrownBy(() -> Grey.image(new float[783]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("an image of 783 pixels cannot be drawn; it must have 784, 28 x 28 row by row");
        float[] broken = new float[784];
        broken[5] = Float.NaN;
        assertThatThrownBy(() -> Grey.image(broken))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("pixel 5 of an image of 28 x 28 is NaN; only finite pixels can be drawn");
    }
}

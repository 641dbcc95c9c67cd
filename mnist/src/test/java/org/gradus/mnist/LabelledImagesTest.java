package org.gradus.mnist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigDecimal;
import java.math.MathContext;
import org.junit.jupiter.api.Test;

class LabelledImagesTest {

    private static final byte[] TWO_LABELS = {3, 9};

    @Test
    void holdsWhatItWasGiven() {
        byte[] pixels = new byte[12];
        LabelledImages images = new LabelledImages(2, 3, pixels, TWO_LABELS);
        assertThat(images.count()).isEqualTo(2);
        assertThat(images.rows()).isEqualTo(2);
        assertThat(images.columns()).isEqualTo(3);
        assertThat(images.pixelsPerImage()).isEqualTo(6);
        assertThat(images.pixels()).isSameAs(pixels);
        assertThat(images.labels()).isSameAs(TWO_LABELS);
        assertThat(images.label(1)).isEqualTo(9);
        assertThat(images.countPerClass()).containsExactly(0, 0, 0, 1, 0, 0, 0, 0, 0, 1);
        assertThat(images).hasToString("2 images of 2x3");
    }

    /** IEEE division rounds the exact quotient once, so the decimal quotient with ample digits gives every value. */
    @Test
    void floatsAreTheRoundedQuotients() {
        byte[] pixels = new byte[256];
        for (int v = 0; v < 256; v++) {
            pixels[v] = (byte) v;
        }
        LabelledImages image = new LabelledImages(16, 16, pixels, new byte[] {0});
        float[] floats = image.toFloats();
        assertThat(image.samples().count()).isEqualTo(1);
        assertThat(image.samples().toTensor().data()).isEqualTo(floats);
        for (int v = 0; v < 256; v++) {
            BigDecimal quotient = BigDecimal.valueOf(v).divide(BigDecimal.valueOf(255), new MathContext(40));
            assertThat(floats[v]).as("pixel %d", v).isEqualTo(Float.parseFloat(quotient.toString()));
        }
        assertThat(floats[255]).isEqualTo(1f);
    }

    @Test
    void refusesArraysThatDoNotFit() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new LabelledImages(2, 3, new byte[11], TWO_LABELS))
                .withMessage("LabelledImages: pixels [11] does not fit 2 labels: needs length 2 x 2 x 3");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new LabelledImages(0, 3, new byte[0], TWO_LABELS))
                .withMessage("LabelledImages: an image of 0x3 has no pixels; both sizes must be at least 1");
        // 65536 x 65536 is 0 in int arithmetic.
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new LabelledImages(65536, 65536, new byte[0], TWO_LABELS))
                .withMessageContaining("needs length 2 x 65536 x 65536");
    }

    @Test
    void refusesLabelsAboveNine() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new LabelledImages(1, 1, new byte[2], new byte[] {9, (byte) 200}))
                .withMessage("LabelledImages: labels[1] is 200, expected 0..9");
    }

    @Test
    void trainingAndTestImagesHaveOneSize() {
        LabelledImages small = new LabelledImages(1, 1, new byte[2], TWO_LABELS);
        LabelledImages wide = new LabelledImages(1, 2, new byte[4], TWO_LABELS);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Mnist(small, wide))
                .withMessage("Mnist: training images are 1x1 but test images are 1x2; both must have one size");
    }
}

package org.gradus.linalg;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.assertj.core.data.Offset;
import org.assertj.core.data.Percentage;
import org.gradus.autograd.Tensor;
import org.gradus.mnist.LabelledImages;
import org.gradus.mnist.Mnist;
import org.gradus.random.NumpyRandom;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Two components of all 60,000 training images, as scikit-learn finds them in double precision. */
class MnistTest {

    private static final ScikitLearn EXPECTED = ScikitLearn.mnist();

    private static Tensor train = Tensor.scalar(0);
    private static Tensor test = Tensor.scalar(0);
    private static byte[] labels = {};

    @BeforeAll
    static void load() {
        Mnist mnist = Mnist.load();
        train = matrix(mnist.train());
        test = matrix(mnist.test());
        labels = mnist.test().labels();
    }

    private static Tensor matrix(LabelledImages images) {
        return Tensor.matrix(images.count(), images.pixelsPerImage(), images.toFloats());
    }

    /** The bounds are 3 to 5 times the rounding to float of numbers of this size. */
    @Test
    void principalComponents() {
        ScikitLearn expected = EXPECTED.at("pca");
        Pca pca = Pca.fit(train, 2);
        double[] components = expected.numbers("components");
        double[] none = {};
        PcaTest.turn(components, none, 2, pca);
        Matrices.assertClose("components", pca.components().data(), components, 1e-7);
        Matrices.assertClose("mean", pca.mean().data(), expected.numbers("mean"), 1e-7);
        Matrices.assertClose(
                "ratios", pca.explainedVarianceRatio().data(), expected.numbers("explained_variance_ratio"), 3e-8);
        Matrices.assertClose("variances", pca.explainedVariance().data(), expected.numbers("explained_variance"), 1e-6);
        Matrices.assertClose("singular values", pca.singularValues().data(), expected.numbers("singular_values"), 1e-4);

        Tensor codes = pca.transform(test);
        double[] firstCodes = expected.numbers("test_codes_first_10");
        PcaTest.turn(expected.numbers("components"), firstCodes, 2, pca);
        Matrices.assertClose("codes", Arrays.copyOf(codes.data(), 20), firstCodes, 5e-6);
        double[] means = expected.numbers("test_code_class_means");
        PcaTest.turn(expected.numbers("components"), means, 2, pca);
        Matrices.assertClose("class means", classMeans(codes), means, 5e-6);
        double distance = Matrices.distance(test, pca.inverseTransform(codes));
        assertThat(distance * distance / test.size())
                .isCloseTo(expected.number("test_reconstruction_mse"), Offset.offset(1e-7));
    }

    /** Repeated inner updates reach what coordinate descent reaches, and find 0 and 1 furthest apart as it does. */
    @Test
    @Tag("once")
    void nonNegativeFactors() {
        ScikitLearn expected = EXPECTED.at("nmf_cd");
        NmfOptions options = NmfOptions.of(2).withInnerUpdates(30).withTolerance(1e-5);
        Nmf nmf = Nmf.fit(shifted(train), options, new NumpyRandom(0));
        assertThat(nmf.error()).isCloseTo(expected.number("frobenius_error"), Percentage.withPercentage(0.01));
        assertThat(nmf.iterations()).isLessThan(options.maxIterations());
        double[] errors = nmf.errorHistory();
        for (int i = 1; i < errors.length; i++) {
            assertThat(errors[i]).isLessThan(errors[i - 1]);
        }
        assertThat(furthestPair(classMeans(nmf.transform(shifted(test))))).isEqualTo("0 and 1");
    }

    private static Tensor shifted(Tensor x) {
        Tensor shifted = x.copy();
        for (int i = 0; i < shifted.size(); i++) {
            shifted.data()[i] += 0.5f;
        }
        return shifted;
    }

    private static float[] classMeans(Tensor codes) {
        double[] sums = new double[20];
        int[] counts = new int[10];
        for (int i = 0; i < labels.length; i++) {
            counts[labels[i]]++;
            sums[2 * labels[i]] += codes.get(i, 0);
            sums[2 * labels[i] + 1] += codes.get(i, 1);
        }
        float[] means = new float[20];
        for (int i = 0; i < 20; i++) {
            means[i] = (float) (sums[i] / counts[i / 2]);
        }
        return means;
    }

    private static String furthestPair(float[] means) {
        String furthest = "";
        double most = 0;
        for (int a = 0; a < 10; a++) {
            for (int b = a + 1; b < 10; b++) {
                double distance = Math.hypot(means[2 * a] - means[2 * b], means[2 * a + 1] - means[2 * b + 1]);
                if (distance > most) {
                    most = distance;
                    furthest = a + " and " + b;
                }
            }
        }
        return furthest;
    }
}

package org.gradus.examples.programs;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.gradus.autograd.Tensor;
import org.gradus.linalg.Pca;
import org.gradus.mnist.Mnist;
import org.gradus.plots.Plot;
import org.gradus.plots.Row;

/** Images from their two principal components: {@code PrincipalComponents [images [FILE.svg]]}. */
public final class PrincipalComponents {

    private static final int SHOWN = 8;

    private PrincipalComponents() {}

    /** Writes {@code components.svg}: images, and what two numbers keep of each. */
    public static void main(String[] args) {
        int images = args.length > 0 ? Math.min(60_000, Integer.parseInt(args[0])) : 60_000;
        Path file = Path.of(args.length > 1 ? args[1] : "components.svg");

        float[] pixels = Mnist.load().train().toFloats();
        Tensor train = Tensor.matrix(images, 784, Arrays.copyOf(pixels, images * 784));
        Pca pca = Pca.fit(train, 2);
        for (int component = 0; component < 2; component++) {
            double part = pca.explainedVarianceRatio().data()[component];
            System.out.printf("component %d explains %.1f %% of the variance%n", component + 1, 100 * part);
        }

        Tensor rebuilt = pca.inverseTransform(pca.transform(train));
        Plot.rows(
                        "Two components",
                        List.of(new Row("image", first(train)), new Row("rebuilt from 2 numbers", first(rebuilt))))
                .writeSvg(file);
        System.out.println(file);
    }

    private static float[][] first(Tensor images) {
        float[][] first = new float[SHOWN][];
        Arrays.setAll(first, i -> Arrays.copyOfRange(images.data(), i * 784, (i + 1) * 784));
        return first;
    }
}

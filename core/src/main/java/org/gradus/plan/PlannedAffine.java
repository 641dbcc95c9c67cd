package org.gradus.plan;

import java.util.List;
import java.util.Optional;
import org.gradus.autograd.Tensor;
import org.gradus.kernel.GemmKind;
import org.gradus.kernel.Kernels;
import org.gradus.kernel.simd.PanelKernels;
import org.gradus.kernel.simd.PanelKernels.Order;
import org.gradus.kernel.simd.PanelKernels.Product;

/** {@code y = x W^T + b}, as {@link org.gradus.autograd.AffineOp}. */
final class PlannedAffine extends PlannedOp {

    private static final float[] NONE = {};

    private final Value x;
    private final int in;
    private final int samples;
    private final Tensor weight;
    private final Tensor bias;
    private final Product forward;
    private final Product backward;
    private final Product backwardOnto;
    private final Product gradient;
    private final Product gradientOnto;

    /** Whether the weight's gradient is summed by the lane rule, from x as it is. */
    private final boolean thin;

    private final boolean thinForward;
    private final boolean thinBackward;

    /** Whether this is the operation that transposes x on the way back; the batch is transposed when it is gathered. */
    private boolean transposes;

    private boolean adds;

    /** Whether the operation behind adds the bias as it reads. */
    private boolean biasAwaited = true;

    /** Sums in lanes, before they are added to the gradient that later readers of x have left. */
    private float[] scratch = NONE;

    PlannedAffine(Site site) {
        super(site);
        x = site.in().get(0);
        in = x.features;
        samples = site.samples();
        weight = site.parameters().get(0);
        bias = site.parameters().get(1);
        int width = PanelKernels.WIDTH;
        int columns = PanelKernels.count(samples) * width;
        forward = new Product(Order.ROWS, in, in, columns, width, out.features * width);
        backward = new Product(Order.COLUMNS, in, out.features, columns, width, in * width);
        backwardOnto = backward.continued();
        gradient = new Product(Order.PANELS, out.features * width, samples, in, in, width);
        gradientOnto = gradient.continued();
        thin = GemmKind.sumsInLanes(in, samples);
        thinForward = GemmKind.sumsInLanes(out.features, in);
        thinBackward = GemmKind.sumsInLanes(in, out.features);
    }

    @Override
    void forward(Kernels kernels, PanelKernels panels, int from, int to) {
        if (thinForward) {
            panels.productInLanes(forward, 0, out.features, from, to, weight.data(), x.numbers, out.numbers);
        } else {
            panels.product(forward, 0, out.features, from, to, weight.data(), x.numbers, out.numbers);
        }
        if (biasAwaited) {
            panels.addBias(from, to, out.features, bias.data(), out.numbers);
        }
    }

    @Override
    Optional<Tensor> handOverBias() {
        biasAwaited = false;
        return Optional.of(bias);
    }

    @Override
    void connect() {
        if (!thin && x.transposed.length == 0) {
            x.ownTransposed(samples);
            transposes = !x.isBatch();
        }
        if (x.learns) {
            adds = x.hasGrad();
            x.ownGrad();
            if (adds && thinBackward) {
                scratch = new float[x.numbers.length];
            }
        }
    }

    @Override
    void backward(Kernels kernels, PanelKernels panels, int from, int to) {
        if (transposes) {
            panels.transpose(samples, in, from, to, x.numbers, x.transposed);
        }
        if (!x.learns) {
            return;
        }
        if (!thinBackward && adds) {
            panels.product(backwardOnto, 0, in, from, to, weight.data(), out.grad, x.grad);
        } else if (!thinBackward) {
            panels.product(backward, 0, in, from, to, weight.data(), out.grad, x.grad);
        } else {
            backwardInLanes(kernels, panels, from, to);
        }
    }

    /** A sum in lanes is a number of its own, which is then added. */
    private void backwardInLanes(Kernels kernels, PanelKernels panels, int from, int to) {
        int panel = in * PanelKernels.WIDTH;
        if (adds) {
            panels.productInLanes(backward, 0, in, from, to, weight.data(), out.grad, scratch);
            kernels.addScaled(from * panel, to * panel, 1f, scratch, x.grad);
        } else {
            panels.productInLanes(backward, 0, in, from, to, weight.data(), out.grad, x.grad);
            panels.ontoZero(from * panel, to * panel, x.grad, x.grad);
        }
    }

    @Override
    List<Use> uses() {
        return List.of(new WeightUse(), new BiasUse());
    }

    private final class WeightUse implements Use {
        private boolean onto;
        private float[] sums = NONE;

        @Override
        public void comesAfterOthers() {
            onto = true;
            sums = thin ? new float[weight.size()] : NONE;
        }

        @Override
        public void gradient(Kernels kernels, PanelKernels panels, int from, int to) {
            if (thin && onto) {
                panels.thinProduct(samples, out.features, in, from, to, out.grad, x.numbers, sums);
                kernels.addScaled(from * in, to * in, 1f, sums, weight.grad());
            } else if (thin) {
                panels.thinProduct(samples, out.features, in, from, to, out.grad, x.numbers, weight.grad());
            } else if (onto) {
                int count = PanelKernels.count(in);
                panels.product(gradientOnto, from, to, 0, count, out.grad, x.transposed, weight.grad());
            } else {
                int count = PanelKernels.count(in);
                panels.product(gradient, from, to, 0, count, out.grad, x.transposed, weight.grad());
            }
        }
    }

    private final class BiasUse implements Use {
        private float[] sums = NONE;

        @Override
        public void comesAfterOthers() {
            sums = new float[out.features];
        }

        @Override
        public void gradient(Kernels kernels, PanelKernels panels, int from, int to) {
            if (sums.length == 0) {
                panels.sampleSums(samples, out.features, from, to, out.grad, bias.grad());
            } else {
                panels.sampleSums(samples, out.features, from, to, out.grad, sums);
                kernels.addScaled(from, to, 1f, sums, bias.grad());
            }
        }
    }
}

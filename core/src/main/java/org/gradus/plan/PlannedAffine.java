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

    /** Features of a result that repay a look at the batch: it takes as long as what 20 to 35 of them leave out of MNIST. */
    private static final int REPAY_A_LOOK = 48;

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
        if (x.isBatch() && !thinForward && out.features >= REPAY_A_LOOK) {
            x.ownNonZeros(samples);
        }
    }

    @Override
    void forward(Kernels kernels, PanelKernels panels, Share share) {
        int row = share.row(out.features);
        int rowEnd = share.rowEnd(out.features);
        if (thinForward) {
            panels.productInLanes(
                    forward, row, rowEnd, share.from(), share.to(), weight.data(), x.numbers, out.numbers);
        } else {
            panels.product(
                    forward, x.nonZeros, row, rowEnd, share.from(), share.to(), weight.data(), x.numbers, out.numbers);
        }
        if (biasAwaited) {
            panels.addBias(share.from(), share.to(), out.features, row, rowEnd, bias.data(), out.numbers);
        }
    }

    @Override
    Reach forwardReach() {
        return Reach.ALL;
    }

    @Override
    Reach backwardReach() {
        return x.learns ? Reach.ALL : Reach.SHARE;
    }

    @Override
    long work() {
        return (long) in * out.features * PanelKernels.WIDTH * (x.learns ? 2 : 1);
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
    void backward(Kernels kernels, PanelKernels panels, Share share) {
        if (transposes && share.isLast()) {
            panels.transpose(samples, in, share.from(), share.to(), x.numbers, x.transposed);
        }
        if (!x.learns) {
            return;
        }
        if (thinBackward) {
            backwardInLanes(kernels, panels, share);
        } else {
            Product product = adds ? backwardOnto : backward;
            panels.product(
                    product,
                    share.row(in),
                    share.rowEnd(in),
                    share.from(),
                    share.to(),
                    weight.data(),
                    out.grad,
                    x.grad);
        }
    }

    /** A sum in lanes is a number of its own, which is then added. */
    private void backwardInLanes(Kernels kernels, PanelKernels panels, Share share) {
        float[] sums = adds ? scratch : x.grad;
        panels.productInLanes(
                backward, share.row(in), share.rowEnd(in), share.from(), share.to(), weight.data(), out.grad, sums);
        for (int s = 0; s < share.stretches(); s++) {
            if (adds) {
                kernels.addScaled(share.start(s, in), share.end(s, in), 1f, scratch, x.grad);
            } else {
                panels.ontoZero(share.start(s, in), share.end(s, in), x.grad, x.grad);
            }
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
                panels.product(gradient, x.nonZeros, from, to, 0, count, out.grad, x.transposed, weight.grad());
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

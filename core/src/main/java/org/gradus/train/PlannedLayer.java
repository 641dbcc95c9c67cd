package org.gradus.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.gradus.autograd.Tensor;
import org.gradus.kernel.Engine;
import org.gradus.kernel.GemmKind;
import org.gradus.kernel.Kernels;
import org.gradus.kernel.simd.PanelKernels;
import org.gradus.kernel.simd.PanelKernels.Order;
import org.gradus.kernel.simd.PanelKernels.Product;
import org.gradus.optim.ElementwiseOptimizer;

/** A layer of a plan: its memory, and what is done with it. All arrays but parameters and their gradients are panels. */
abstract class PlannedLayer {

    private static final int[] NONE = {};
    private static final float[] NONE_TRANSPOSED = {};

    final int in;
    final int out;
    final float[] x;
    final float[] y;

    /** The gradient of the loss for y, and where that for x goes: the same array unless the layer is affine. */
    float[] g = new float[0];

    float[] gx = new float[0];

    PlannedLayer(Chain.Link link, float[] x, int samples) {
        in = link.in();
        out = link.out();
        this.x = x;
        y = new float[PanelKernels.size(samples, out)];
    }

    /** Makes y of x. */
    abstract void forward(Kernels kernels, PanelKernels panels, int from, int to);

    /** Makes the gradient for x of that for y, and keeps what {@link #update} needs. */
    abstract void backward(PanelKernels panels, int from, int to);

    /** The gradients of the layer's parameters, and the optimiser's step with them: a part of the rows. */
    abstract void update(Kernels kernels, PanelKernels panels, ElementwiseOptimizer optimizer, int part, int parts);

    /** The layers of a plan that only computes. */
    static List<PlannedLayer> forwardOnly(Chain chain, float[] input, int samples) {
        return of(chain, input, samples, link -> NONE);
    }

    /**
     * The layers of a plan.
     *
     * @param input panels
     * @param parameters where an optimiser has those of a link; empty where nothing is to be learned
     */
    static List<PlannedLayer> of(Chain chain, float[] input, int samples, Function<Chain.Link, int[]> parameters) {
        List<PlannedLayer> layers = new ArrayList<>();
        float[] x = input;
        for (Chain.Link link : chain.links()) {
            PlannedLayer layer = of(link, x, samples, layers, parameters.apply(link));
            layers.add(layer);
            x = layer.y;
        }
        return layers;
    }

    private static PlannedLayer of(
            Chain.Link link, float[] x, int samples, List<PlannedLayer> before, int[] parameters) {
        return switch (link.kind()) {
            case AFFINE -> new AffineLayer(link, x, samples, before.isEmpty(), parameters);
            case PRELU -> new PReluLayer(link, x, samples, parameters, before.get(before.size() - 1));
            case SIGMOID -> new SigmoidLayer(link, x, samples, before.get(before.size() - 1));
            case RELU, TANH, NORMALIZE -> new Activation(link, x, samples);
        };
    }

    /** The bias of an affine layer, which then leaves it to the layer behind to add it; empty for other layers. */
    private static Optional<Tensor> biasOf(PlannedLayer before) {
        return before instanceof AffineLayer affine ? Optional.of(affine.handOverBias()) : Optional.empty();
    }

    /** Where the first layer keeps the batch transposed, panels of features; empty if it has no use for that. */
    float[] transposedInput() {
        return NONE_TRANSPOSED;
    }

    /**
     * Instead of the gradient of the loss for y, the next layer down gets that for x from the loss itself.
     *
     * @return false if this layer cannot
     */
    boolean backwardWithLoss(PanelKernels panels, boolean squared, int from, int to, float factor, float[] target) {
        return false;
    }

    /** {@code y = x W^T + b}, as {@link org.gradus.autograd.AffineOp}. */
    private static final class AffineLayer extends PlannedLayer {

        /** Rows of the weight gradient that the optimiser takes at once: 16 of 784 numbers are 49 kB. */
        private static final int STRIP = 16;

        /** Rows are divided among threads at multiples of a tile's 8: 784 of them evenly among two, which strips would not. */
        private static final int UNIT = 8;

        private final int samples;
        private final boolean first;
        private final Tensor weight;
        private final Tensor bias;
        private final int weightIndex;
        private final int biasIndex;
        private final Product forward;
        private final Product backward;
        private final Product gradient;
        private final boolean thin;
        private final float[] transposed;

        /** Whether the layer behind adds the bias as it reads. */
        private boolean biasAwaited = true;

        AffineLayer(Chain.Link link, float[] x, int samples, boolean first, int[] parameters) {
            super(link, x, samples);
            this.samples = samples;
            this.first = first;
            weight = link.parameters().get(0);
            bias = link.parameters().get(1);
            weightIndex = parameters.length == 0 ? -1 : parameters[0];
            biasIndex = parameters.length == 0 ? -1 : parameters[1];
            int width = PanelKernels.WIDTH;
            int columns = PanelKernels.count(samples) * width;
            forward = new Product(Order.ROWS, in, in, columns, width, out * width);
            backward = new Product(Order.COLUMNS, in, out, columns, width, in * width);
            gradient = new Product(Order.PANELS, out * width, samples, in, in, width);
            thin = GemmKind.sumsInLanes(in, samples);
            transposed =
                    parameters.length == 0 || thin ? new float[0] : new float[PanelKernels.count(in) * width * samples];
        }

        @Override
        void forward(Kernels kernels, PanelKernels panels, int from, int to) {
            if (GemmKind.sumsInLanes(out, in)) {
                panels.productInLanes(forward, 0, out, from, to, weight.data(), x, y);
            } else {
                panels.product(forward, 0, out, from, to, weight.data(), x, y);
            }
            if (biasAwaited) {
                panels.addBias(from, to, out, bias.data(), y);
            }
        }

        /** Leaves it to the layer behind to add the bias. */
        Tensor handOverBias() {
            biasAwaited = false;
            return bias;
        }

        @Override
        float[] transposedInput() {
            return transposed;
        }

        @Override
        void backward(PanelKernels panels, int from, int to) {
            if (first) {
                return; // the batch was transposed when it was gathered, and has no gradient
            }
            if (!thin) {
                panels.transpose(samples, in, from, to, x, transposed);
            }
            if (GemmKind.sumsInLanes(in, out)) {
                panels.productInLanes(backward, 0, in, from, to, weight.data(), g, gx);
            } else {
                panels.product(backward, 0, in, from, to, weight.data(), g, gx);
            }
        }

        @Override
        void update(Kernels kernels, PanelKernels panels, ElementwiseOptimizer optimizer, int part, int parts) {
            int from = Engine.border(out, UNIT, part, parts);
            int to = Engine.border(out, UNIT, part + 1, parts);
            for (int r = from; r < to; r += STRIP) {
                int end = Math.min(to, r + STRIP);
                if (thin) {
                    panels.thinProduct(samples, out, in, r, end, g, x, weight.grad());
                } else {
                    panels.product(gradient, r, end, 0, PanelKernels.count(in), g, transposed, weight.grad());
                }
                optimizer.stepRange(kernels, weightIndex, r * in, end * in);
            }
            panels.sampleSums(samples, out, from, to, g, bias.grad());
            optimizer.stepRange(kernels, biasIndex, from, to);
        }
    }

    /** One shared slope, as {@link org.gradus.autograd.PReluOp}; behind an affine layer with its bias, in one pass. */
    private static final class PReluLayer extends PlannedLayer {

        private final int samples;
        private final Tensor slope;
        private final int slopeIndex;
        private final float[] partial;
        private final Optional<Tensor> bias;

        PReluLayer(Chain.Link link, float[] x, int samples, int[] parameters, PlannedLayer before) {
            super(link, x, samples);
            bias = biasOf(before);
            this.samples = samples;
            slope = link.parameters().get(0);
            slopeIndex = parameters.length == 0 ? -1 : parameters[0];
            partial = new float[Kernels.chunks(PanelKernels.size(samples, 1), out)];
        }

        @Override
        void forward(Kernels kernels, PanelKernels panels, int from, int to) {
            if (bias.isPresent()) {
                panels.preluOfBiased(from, to, out, bias.get().data(), slope.data()[0], x, y);
            } else {
                int panel = out * PanelKernels.WIDTH;
                kernels.prelu(from * panel, to * panel, panel, x, slope.data(), y);
            }
        }

        @Override
        void backward(PanelKernels panels, int from, int to) {
            panels.preluGrad(from, to, out, slope.data()[0], x, g, partial);
        }

        @Override
        void update(Kernels kernels, PanelKernels panels, ElementwiseOptimizer optimizer, int part, int parts) {
            if (part == 0) {
                slope.grad()[0] = 0f + (float) Kernels.total(Kernels.chunks(samples, out), partial);
                optimizer.stepRange(kernels, slopeIndex, 0, 1);
            }
        }
    }

    /** {@code y = 1 / (1 + exp(-x))}; behind an affine layer with its bias, before the loss with its gradient, in one pass each. */
    private static final class SigmoidLayer extends PlannedLayer {

        private final Optional<Tensor> bias;

        SigmoidLayer(Chain.Link link, float[] x, int samples, PlannedLayer before) {
            super(link, x, samples);
            bias = biasOf(before);
        }

        @Override
        void forward(Kernels kernels, PanelKernels panels, int from, int to) {
            if (bias.isPresent()) {
                panels.sigmoidOfBiased(from, to, out, bias.get().data(), x, y);
            } else {
                kernels.sigmoid(from * out * PanelKernels.WIDTH, to * out * PanelKernels.WIDTH, x, y);
            }
        }

        @Override
        void backward(PanelKernels panels, int from, int to) {
            panels.sigmoidGrad(from * out * PanelKernels.WIDTH, to * out * PanelKernels.WIDTH, y, g);
        }

        @Override
        boolean backwardWithLoss(PanelKernels panels, boolean squared, int from, int to, float factor, float[] target) {
            int start = from * out * PanelKernels.WIDTH;
            int end = to * out * PanelKernels.WIDTH;
            if (squared) {
                panels.sigmoidSquaredErrorGrad(start, end, factor, y, target, g);
            } else {
                panels.sigmoidBceGrad(start, end, factor, y, target, g);
            }
            return true;
        }

        @Override
        void update(Kernels kernels, PanelKernels panels, ElementwiseOptimizer optimizer, int part, int parts) {
            // nothing to learn
        }
    }

    /** An activation without parameters. */
    private static final class Activation extends PlannedLayer {

        private final Chain.Kind kind;

        Activation(Chain.Link link, float[] x, int samples) {
            super(link, x, samples);
            kind = link.kind();
        }

        @Override
        void forward(Kernels kernels, PanelKernels panels, int from, int to) {
            int start = from * out * PanelKernels.WIDTH;
            int end = to * out * PanelKernels.WIDTH;
            switch (kind) {
                case RELU -> kernels.relu(start, end, x, y);
                case TANH -> kernels.tanh(start, end, x, y);
                case NORMALIZE -> panels.normalize(from, to, out, x, y);
                case AFFINE, PRELU, SIGMOID -> throw new AssertionError(kind);
            }
        }

        @Override
        void backward(PanelKernels panels, int from, int to) {
            int start = from * out * PanelKernels.WIDTH;
            int end = to * out * PanelKernels.WIDTH;
            switch (kind) {
                case RELU -> panels.reluGrad(start, end, x, g);
                case TANH -> panels.tanhGrad(start, end, y, g);
                case NORMALIZE -> panels.normalizeGrad(from, to, out, x, y, g);
                case AFFINE, PRELU, SIGMOID -> throw new AssertionError(kind);
            }
        }

        @Override
        void update(Kernels kernels, PanelKernels panels, ElementwiseOptimizer optimizer, int part, int parts) {
            // nothing to learn
        }
    }
}

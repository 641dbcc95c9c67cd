package org.gradus.inspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.gradus.autograd.CustomOp;
import org.gradus.autograd.Shape;
import org.gradus.autograd.ShapeException;
import org.gradus.autograd.Tape;
import org.gradus.autograd.Tensor;
import org.gradus.nn.BCELoss;
import org.gradus.nn.BCEWithLogitsLoss;
import org.gradus.nn.CrossEntropyLoss;
import org.gradus.nn.Layer;
import org.gradus.nn.Linear;
import org.gradus.nn.Loss;
import org.gradus.nn.MSELoss;
import org.gradus.nn.NormalizeLayer;
import org.gradus.nn.PReLU;
import org.gradus.nn.ReLU;
import org.gradus.nn.Sequential;
import org.gradus.nn.Sigmoid;
import org.gradus.nn.Tanh;
import org.gradus.random.TorchRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Right gradients pass, each way in which people get one wrong is caught, and wrong use is told apart from wrong gradients. */
class GradCheckTest {

    /** The derivative of a test operation, added to {@code gx}. */
    private interface Derivative {
        void add(float[] x, float[] g, float[] gx);
    }

    /** {@code y = x^2 + x}, with any derivative, and with or without its formula in double. */
    private record Polynomial(String name, boolean exact, float slip, Derivative derivative) implements CustomOp {
        @Override
        public Shape shapeOf(Shape... in) {
            return in[0];
        }

        @Override
        public void forward(Tensor[] in, Tensor out) {
            for (int i = 0; i < out.size(); i++) {
                float x = in[0].data()[i];
                out.data()[i] = Math.fma(x, x, x) + slip;
            }
        }

        @Override
        public void backward(Tensor[] in, Tensor out) {
            derivative.add(in[0].data(), out.grad(), in[0].grad());
        }

        @Override
        public double[] textbook(Shape[] shapes, double[][] in) {
            return exact ? Arrays.stream(in[0]).map(x -> x * x + x).toArray() : CustomOp.super.textbook(shapes, in);
        }

        @Override
        public String toString() {
            return name + (exact ? ", formula in double" : ", float alone");
        }
    }

    /** {@code y = x W} of square matrices; the gradient for x takes W instead of its transpose, if so planted. */
    private record Product(boolean transposed) implements CustomOp {
        private static final int SIDE = 3;

        @Override
        public String name() {
            return "product";
        }

        @Override
        public List<String> roles() {
            return List.of("x", "W");
        }

        @Override
        public Shape shapeOf(Shape... in) {
            return in[0];
        }

        @Override
        public void forward(Tensor[] in, Tensor out) {
            Arrays.fill(out.data(), 0);
            addProduct(in[0].data(), in[1].data(), out.data(), false, false);
        }

        @Override
        public void backward(Tensor[] in, Tensor out) {
            addProduct(out.grad(), in[1].data(), in[0].grad(), false, transposed);
            addProduct(in[0].data(), out.grad(), in[1].grad(), true, false);
        }

        private static void addProduct(float[] a, float[] b, float[] c, boolean transposeA, boolean transposeB) {
            for (int i = 0; i < SIDE; i++) {
                for (int j = 0; j < SIDE; j++) {
                    float sum = 0;
                    for (int p = 0; p < SIDE; p++) {
                        sum += a[transposeA ? p * SIDE + i : i * SIDE + p]
                                * b[transposeB ? j * SIDE + p : p * SIDE + j];
                    }
                    c[i * SIDE + j] += sum;
                }
            }
        }
    }

    /** The identity, whose derivative in one place of a network is {@code factor}. */
    private record Slip(float factor) implements CustomOp {
        @Override
        public String name() {
            return "slip";
        }

        @Override
        public Shape shapeOf(Shape... in) {
            return in[0];
        }

        @Override
        public void forward(Tensor[] in, Tensor out) {
            System.arraycopy(in[0].data(), 0, out.data(), 0, out.size());
        }

        @Override
        public void backward(Tensor[] in, Tensor out) {
            for (int i = 0; i < out.size(); i++) {
                in[0].grad()[i] += factor * out.grad()[i];
            }
        }

        @Override
        public double[] textbook(Shape[] shapes, double[][] in) {
            return in[0].clone();
        }
    }

    private static void each(float[] gx, Function<Integer, Double> term) {
        for (int i = 0; i < gx.length; i++) {
            gx[i] += term.apply(i).floatValue();
        }
    }

    private static final Derivative RIGHT = (x, g, gx) -> each(gx, i -> (2.0 * x[i] + 1) * g[i]);

    private static Tensor sample(int seed, int rows, int columns) {
        return Tensor.matrix(rows, columns, uniform(seed, rows * columns, 0.2, 1));
    }

    private static Polynomial polynomial(String name, boolean exact, Derivative derivative) {
        return new Polynomial(name, exact, 0, derivative);
    }

    static Stream<Polynomial> wrong() {
        return Stream.of(true, false)
                .flatMap(exact -> Stream.of(
                        polynomial("sign", exact, (x, g, gx) -> each(gx, i -> -(2.0 * x[i] + 1) * g[i])),
                        polynomial("1 % off", exact, (x, g, gx) -> each(gx, i -> 1.01 * (2 * x[i] + 1) * g[i])),
                        polynomial("missing term", exact, (x, g, gx) -> each(gx, i -> 2.0 * x[i] * g[i])),
                        polynomial("upstream forgotten", exact, (x, g, gx) -> each(gx, i -> 2.0 * x[i] + 1)),
                        polynomial(
                                "last element forgotten",
                                exact,
                                (x, g, gx) -> each(gx, i -> i == gx.length - 1 ? 0.0 : (2.0 * x[i] + 1) * g[i])),
                        polynomial("nothing added", exact, (x, g, gx) -> {})));
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void wrongDerivativesAreCaught(Polynomial op) {
        GradCheck check = GradCheck.of(op, sample(1, 5, 4).trainable());
        assertThat(check.passed()).isFalse();
        assertThat(check.toString()).contains("WRONG");
        assertThatThrownBy(check::requirePassed)
                .isInstanceOf(AssertionError.class)
                .hasMessageStartingWith(
                        "GradCheck: the gradient of 'input 0' (step 1 (" + op.name() + "), x0) is wrong: at [");
    }

    @Test
    void formulaInDoubleShowsErrorsOfAMillionth() {
        Polynomial slightly = polynomial("off", true, (x, g, gx) -> each(gx, i -> 1.000_005 * (2 * x[i] + 1) * g[i]));
        assertThat(GradCheck.of(slightly, sample(1, 5, 4).trainable()).passed()).isFalse();
    }

    @Test
    void rightDerivativesPass() {
        for (boolean exact : new boolean[] {true, false}) {
            GradCheck check = GradCheck.of(
                    polynomial("right", exact, RIGHT), sample(1, 50, 20).trainable());
            check.requirePassed();
            assertThat(check.rows()).singleElement().satisfies(row -> {
                assertThat(row.checked()).isEqualTo(GradCheck.ELEMENTS);
                assertThat(row.kinks()).isEmpty();
                assertThat(row.bound()).isLessThan((exact ? 3e-6 : 1e-3) * Math.abs(row.analytical()));
            });
        }
        GradCheck.of(
                        new Product(true),
                        sample(1, 3, 3).trainable(),
                        sample(2, 3, 3).trainable())
                .requirePassed();
    }

    @Test
    void forgottenTransposeIsCaught() {
        GradCheck check = GradCheck.of(
                new Product(false), sample(1, 3, 3).trainable(), sample(2, 3, 3).trainable());
        assertThat(check.rows()).extracting(GradCheck.Row::passed).containsExactly(false, true);
        assertThat(check.rows().get(0).usedBy()).isEqualTo("step 1 (product), x");
    }

    @Test
    void assignmentInsteadOfAdditionIsCaught() {
        Polynomial assigns = polynomial("assigns", true, (x, g, gx) -> {
            Arrays.fill(gx, 0);
            RIGHT.add(x, g, gx);
        });
        GradCheck once = GradCheck.of(assigns, sample(1, 2, 2).trainable());
        assertThat(once.rows()).allMatch(GradCheck.Row::passed);
        assertThat(once.faults())
                .singleElement()
                .satisfies(fault -> assertThat(fault)
                        .startsWith("step 1 (assigns): backward does not add: the gradient of its x0 at [0,0] is "));
        assertThatThrownBy(once::requirePassed)
                .isInstanceOf(AssertionError.class)
                .hasMessageStartingWith("GradCheck: step 1 (assigns): backward does not add");

        GradCheck twice = GradCheck.of(
                in -> Tensor.apply(assigns, in[0]).add(in[0].exp()),
                sample(1, 2, 2).trainable());
        assertThat(twice.rows()).noneMatch(GradCheck.Row::passed);
    }

    @Test
    void forwardThatIsAnotherFunctionIsCaught() {
        GradCheck check = GradCheck.of(
                new Polynomial("shifted", true, 0.1f, RIGHT), sample(1, 2, 2).trainable());
        assertThat(check.rows()).allMatch(GradCheck.Row::passed);
        assertThat(check.faults())
                .singleElement()
                .satisfies(fault -> assertThat(fault)
                        .startsWith("step 1 (shifted): forward gives ")
                        .contains(" at [0,0] but its textbook formula "));
    }

    // ---- networks -------------------------------------------------------------------------------------------------

    private static Sequential network(Layer... layers) {
        return new Sequential(layers);
    }

    private static Tensor images(int rows, int columns) {
        float[] pixels = uniform(7, rows * columns, -1, 1);
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = Math.max(pixels[i], 0); // most of an image is black
        }
        return Tensor.matrix(rows, columns, pixels);
    }

    private record Case(
            String name, Function<TorchRandom, Sequential> network, Loss loss, Tensor x, Tensor y, int elements) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Case> networks() {
        Tensor few = images(3, 4);
        Tensor pixels = images(4, 784);
        return Stream.of(
                new Case(
                        "4-2-4 prelu sigmoid bce",
                        r -> network(new Linear(4, 2, r), new PReLU(), new Linear(2, 4, r), new Sigmoid()),
                        new BCELoss(),
                        few,
                        few,
                        64),
                new Case(
                        "4-3-3-4 tanh normalize prelu logits",
                        r -> network(
                                new Linear(4, 3, r),
                                new Tanh(),
                                new Linear(3, 3, r),
                                new PReLU(3),
                                new NormalizeLayer(),
                                new Linear(3, 4, r)),
                        new BCEWithLogitsLoss(),
                        few,
                        few,
                        64),
                new Case(
                        "4-6-5 classes",
                        r -> network(new Linear(4, 6, r), new ReLU(), new Linear(6, 5, r)),
                        new CrossEntropyLoss(),
                        few,
                        Tensor.vector(0, 4, 2),
                        64),
                new Case(
                        "784-32-784 mse, sampled",
                        r -> network(new Linear(784, 32, r), new ReLU(), new Linear(32, 784, r), new Sigmoid()),
                        new MSELoss(),
                        pixels,
                        pixels,
                        8),
                new Case(
                        "784-2-784 bce, as in tutorial 1",
                        r -> network(new Linear(784, 2, r), new PReLU(), new Linear(2, 784, r), new Sigmoid()),
                        new BCELoss(),
                        pixels,
                        pixels,
                        8));
    }

    @ParameterizedTest
    @MethodSource("networks")
    void networksPass(Case net) {
        Sequential model = net.network.apply(new TorchRandom(0));
        GradCheck check =
                GradCheck.of(model, net.loss, net.x, net.y, net.elements, 1).requirePassed();
        assertThat(check.rows())
                .extracting(GradCheck.Row::name)
                .containsExactlyInAnyOrderElementsOf(model.stateDict().keySet());
        for (GradCheck.Row row : check.rows()) {
            assertThat(row.checked() + row.kinks().size())
                    .isEqualTo(Math.min(net.elements, row.shape().size()));
        }
        assertThat(check.largestResidue()).isPositive().isLessThan(1e-5);
    }

    /** An error of 1 % in one place shows in every parameter before it, however deep, and in none behind it. */
    @ParameterizedTest
    @MethodSource("networks")
    void onePerCentInsideANetworkIsCaught(Case net) {
        Sequential model = net.network.apply(new TorchRandom(0));
        int middle = model.size() / 2;
        Sequential planted = new Sequential(Stream.concat(
                        Stream.concat(
                                model.layers().subList(0, middle).stream(),
                                Stream.<Layer>of(x -> Tensor.apply(new Slip(1.01f), x))),
                        model.layers().subList(middle, model.size()).stream())
                .toList());
        GradCheck check = GradCheck.of(planted, net.loss, net.x, net.y, net.elements, 1);
        for (GradCheck.Row row : check.rows()) {
            boolean before = Integer.parseInt(row.name().substring(0, row.name().indexOf('.'))) < middle;
            assertThat(row.passed()).as("%s of %n%s", row.name(), check).isEqualTo(!before);
        }
    }

    @Test
    void deepChainPassesAndIsStillJudged() {
        Function<Float, Function<Tensor[], Tensor>> chain = factor -> in -> {
            Tensor x = in[0];
            for (int i = 0; i < 40; i++) {
                x = Tensor.apply(new Slip(i == 0 ? factor : 1), x.sigmoid().scale(4))
                        .sub(in[1]);
            }
            return x;
        };
        Tensor x = sample(3, 3, 5).trainable();
        Tensor two = Tensor.matrix(3, 5, new float[15]);
        Arrays.fill(two.data(), 2);
        GradCheck.of(chain.apply(1f), x, two).requirePassed();
        assertThat(GradCheck.of(chain.apply(1.001f), x, two).passed()).isFalse();
    }

    // ---- values of torch.autograd in double ------------------------------------------------------------------------

    @Test
    void differencesAreTorchsGradients() {
        Tensor[] in = Stream.of(0.3f, -1.2f, 0.7f, 0.25f)
                .map(x -> Tensor.matrix(1, 1, x).trainable())
                .toArray(Tensor[]::new);
        in[3] = Tensor.vector(0.25f).trainable();
        GradCheck check = GradCheck.of(
                        t -> {
                            Tensor h = t[0].matMul(t[1]).prelu(t[3]);
                            Tensor z = h.exp().mul(t[2].tanh()).sub(h.div(t[2]));
                            return z.add(t[0]).sigmoid().bce(Tensor.matrix(1, 1, 0.4f));
                        },
                        in)
                .requirePassed();
        double[] torch = {0.4133249162842145, -0.02150844977039245, 0.10324056300029498, 0.12974959506389624};
        assertThat(check.rows())
                .extracting(GradCheck.Row::name)
                .containsExactly("input 0", "input 1", "input 3", "input 2");
        for (int i = 0; i < torch.length; i++) {
            // float values where the replay is differentiated, exact ones in torch
            assertThat(check.rows().get(i).numerical()).isCloseTo(torch[i], Offset.offset(1e-6));
        }
    }

    @Test
    void differencesOfRowOperationsAreTorchsGradients() {
        Tensor x = Tensor.matrix(2, 3, 1, 2, -2, 0.5f, -1, 4).trainable();
        Tensor w = Tensor.matrix(2, 3, 1, -2, 3, 0.5f, 0.25f, -1);
        assertWorstIsOneOf(
                GradCheck.of(in -> in[0].normalizeRows().mul(in[1]).sum(), x, w),
                2 / 3.0,
                0,
                1 / 3.0,
                0.14830141322159973,
                0.004361806271223519,
                -0.017447225084894075);
        assertWorstIsOneOf(
                GradCheck.of(in -> in[0].softmaxCrossEntropy(in[1]), x, Tensor.vector(2, 0)),
                0.13269396438612097,
                0.3606995921369843,
                -0.4933935565231053,
                -0.4854391192312608,
                0.003248971657830971,
                0.4821901475734298);
    }

    private static void assertWorstIsOneOf(GradCheck check, double... torch) {
        GradCheck.Row row = check.requirePassed().rows().get(0);
        int row0 = row.worst().charAt(1) - '0';
        int column = row.worst().charAt(3) - '0';
        assertThat(row.numerical()).isCloseTo(torch[3 * row0 + column], Offset.offset(1e-6));
    }

    // ---- kinks, sharing, names --------------------------------------------------------------------------------------

    @Test
    void kinksAreCountedAndNamed() {
        Tensor x = Tensor.vector(0, 1, -1, 0, 1e-4f).trainable();
        GradCheck check = GradCheck.of(in -> in[0].relu(), x).requirePassed();
        assertThat(check.rows()).singleElement().satisfies(row -> {
            assertThat(row.kinks()).containsExactly("[0]", "[3]");
            assertThat(row.checked()).isEqualTo(3);
        });
        assertThat(check.toString()).endsWith("kinks of 'input 0' (step 1 (relu), x): [0] [3]\n");

        GradCheck none = GradCheck.of(in -> in[0].relu(), Tensor.vector(0, 0).trainable());
        assertThat(none.toString()).contains("kinks only");
    }

    @Test
    void smoothCurvesAreNoKinks() {
        Tensor x = Tensor.vector(0, 1e-3f, -2, 3).trainable();
        GradCheck check = GradCheck.of(
                        in -> in[0].mul(in[0]).mul(in[0]).scale(30).sigmoid(), x)
                .requirePassed();
        assertThat(check.rows().get(0).kinks()).isEmpty();
    }

    @Test
    void tensorUsedSeveralTimesIsOneRow() {
        Tensor x = sample(1, 3, 3).trainable().named("x");
        Tape tape = Tape.fresh();
        Tensor a = tape.input(x);
        Tensor b = tape.input(x);
        a.matMul(b).add(a.mul(a)).tanh().sum().backward();
        Tensor y = tape.steps().get(tape.steps().size() - 1).out();
        assertThat(GradCheck.of(y).requirePassed().rows()).singleElement().satisfies(row -> {
            assertThat(row.name()).isEqualTo("x");
            assertThat(row.usedBy()).isEqualTo("step 1 (matMul), x");
        });
    }

    @Test
    void recordedStepOfATrainingLoop() {
        Sequential model = networks().findFirst().orElseThrow().network.apply(new TorchRandom(0));
        Tape tape = Tape.reusing();
        for (int step = 0; step < 2; step++) {
            tape.begin();
            Tensor x = tape.input(images(3, 4));
            Tensor loss = new BCELoss().of(model.forward(x), x);
            model.parameters().forEach(Tensor::zeroGrad);
            loss.backward();
            float[] before = model.parameters().get(0).grad().clone();
            GradCheck check = GradCheck.of(loss).requirePassed();
            assertThat(check.rows())
                    .extracting(GradCheck.Row::name)
                    .containsExactly("0.weight", "0.bias", "1.weight", "2.weight", "2.bias");
            assertThat(model.parameters().get(0).grad()).isEqualTo(before);
            assertThat(GradCheck.of(loss, 3, 5).rows())
                    .extracting(GradCheck.Row::checked)
                    .containsExactly(3, 2, 1, 3, 3);
        }
    }

    @Test
    void gradientsOfTheModelAreLeftAsTheyWere() {
        Sequential model = network(new Linear(4, 1, new TorchRandom(0)));
        Arrays.fill(model.parameters().get(0).grad(), 5);
        GradCheck.of(model, new MSELoss(), images(3, 4).trainable(), sample(1, 3, 1))
                .requirePassed();
        assertThat(model.parameters().get(0).grad()).containsOnly(5);
        assertThat(model.parameters().get(1).grad()).containsOnly(0);
    }

    @Test
    void tableIsAligned() {
        Tensor x = Tensor.vector(1, 2).trainable().named("x");
        assertThat(GradCheck.of(in -> in[0].mul(in[0]).sum(), x).toString()).matches("""
                        input  shape  used by          checked  kinks  worst at   gradient  by differences  apart    bound
                        x      \\[2\\]    step 1 \\(mul\\), x   2 of 2      0  \\[0\\]       2.0000000       2.0000000      0  \\d\\.\\de-07  ok
                        """);
    }

    // ---- wrong use --------------------------------------------------------------------------------------------------

    @Test
    void wrongUseIsToldApart() {
        assertThatIllegalStateException()
                .isThrownBy(() -> GradCheck.of(Tensor.scalar(1).named("loss")))
                .withMessage(
                        "GradCheck: 'loss' was not recorded; begin with tape.input(...) so that operations go on the tape");
        Tape tape = Tape.fresh();
        Tensor constant = tape.input(Tensor.vector(1, 2)).sum();
        assertThatIllegalStateException()
                .isThrownBy(() -> GradCheck.of(constant))
                .withMessageStartingWith("GradCheck: nothing that 'sum' was computed from requires a gradient");
        assertThatIllegalStateException()
                .isThrownBy(() -> GradCheck.of(in -> in[0].exp(), Tensor.vector(1, 2)))
                .withMessageContaining("call trainable() on the tensors to be checked");
        Tensor vector = tape.input(Tensor.vector(1, 2).trainable()).exp();
        assertThatThrownBy(() -> GradCheck.of(vector))
                .isInstanceOf(ShapeException.class)
                .hasMessageContaining("loss must be a single number but is [2]");
        Tensor loss = vector.sum();
        assertThatIllegalStateException()
                .isThrownBy(() -> GradCheck.of(loss))
                .withMessageStartingWith("GradCheck: every gradient is zero: call loss.backward() first");
        loss.backward();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> GradCheck.of(loss, 0, 1))
                .withMessage("GradCheck: 0 elements of each input to check: at least 1 is needed");
        assertThatCode(() -> GradCheck.of(loss).requirePassed()).doesNotThrowAnyException();
        tape.begin();
        assertThatIllegalStateException()
                .isThrownBy(() -> GradCheck.of(loss))
                .withMessageContaining("is no result of the present step of its tape");
    }

    @Test
    void gradientsOfSeveralWalksAreRefused() {
        Tensor x = Tensor.vector(1, 2).trainable();
        Tape tape = Tape.fresh();
        tape.input(x).exp().sum().backward();
        tape.begin();
        Tensor second = tape.input(x).exp().sum();
        second.backward();
        assertThatIllegalStateException()
                .isThrownBy(() -> GradCheck.of(second))
                .withMessageStartingWith("GradCheck: the gradients are not those of one backward() of 'sum'")
                .withMessageContaining("call zeroGrad() before backward()");
    }

    @Test
    void changedParametersAndInfiniteValuesAreRefused() {
        Tensor x = Tensor.vector(1, 2).trainable();
        Tensor loss = Tape.fresh().input(x).exp().sum();
        loss.backward();
        x.data()[0] = 1.5f;
        assertThatIllegalStateException()
                .isThrownBy(() -> GradCheck.of(loss))
                .withMessageStartingWith("GradCheck: step 1 (exp) gave 2.718")
                .withMessageContaining("check after backward() and before optimizer.step()");
        assertThatIllegalStateException()
                .isThrownBy(
                        () -> GradCheck.of(in -> in[0].log(), Tensor.vector(0).trainable()))
                .withMessageStartingWith("GradCheck: step 1 (log) gave -Infinity, where no derivative can be checked");
    }

    private static float[] uniform(long seed, int n, double from, double to) {
        float[] numbers = new float[n];
        new TorchRandom(seed).uniform(numbers, from, to);
        return numbers;
    }
}

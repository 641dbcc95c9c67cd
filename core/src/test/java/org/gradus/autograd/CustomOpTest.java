package org.gradus.autograd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Operations of users. The example in the documentation of {@link CustomOp} is taken from there, compiled and checked. */
class CustomOpTest {

    private static final Path SOURCE =
            Path.of(System.getProperty("basedir", "")).resolve("src/main/java/org/gradus/autograd/CustomOp.java");

    @Test
    void exampleOfTheDocumentationWorks(@TempDir Path folder) throws Exception {
        CustomOp square = compiled(example(), folder);
        Tensor x = Tensor.vector(3).trainable();
        Tape tape = Tape.fresh();
        Tensor y = Tensor.apply(square, tape.input(x)).sum();
        y.backward();
        assertThat(y.item()).isEqualTo(9);
        assertThat(x.grad()).containsExactly(6);

        // d(2 v^2)/dv = 4 v, added to what is there
        Tensor v = Tensor.vector(-2, 0, 0.5f).trainable();
        for (int walk = 1; walk <= 2; walk++) {
            Tensor.apply(square, Tape.fresh().input(v)).scale(2).sum().backward();
            assertThat(v.grad()).containsExactly(-8 * walk, 0, 2 * walk);
        }
    }

    /** y = relu(x)^2, dL/dx += 2 relu(x) G, by methods of tensors. */
    private record SquaredRelu() implements CustomOp {

        @Override
        public String name() {
            return "squaredRelu";
        }

        @Override
        public Shape shapeOf(Shape... in) {
            return in[0];
        }

        @Override
        public void forward(Tensor[] in, Tensor out) {
            Tensor r = in[0].relu();
            System.arraycopy(r.mul(r).data(), 0, out.data(), 0, out.size());
        }

        @Override
        public void backward(Tensor[] in, Tensor out) {
            Tensor g = Tensor.of(out.shape(), out.grad());
            float[] added = in[0].relu().scale(2).mul(g).data();
            for (int i = 0; i < added.length; i++) {
                in[0].grad()[i] += added[i];
            }
        }
    }

    /** By hand, for L = sum relu(2 x)^2: dL/dx = 8 x where x is positive. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatItComputesWithTensorsIsNotRecorded(boolean reusing) {
        Tape tape = reusing ? Tape.reusing() : Tape.fresh();
        CustomOp op = new SquaredRelu();
        for (int step = 0; step < 3; step++) {
            tape.begin();
            Tensor x = Tensor.vector(-1, 3).trainable();
            Tensor y = Tensor.apply(op, tape.input(x).scale(2));
            Tensor loss = y.sum();
            loss.backward();
            assertThat(tape.steps()).extracting(Tape.Step::op).containsExactly(new ScaleOp(2), op, new SumOp());
            assertThat(y.data()).containsExactly(0, 36);
            assertThat(x.grad()).containsExactly(0, 24);

            x.data()[0] = 5;
            x.zeroGrad();
            tape.replay();
            loss.backward();
            assertThat(tape.steps()).hasSize(3);
            assertThat(loss.item()).isEqualTo(136);
            assertThat(x.grad()).containsExactly(40, 24);
        }
    }

    /** Fails where it is told to. */
    private record Failing(boolean forward) implements CustomOp {

        @Override
        public String name() {
            return "failing";
        }

        @Override
        public Shape shapeOf(Shape... in) {
            return in[0];
        }

        @Override
        public void forward(Tensor[] in, Tensor out) {
            out.data()[0] = in[0].data()[0];
            if (forward) {
                throw new ArithmeticException("forward");
            }
        }

        @Override
        public void backward(Tensor[] in, Tensor out) {
            throw new ArithmeticException("backward");
        }
    }

    @Test
    void whenItFailsTheTapeStillRecords() {
        Tape tape = Tape.reusing();
        Tensor x = tape.variable("x", 3);
        assertThatThrownBy(() -> Tensor.apply(new Failing(true), x)).isInstanceOf(ArithmeticException.class);
        assertThat(tape.steps()).isEmpty();
        Tensor y = Tensor.apply(new Failing(false), x);
        assertThatThrownBy(y::backward).isInstanceOf(ArithmeticException.class);
        x.scale(2);
        assertThat(tape.steps()).extracting(Tape.Step::op).containsExactly(new Failing(false), new ScaleOp(2));
    }

    private static String example() throws Exception {
        String text = Files.readString(SOURCE);
        String open = "<pre>{@code";
        String body = text.substring(text.indexOf(open) + open.length(), text.indexOf("}</pre>"));
        return body.replaceAll("(?m)^ \\* ?", "");
    }

    private static CustomOp compiled(String example, Path folder) throws Exception {
        Path source = folder.resolve("Square.java");
        Files.writeString(source, "import org.gradus.autograd.*;\n" + example);
        String classPath = new File(CustomOp.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .toURI())
                .toString();
        int status = ToolProvider.getSystemJavaCompiler()
                .run(null, null, null, "-proc:none", "-cp", classPath, "-d", folder.toString(), source.toString());
        assertThat(status).isZero();
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {folder.toUri().toURL()}, CustomOp.class.getClassLoader())) {
            var constructor = loader.loadClass("Square").getDeclaredConstructor();
            constructor.setAccessible(true);
            return (CustomOp) constructor.newInstance();
        }
    }

    /** y = x - z, by an operation that writes into the array it is given: that must not reach the tape. */
    private record Scribbling() implements CustomOp {

        @Override
        public String name() {
            return "scribbling";
        }

        @Override
        public Shape shapeOf(Shape... in) {
            return in[0];
        }

        @Override
        public void forward(Tensor[] in, Tensor out) {
            out.data()[0] = in[0].data()[0] - in[1].data()[0];
            in[0] = in[1];
        }

        @Override
        public void backward(Tensor[] in, Tensor out) {
            in[0].grad()[0] += out.grad()[0];
            in[1].grad()[0] -= out.grad()[0];
            in[1] = in[0];
        }
    }

    @Test
    void operationMayWriteIntoTheArrayOfItsInputs() {
        Tape tape = Tape.fresh();
        Tensor x = tape.variable("x", 5);
        Tensor z = tape.variable("z", 3);
        Tensor y = Tensor.apply(new Scribbling(), x, z);
        for (int round = 1; round <= 3; round++) {
            y.backward();
            assertThat(y.item()).isEqualTo(2);
            assertThat(x.grad()).containsExactly(round);
            assertThat(z.grad()).containsExactly(-round);
            assertThat(tape.steps().get(0).in()).containsExactly(x, z);
            tape.replay();
        }
    }
}

//DEPS org.gradus:gradus-core:0.1.0-SNAPSHOT
//DEPS org.gradus:gradus-inspect:0.1.0-SNAPSHOT
//RUNTIME_OPTIONS --add-modules=jdk.incubator.vector
//SOURCES gradus.jsh

// Lesson 10: Checking a gradient
// A wrong derivative raises no error. Nudging the input finds it.
//
// Whoever writes an operation writes its derivative too, and mistakes there are quiet: training runs, only worse. But a
// derivative can always be checked against the formula itself, as in lesson 1. Move x by h to both sides and divide:
//
//   f'(x) is about (f(x + h) - f(x - h)) / (2 h)
//
// How small should h be? Softplus, ln(1 + exp(x)), has the derivative sigmoid(x). We measure the error of the quotient
// at x = 1, once with f rounded to float and once in double.

double softplus(double x) {
    return StrictMath.log1p(StrictMath.exp(x));
}

double sigmoid(double x) {
    return 1 / (1 + StrictMath.exp(-x));
}

printf("       h   error with floats   with doubles%n");
for (double h : new double[] {1, 1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8}) {
    float up = (float) softplus((float) (1 + h));
    float down = (float) softplus((float) (1 - h));
    double inFloat = (up - down) / (2 * h);
    double inDouble = (softplus(1 + h) - softplus(1 - h)) / (2 * h);
    printf("%8.0e %19.1e %14.1e%n", h, Math.abs(inFloat - sigmoid(1)), Math.abs(inDouble - sigmoid(1)));
}

// From above, each tenth of h makes the error a hundredth: the curve bends, and the quotient sees the bend. From below,
// each tenth makes it about ten times larger: the two values agree in ever more digits, and their difference consists
// of roundings. With floats the best in this table is five right digits. With doubles it is about ten, at 1e-5. So we
// check a gradient that was computed in float against differences of the formula in double.
//
// This is an operation of our own, for any function of one number. It computes y = f(x) element by element, and its
// backward pass adds f'(x) times the gradient that arrives.

record Elementwise(String name, DoubleUnaryOperator f, DoubleUnaryOperator derivative) implements CustomOp {
    public Shape shapeOf(Shape... in) {
        return in[0];
    }

    public void forward(Tensor[] in, Tensor out) {
        for (int i = 0; i < out.size(); i++) {
            out.data()[i] = (float) f.applyAsDouble(in[0].data()[i]);
        }
    }

    public void backward(Tensor[] in, Tensor out) {
        for (int i = 0; i < out.size(); i++) {
            in[0].grad()[i] += (float) derivative.applyAsDouble(in[0].data()[i]) * out.grad()[i];
        }
    }
}

// And this is the check. The loss is the sum of r y with random r, so that mistakes of different elements cannot
// cancel. A relative error near 1e-7 is rounding. For this operation anything far above it is a mistake.

Tape tape = Tape.fresh();
TorchRandom random = new TorchRandom(0);
float[] r = random.randn(8);
Tensor x = Tensor.vector(random.randn(8)).trainable().named("x");

void check(String what, Function<Tensor, Tensor> computation, DoubleUnaryOperator formula) {
    tape.begin();
    x.zeroGrad();
    computation.apply(tape.input(x)).mul(Tensor.vector(r)).sum().backward();
    double worst = 0;
    for (int i = 0; i < 8; i++) {
        double at = x.data()[i], h = 1e-5;
        double expected = r[i] * (formula.applyAsDouble(at + h) - formula.applyAsDouble(at - h)) / (2 * h);
        worst = Math.max(worst, Math.abs(x.grad()[i] - expected) / Math.abs(expected));
    }
    printf("%-26s relative error %.0e  %s%n", what, worst, worst < 1e-6 ? "passes" : "WRONG");
}

Elementwise right = new Elementwise("softplus", v -> softplus(v), v -> sigmoid(v));
check("softplus", t -> Tensor.apply(right, t), v -> softplus(v));

// Now some mistakes that are made every day: a sign, a factor that is a little off, the derivative of something else.

void checkDerivative(String what, DoubleUnaryOperator derivative) {
    Elementwise planted = new Elementwise("softplus", v -> softplus(v), derivative);
    check(what, t -> Tensor.apply(planted, t), v -> softplus(v));
}

checkDerivative("wrong sign", v -> -sigmoid(v));
checkDerivative("one percent too large", v -> 1.01 * sigmoid(v));
checkDerivative("derivative of the sigmoid", v -> sigmoid(v) * (1 - sigmoid(v)));

// One mistake hides from this check. An operation that sets the gradient of its input, instead of adding to it, is
// right as long as its input is used once.

record Assigning(String name) implements CustomOp {
    public Shape shapeOf(Shape... in) {
        return in[0];
    }

    public void forward(Tensor[] in, Tensor out) {
        right.forward(in, out);
    }

    public void backward(Tensor[] in, Tensor out) {
        for (int i = 0; i < out.size(); i++) {
            in[0].grad()[i] = (float) sigmoid(in[0].data()[i]) * out.grad()[i];
        }
    }
}

Assigning assigning = new Assigning("assigning");
check("assigning, x used once", t -> Tensor.apply(assigning, t), v -> softplus(v));
check("assigning, x used twice", t -> Tensor.apply(assigning, t).add(t), v -> softplus(v) + v);
check("adding, x used twice", t -> Tensor.apply(right, t).add(t), v -> softplus(v) + v);

// So a check needs a second use of the input, and it needs inputs that are not special: at x = 0 a wrong sign of a
// square passes, and near the kink of a ReLU the quotient means nothing.
//
// The library has this check, for operations and for whole models. Its bound is not a guess: it counts how far the
// roundings of each gradient can go. It calls each backward twice, so that assigning is found out, and names the worst
// element.

System.out.print(GradCheck.of(right, x));
System.out.print(GradCheck.of(new Elementwise("one percent", v -> softplus(v), v -> 1.01 * sigmoid(v)), x));
System.out.print(GradCheck.of(assigning, x));

// To try: plant a mistake that shows only for negative x. How many random numbers does it take to find it?

//DEPS org.gradus:gradus-core:0.1.0-SNAPSHOT
//RUNTIME_OPTIONS --add-modules=jdk.incubator.vector
//SOURCES gradus.jsh

// Lesson 7: Squared error or cross-entropy
// Two losses that are least at the same output, and why one of them learns where the other waits.
//
// A last unit computes z, and its output is the probability p = sigmoid(z). The target y is 1. The squared error (p -
// y)^2 and the cross-entropy -(y ln p + (1 - y) ln(1 - p)) both want p = 1. What matters for learning is the gradient
// for z.

Tape tape = Tape.fresh();

float gradient(float start, float target, Loss loss) {
    tape.begin();
    Tensor z = tape.variable("z", start);
    loss.of(z.sigmoid(), Tensor.scalar(target)).backward();
    return z.grad()[0];
}

Loss mse = new MSELoss();
Loss bce = new BCELoss();

void printTable(float target) {
    printf("     z        p   dMSE/dz   dBCE/dz     p - y%n");
    for (float z : new float[] {-8, -4, -2, 0, 2, 4}) {
        float p = Tensor.scalar(z).sigmoid().item();
        printf("%6.0f %8.4f %9.4f %9.4f %9.4f%n", z, p, gradient(z, target, mse), gradient(z, target, bce), p - target);
    }
}

printTable(1);

// At z = -8 the unit is almost as wrong as it can be: p is 0.0003. Cross-entropy pulls with nearly its full force of 1.
// The squared error hardly pulls at all. It is blind exactly where the error is largest.
//
// The chain rule says why. dL/dz = dL/dp dp/dz, and the sigmoid has dp/dz = p (1 - p), which is almost 0 at either end.
// The squared error has dL/dp = 2 (p - y), at most 2, which cannot make up for that. The cross-entropy has dL/dp = (p -
// y) / (p (1 - p)). Its denominator is the very factor the sigmoid brings, and the two cancel:
//
//   dBCE/dz = p - y
//
// That is the last column of the table. Here are the two factors by themselves.

printf("     z    dMSE/dp    dBCE/dp      dp/dz%n");
for (float start : new float[] {-8, -4, 0, 4}) {
    float p = Tensor.scalar(start).sigmoid().item();
    float[] factors = new float[2];
    Loss[] losses = {mse, bce};
    for (int i = 0; i < 2; i++) {
        tape.begin();
        Tensor output = tape.variable("p", p);
        losses[i].of(output, Tensor.scalar(1)).backward();
        factors[i] = output.grad()[0];
    }
    printf("%6.0f %10.4f %10.2f %10.6f%n", start, factors[0], factors[1], p * (1 - p));
}

// How much does it matter? We let one unit learn from z = -8, with z -= gradient, until p is above 0.9.

int stepsToLearn(Loss loss) {
    float z = -8;
    int steps = 0;
    while (Tensor.scalar(z).sigmoid().item() <= 0.9f) {
        z -= gradient(z, 1, loss);
        steps++;
    }
    return steps;
}

printf("steps with cross-entropy: %d%n", stepsToLearn(bce));
printf("steps with squared error: %d%n", stepsToLearn(mse));

// Pixels are not always black or white. For a grey target of 0.5 both gradients vanish at p = 0.5, so both losses have
// their minimum there.

printTable(0.5f);
printf("least loss: MSE %.4f, BCE %.4f%n", Tensor.scalar(0.5f).mse(Tensor.scalar(0.5f)).item(),
        Tensor.scalar(0.5f).bce(Tensor.scalar(0.5f)).item());

// But the value of the cross-entropy is not 0 there: it is ln 2. With grey images it never reaches 0, and only
// differences between two losses mean something.
//
// To try: start from z = -20. How many steps does cross-entropy need? For squared error, estimate before you wait.

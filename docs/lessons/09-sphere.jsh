//DEPS org.gradus:gradus-core:0.1.0-SNAPSHOT
//RUNTIME_OPTIONS --add-modules=jdk.incubator.vector
//SOURCES gradus.jsh

// Lesson 9: Codes on a sphere
// NormalizeLayer divides each row by its length. Its gradient is tangent to the sphere.
//
// y = x / |x| puts every code on the unit sphere. Only the direction of x counts: y is the same for x and for 10 x.
// Then moving x along itself cannot change y, nor any loss computed from y. So the gradient for x must be perpendicular
// to x, whatever the loss is. Let us see.

Tape tape = Tape.fresh();
TorchRandom random = new TorchRandom(0);
Tensor codes = Tensor.matrix(4, 3, random.randn(12)).trainable();
Tensor target = Tensor.matrix(4, 3, random.randn(12)).normalizeRows();

Tensor lossOf(Tensor codes) {
    tape.begin();
    codes.zeroGrad();
    Tensor y = new NormalizeLayer().forward(tape.input(codes));
    Tensor loss = y.mse(target);
    loss.backward();
    return loss;
}

double dot(float[] a, float[] b, int row) {
    double sum = 0;
    for (int i = 3 * row; i < 3 * row + 3; i++) {
        sum += (double) a[i] * b[i];
    }
    return sum;
}

double length(float[] a, int row) {
    return Math.sqrt(dot(a, a, row));
}

double degrees(float[] a, float[] b, int row) {
    return StrictMath.toDegrees(StrictMath.acos(dot(a, b, row) / (length(a, row) * length(b, row))));
}

lossOf(codes);
printf("code    |x|   angle of x and dL/dx%n");
for (int row = 0; row < 4; row++) {
    printf("%4d %6.3f %14.4f degrees%n", row, length(codes.data(), row), degrees(codes.data(), codes.grad(), row));
}

// With G the gradient that arrives for y, the formula is
//
//   dL/dx = (G - (G . y) y) / |x|
//
// It takes from G the part along y and keeps the rest, which is tangent to the sphere at y. Then it divides by the
// length of x: far out, the same step turns the direction less.

float[] near = codes.grad().clone();
Tensor far = Tensor.matrix(4, 3, codes.data().clone()).trainable();
for (int i = 0; i < 12; i++) {
    far.data()[i] *= 10;
}
float lossNear = lossOf(codes).item();
float lossFar = lossOf(far).item();
printf("loss at x %.6f, at 10 x %.6f%n", lossNear, lossFar);
for (int row = 0; row < 4; row++) {
    printf("code %d: |dL/dx| %.5f at x, %.6f at 10 x%n", row, length(near, row), length(far.grad(), row));
}

// There is a consequence for training. A step perpendicular to x makes a right-angled triangle, and its hypotenuse, the
// new x, is longer than the old one. Under plain gradient descent a code can only move outwards. (Length and angle are
// those of code 0.)

printf("step     loss      |x|   angle to target%n");
for (int step = 0; step <= 40; step++) {
    float loss = lossOf(codes).item();
    if (step % 10 == 0) {
        printf("%4d %8.5f %8.5f %12.2f degrees%n",
                step, loss, length(codes.data(), 0), degrees(codes.data(), target.data(), 0));
    }
    for (int i = 0; i < 12; i++) {
        codes.data()[i] -= 2 * codes.grad()[i];
    }
}

// The angle shrinks and the length grows, by less and less, because the gradient shrinks.
//
// In an autoencoder with codes of three numbers this layer leaves a surface to live on: two numbers, the angles. The
// decoder sees directions only, and no gradient asks for another length of x.
//
// To try: start from codes ten times as long. How many steps does the same turn take?

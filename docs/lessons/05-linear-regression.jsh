//DEPS org.gradus:gradus-core:0.1.0-SNAPSHOT
//RUNTIME_OPTIONS --add-modules=jdk.incubator.vector
//SOURCES gradus.jsh

// Lesson 5: Linear regression, and Adam written out
// Training from first principles: gradient, step, repeat. Then Adam, to the last bit.
//
// Forty points near the line y = 2 x + 1, with some noise. We look for the slope w and the intercept b that make the
// mean squared error smallest.

int n = 40;
TorchRandom random = new TorchRandom(0);
float[] xs = random.randn(n);
float[] noise = random.randn(n);
float[] ys = new float[n];
for (int i = 0; i < n; i++) {
    ys[i] = 2 * xs[i] + 1 + 0.3f * noise[i];
}

// With L = (1/n) sum (w x_i + b - y_i)^2 the chain rule gives
//
//   dL/dw = (2/n) sum (w x_i + b - y_i) x_i
//   dL/db = (2/n) sum (w x_i + b - y_i)
//
// A step moves each number against its gradient. The factor is the learning rate.

float w = 0, b = 0;
for (int step = 1; step <= 60; step++) {
    float dw = 0, db = 0;
    for (int i = 0; i < n; i++) {
        float error = w * xs[i] + b - ys[i];
        dw += 2f / n * error * xs[i];
        db += 2f / n * error;
    }
    w -= 0.1f * dw;
    b -= 0.1f * db;
    if (step == 1 || step % 20 == 0) {
        printf("by hand, step %2d:    w %.4f   b %.4f%n", step, w, b);
    }
}

// The same with the library. Compare this loop with the one above: the tape has replaced the derivation, and the
// optimiser the two assignments.

Linear line = new Linear(1, 1, random);
line.weight().data()[0] = 0;
line.bias().data()[0] = 0;
Tensor x = Tensor.matrix(n, 1, xs);
Tensor y = Tensor.matrix(n, 1, ys);
Tape tape = Tape.reusing();

void train(Optimizer optimizer, int steps) {
    for (int step = 1; step <= steps; step++) {
        tape.begin();
        Tensor loss = line.forward(tape.input(x)).mse(y);
        optimizer.zeroGrad();
        loss.backward();
        optimizer.step();
    }
}

train(new SGD(line.parameters(), 0.1), 60);
printf("with Gradus, step 60: w %.4f   b %.4f%n", line.weight().item(), line.bias().item());

// For a straight line there is no need to descend: where both derivatives are 0 there are two linear equations. This is
// where the descent is going.

double sx = 0, sy = 0, sxx = 0, sxy = 0;
for (int i = 0; i < n; i++) {
    sx += xs[i];
    sy += ys[i];
    sxx += (double) xs[i] * xs[i];
    sxy += (double) xs[i] * ys[i];
}
double slope = (n * sxy - sx * sy) / (n * sxx - sx * sx);
printf("least squares:        w %.4f   b %.4f%n", slope, (sy - slope * sx) / n);

// Many networks are trained with Adam. For every number it keeps two running means: m of the gradient, v of its square.
// It steps by m / (sqrt(v) + 1e-8), so a number whose gradients agree moves by about the learning rate at each step,
// even if those gradients are small, as long as they are well above 1e-8. Both means start at 0, and are divided by
// 1 - beta^t to make up for it.
//
// Here is Adam for our two numbers, written out next to the library's. Math.fma(a, b, c) is a b + c with a single
// rounding; the library uses it too, so even the roundings agree.

class WrittenOut {
    final float[] m = new float[2];
    final float[] v = new float[2];
    double beta1Power = 1, beta2Power = 1;

    void step(float[] p, float[] g) {
        beta1Power *= 0.9;
        beta2Power *= 0.999;
        float stepSize = (float) (0.05 / (1 - beta1Power));
        float correction = (float) Math.sqrt(1 - beta2Power);
        for (int i = 0; i < 2; i++) {
            m[i] = Math.fma((float) (1 - 0.9), g[i], (float) 0.9 * m[i]);
            v[i] = Math.fma((float) (1 - 0.999) * g[i], g[i], (float) 0.999 * v[i]);
            float root = (float) Math.sqrt(v[i]) / correction;
            p[i] -= stepSize * m[i] / (root + 1e-8f);
        }
    }
}

line.weight().data()[0] = 0;
line.bias().data()[0] = 0;
Adam adam = new Adam(line.parameters(), Adam.defaults().withLearningRate(0.05));
WrittenOut ours = new WrittenOut();
float[] p = {0, 0};
int equal = 0;
for (int step = 1; step <= 200; step++) {
    train(adam, 1);
    ours.step(p, new float[] {line.weight().grad()[0], line.bias().grad()[0]});
    if (p[0] == line.weight().item() && p[1] == line.bias().item()) {
        equal++;
    }
    if (step == 1 || step % 50 == 0) {
        printf("Adam, step %3d: w %.4f   b %.4f   written out: %.4f   %.4f%n",
                step, line.weight().item(), line.bias().item(), p[0], p[1]);
    }
}
printf("equal to the last bit after %d of 200 steps%n", equal);

// The first step is 0.05 for both numbers, the learning rate itself: after one gradient m / sqrt(v) is g / |g|. So of
// the first gradient Adam uses the sign alone and not the size, unless that is near 1e-8.
//
// To try: multiply the loss by 1000 with scale(1000). What does it change for SGD, and what for Adam?

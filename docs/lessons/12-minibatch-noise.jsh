//DEPS org.gradus:gradus-core:0.1.0-SNAPSHOT
//DEPS org.gradus:gradus-mnist:0.1.0-SNAPSHOT
//RUNTIME_OPTIONS --add-modules=jdk.incubator.vector
//SOURCES gradus.jsh

// Lesson 12: The noise of a minibatch
// A small batch gives the right gradient on average. How wrong is it on its own?
//
// The loss is a mean over all images, and so is its gradient. A minibatch takes the mean over a few images only: an
// estimate, right on average and noisy. We measure the noise on 512 digits and an untrained autoencoder.

int n = 512;
float[] pixels = new float[n * 784];
byte[] bytes = Mnist.load().train().pixels();
for (int i = 0; i < pixels.length; i++) {
    pixels[i] = (bytes[i] & 0xFF) / 255f;
}
Tensor images = Tensor.matrix(n, 784, pixels);

Sequential network() {
    TorchRandom random = new TorchRandom(0);
    return new Sequential(new Linear(784, 16, random), new Tanh(), new Linear(16, 784, random), new Sigmoid());
}

Sequential net = network();
Tape tape = Tape.reusing();

float[] gradient(int... indices) {
    float[] rows = new float[indices.length * 784];
    for (int i = 0; i < indices.length; i++) {
        System.arraycopy(pixels, indices[i] * 784, rows, i * 784, 784);
    }
    tape.begin();
    Tensor x = tape.input(Tensor.matrix(indices.length, 784, rows));
    Tensor loss = net.forward(x).bce(x);
    net.parameters().forEach(Tensor::zeroGrad);
    loss.backward();
    return net.stateDict().get("0.weight").grad().clone();
}

double dot(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
        sum += (double) a[i] * b[i];
    }
    return sum;
}

float[] full = gradient(IntStream.range(0, n).toArray());
double fullLength = Math.sqrt(dot(full, full));

double squaredError(float[] g) {
    return (dot(g, g) - 2 * dot(g, full)) / dot(full, full) + 1;
}

// The error of an estimate g is its distance from the full gradient, in units of the length of the full gradient. First
// each image alone; the root of the mean square over all images is their spread.

double spread = 0;
for (int i = 0; i < n; i++) {
    spread += squaredError(gradient(i)) / n;
}
printf("one image: error %.3f%n", Math.sqrt(spread));

// So a single image is of little use: the error is larger than what it estimates. But errors of different images cancel
// in a mean. Statistics predicts how far: with b images the error falls as 1 / sqrt(b), and a little faster once the
// batch is a good part of the set (the factor (n - b) / (n - 1) under the root). We draw 40 batches of each size. The
// cosine says how well the directions agree; 1 is perfect.

NumpyRandom random = new NumpyRandom(0);
int draws = 40;
printf(" batch   error   predicted   cosine%n");
for (int batch : new int[] {2, 8, 32, 128}) {
    double squares = 0, cosines = 0;
    for (int d = 0; d < draws; d++) {
        float[] g = gradient(random.choice(n, batch));
        squares += squaredError(g) / draws;
        cosines += dot(g, full) / (Math.sqrt(dot(g, g)) * fullLength) / draws;
    }
    double predicted = Math.sqrt(spread * (n - batch) / (batch * (n - 1.0)));
    printf("%6d %7.3f %11.3f %8.3f%n", batch, Math.sqrt(squares), predicted, cosines);
}

// Four times the images, about half the error, as predicted. That is a poor bargain: half the error for four times the
// work.
// The same work spent on four steps in nearly the right direction usually goes further. We let Adam pass over the
// images once, with different batches. The work is the same each time, only the number of steps differs.

for (int batch : new int[] {512, 32, 4}) {
    Sequential fresh = network();
    History history = new Trainer(fresh, new BCELoss(), new Adam(fresh.parameters()), new NumpyRandom(0))
            .epochs(1)
            .batchSize(batch)
            .fit(images, images);
    printf("batch %3d, steps %3d: loss %.4f%n", batch, n / batch, history.table().get(0).train());
}

// One step with the exact gradient, or 128 steps with rough ones: the rough ones win by far. (Too rough is no good
// either: in the end the noise keeps the weights from settling, and products of larger matrices are faster for the same
// number of images. 32 to 128 is a usual compromise.)
//
// To try: print the errors after training. Does the noise grow or shrink as the loss falls?

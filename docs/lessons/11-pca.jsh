//DEPS org.gradus:gradus-core:0.1.0-SNAPSHOT
//DEPS org.gradus:gradus-mnist:0.1.0-SNAPSHOT
//DEPS org.gradus:gradus-linalg:0.1.0-SNAPSHOT
//RUNTIME_OPTIONS --add-modules=jdk.incubator.vector
//SOURCES gradus.jsh

// Lesson 11: A linear autoencoder finds the principal components
// Without activations an autoencoder learns what PCA computes: not the same axes, but the same plane.
//
// PCA looks for the plane on which the images, projected, lose least. A linear autoencoder with two hidden units looks
// for the same thing: its outputs lie on a plane, that of the two columns of the decoder's weight, and training makes
// the mean squared error small. So both should find the same plane.
//
// Five hundred digits, shrunk to 14 x 14 pixels by averaging, to be quick.

byte[] pixels = Mnist.load().train().pixels();
float[] small = new float[500 * 196];
for (int i = 0; i < 500; i++) {
    for (int p = 0; p < 784; p++) {
        small[i * 196 + p / 56 * 14 + p % 28 / 2] += (pixels[i * 784 + p] & 0xFF) / (4 * 255f);
    }
}
Tensor images = Tensor.matrix(500, 196, small);

// This is what PCA leaves, the least that any plane can.

Pca pca = Pca.fit(images, 2);
float pcaLoss = pca.inverseTransform(pca.transform(images)).mse(images).item();
printf("PCA loses %.6f%n", pcaLoss);

// And this is the autoencoder. The biases take care of the mean image, which PCA subtracts.

TorchRandom random = new TorchRandom(0);
Linear encoder = new Linear(196, 2, random);
Linear decoder = new Linear(2, 196, random);
Sequential net = new Sequential(encoder, decoder);

// How far apart are two planes? There are two principal angles: the smallest angle between a line of one plane and a
// line of the other, and then the same for what is perpendicular to those two. Both are 0 if the planes are one. Their
// cosines are the singular values of A B, where A [2,d] and B [d,2] hold orthonormal axes of the planes.

double[] axis(int column, double[]... before) {
    double[] v = new double[196];
    for (int i = 0; i < 196; i++) {
        v[i] = decoder.weight().get(i, column);
    }
    for (double[] b : before) {
        double along = dot(v, b);
        for (int i = 0; i < 196; i++) {
            v[i] -= along * b[i];
        }
    }
    double length = Math.sqrt(dot(v, v));
    return Arrays.stream(v).map(x -> x / length).toArray();
}

double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
        sum += a[i] * b[i];
    }
    return sum;
}

double[] component(int row) {
    return IntStream.range(0, 196).mapToDouble(i -> pca.components().get(row, i)).toArray();
}

double[] principalAngles() {
    double[] b0 = axis(0);
    double[] b1 = axis(1, b0);
    double p = dot(component(0), b0), q = dot(component(0), b1);
    double r = dot(component(1), b0), s = dot(component(1), b1);
    double half = (p * p + q * q + r * r + s * s) / 2;
    double root = Math.sqrt(Math.max(0, half * half - (p * s - q * r) * (p * s - q * r)));
    return DoubleStream.of(half + root, half - root)
            .map(square -> StrictMath.toDegrees(StrictMath.acos(Math.min(1, Math.sqrt(Math.max(0, square))))))
            .toArray();
}

Adam adam = new Adam(net.parameters(), Adam.defaults().withLearningRate(0.03));
Tape tape = Tape.reusing();
printf("  step       loss   above PCA   principal angles%n");
for (int step = 0; step <= 300; step++) {
    tape.begin();
    Tensor x = tape.input(images);
    Tensor loss = net.forward(x).mse(x);
    if (List.of(0, 20, 50, 100, 200, 300).contains(step)) {
        double[] angles = principalAngles();
        printf("%6d %10.6f %9.3f %% %8.2f %8.2f degrees%n",
                step, loss.item(), 100 * (loss.item() / pcaLoss - 1), angles[0], angles[1]);
    }
    adam.zeroGrad();
    loss.backward();
    adam.step();
}

// The loss comes down to within 0.1 % of PCA's, and both angles close; the larger one still has nine degrees to go. No
// linear autoencoder with two units can do better than PCA, so there is nothing below to find.
//
// But the axes within the plane are anybody's choice. Each pair of them, turned or stretched in the plane, gives the
// same outputs, if the encoder undoes in advance what the decoder does. Here are the directions of the decoder's two
// columns.

for (int c = 0; c < 2; c++) {
    double[] column = axis(c);
    printf("column %d: cosine with component 1 %6.3f, with component 2 %6.3f%n",
            c + 1, dot(component(0), column), dot(component(1), column));
}

// By chance the first column is nearly component 2, turned round; the second is mostly component 1, with some of
// component 2. They are not even perpendicular. What counts is that both lie almost in the plane: the squares of each
// line's cosines add up to almost 1. Another seed gives other axes of the same plane.
//
// To try: put a ReLU between the two layers. Does the network still find the plane?

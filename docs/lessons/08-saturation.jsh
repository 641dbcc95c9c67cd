//DEPS org.gradus:gradus-core:0.1.0-SNAPSHOT
//RUNTIME_OPTIONS --add-modules=jdk.incubator.vector
//SOURCES gradus.jsh

// Lesson 8: The sigmoid saturates
// Each sigmoid shrinks the gradient at least fourfold. Ten in a row leave less than a millionth.
//
// sigmoid(z) = 1 / (1 + exp(-z)) has the derivative p (1 - p). We let backpropagation compute it.

Tape tape = Tape.fresh();
printf("     z          p      dp/dz%n");
for (float start : new float[] {-16, -8, -4, -2, 0, 2, 4, 8, 16}) {
    tape.begin();
    Tensor z = tape.variable("z", start);
    Tensor p = z.sigmoid();
    p.backward();
    printf("%6.0f %10.7f %10.7f%n", start, p.item(), z.grad()[0]);
}

// It is 1/4 in the middle, and less everywhere else. For a large |z| the curve is flat: the unit is saturated, and
// moving z does not move p. At z = 16 floats come to their end too: p is so close to 1 that little is left of 1 - p.
//
// In a chain of sigmoids the derivatives multiply.

for (int length : new int[] {1, 2, 5, 10, 20}) {
    tape.begin();
    Tensor z = tape.variable("z", 0);
    Tensor y = z;
    for (int i = 0; i < length; i++) {
        y = y.sigmoid();
    }
    y.backward();
    printf("%2d in a row: gradient %.1e, at most %.1e%n", length, z.grad()[0], StrictMath.pow(0.25, length));
}

// Now a network of ten layers with 64 units each, with weights between the sigmoids. The spread of the weights is the
// one recommended for each activation: Glorot's for sigmoid and tanh, Kaiming's for ReLU. We look at the gradients of
// the weights, layer by layer, for random inputs and targets, before any training.

Tensor random(long seed, int rows, int columns) {
    return Tensor.matrix(rows, columns, new TorchRandom(seed).randn(rows * columns));
}

Tensor inputs = random(1, 128, 64);
Tensor targets = random(2, 128, 64);

double[] gradients(Layer activation, BiConsumer<Tensor, TorchRandom> init) {
    TorchRandom stream = new TorchRandom(0);
    List<Layer> layers = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
        Linear linear = new Linear(64, 64, stream);
        init.accept(linear.weight(), stream);
        layers.add(linear);
        layers.add(activation);
    }
    Sequential net = new Sequential(layers);
    tape.begin();
    net.forward(tape.input(inputs)).mse(targets).backward();
    double[] sizes = new double[10];
    for (int i = 0; i < 10; i++) {
        double sum = 0;
        for (float g : ((Linear) layers.get(2 * i)).weight().grad()) {
            sum += (double) g * g;
        }
        sizes[i] = Math.sqrt(sum / (64 * 64));
    }
    return sizes;
}

double[] sigmoid = gradients(new Sigmoid(), Init::xavierNormal);
double[] tanh = gradients(new Tanh(), Init::xavierNormal);
double[] relu = gradients(new ReLU(), Init::kaimingNormal);
printf("root mean square of the gradient%n");
printf("layer    sigmoid       tanh       ReLU%n");
for (int i = 9; i >= 0; i--) {
    printf("%5d %10.1e %10.1e %10.1e%n", i + 1, sigmoid[i], tanh[i], relu[i]);
}
printf("layer 10 gets %,.0f, %.1f and %.1f times the gradient of layer 1%n",
        sigmoid[9] / sigmoid[0], tanh[9] / tanh[0], relu[9] / relu[0]);

// With sigmoids each layer gets about a quarter of what the layer behind it gets, the first one only a fifteenth, and
// that is a millionth of the last one's: by plain gradient descent it learns next to nothing. tanh has the derivative 1
// in the middle, ReLU on its whole positive side. With weights spread to match, the first layer's gradient is smaller
// than the last one's by factors of 1.2 and 2.3 only.
//
// This is one reason why sigmoids are rare between layers. At the end of a network, where a probability is wanted,
// there is only one of them, and cross-entropy cancels its derivative (lesson 7).
//
// To try: give the sigmoid network Kaiming's weights. Does it help?

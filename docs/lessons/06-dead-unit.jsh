//DEPS org.gradus:gradus-core:0.1.0-SNAPSHOT
//DEPS org.gradus:gradus-mnist:0.1.0-SNAPSHOT
//RUNTIME_OPTIONS --add-modules=jdk.incubator.vector
//SOURCES gradus.jsh

// Lesson 6: A unit dies
// A ReLU that is never active gets no gradient, and stays as it is for ever.
//
// An autoencoder squeezes images of 784 pixels through two numbers and tries to draw them again. Its two hidden units
// are ReLUs: max(z, 0). We train it on MNIST with seed 0, as the Neuromatch tutorial does, and count for how many
// images each unit is active, that is, z > 0.
//
// Images for training come in the order that NumPy's seed 0 gives, 64 at a time; a thousand test images judge.

Mnist mnist = Mnist.load();
int[] order = new NumpyRandom(0).permutation(60_000);

Tensor images(LabelledImages set, int... indices) {
    float[] numbers = new float[indices.length * 784];
    for (int i = 0; i < numbers.length; i++) {
        numbers[i] = (set.pixels()[indices[i / 784] * 784 + i % 784] & 0xFF) / 255f;
    }
    return Tensor.matrix(indices.length, 784, numbers);
}

Tensor test = images(mnist.test(), IntStream.range(0, 1000).toArray());

Sequential network(Layer activation) {
    TorchRandom random = new TorchRandom(0);
    return new Sequential(new Linear(784, 2, random), activation, new Linear(2, 784, random), new Sigmoid());
}

void printActive(int step, Sequential net) {
    Tensor z = net.slice(0, 1).forward(test);
    int[] active = new int[2];
    for (int i = 0; i < 1000; i++) {
        for (int unit = 0; unit < 2; unit++) {
            active[unit] += z.get(i, unit) > 0 ? 1 : 0;
        }
    }
    float loss = new FullSetLoss(net, new BCELoss()).of(test, test);
    printf("%6d %9.1f %% %9.1f %% %10.4f%n", step, active[0] / 10.0, active[1] / 10.0, loss);
}

void train(Sequential net) {
    Adam adam = new Adam(net.parameters());
    Tape tape = Tape.reusing();
    printf("  step      unit 0      unit 1  test loss%n");
    printActive(0, net);
    for (int step = 1; step <= 400; step++) {
        tape.begin();
        Tensor x = tape.input(images(mnist.train(), Arrays.copyOfRange(order, 64 * (step - 1), 64 * step)));
        Tensor loss = net.forward(x).bce(x);
        adam.zeroGrad();
        loss.backward();
        adam.step();
        if (List.of(10, 20, 50, 100, 200, 400).contains(step)) {
            printActive(step, net);
        }
    }
}

// First the network as PyTorch would set it up.

Sequential dying = network(new ReLU());
train(dying);

// Unit 0 falls silent within the first ten steps and does not come back. Where z <= 0 the ReLU's derivative is 0, so no
// gradient reaches the weights of unit 0, from any image. Once Adam's running mean of earlier gradients has faded,
// nothing moves them any more: the unit is dead, and one number is left to tell all digits apart.

for (int unit = 0; unit < 2; unit++) {
    float[] gradient = dying.stateDict().get("0.weight").grad();
    boolean zero = true;
    for (int i = 784 * unit; i < 784 * (unit + 1); i++) {
        zero &= gradient[i] == 0;
    }
    printf("unit %d: all 784 gradients are exactly 0: %b%n", unit, zero);
}

// How did it get there? At the start every pixel comes out as about 0.5, but most pixels of a digit are black. So the
// first thing training does is to darken the picture. A unit whose outgoing weights add up to a brighter picture is
// turned down, and because pixels are never negative, lowering its incoming weights lowers z for all images at once.

float[] outgoing = network(new ReLU()).stateDict().get("2.weight").data();
for (int unit = 0; unit < 2; unit++) {
    double sum = 0;
    for (int pixel = 0; pixel < 784; pixel++) {
        sum += outgoing[2 * pixel + unit];
    }
    printf("unit %d: outgoing weights add up to %.1f%n", unit, sum);
}

// The sums differ in sign, and it is unit 0 that brightens.
//
// One remedy is another start. PyTorch's usual weights are drawn between -1/28 and 1/28; Kaiming's for ReLU are 2.4
// times as wide. Everything else stays as it was: the same seed, the same images.

Sequential kaiming = network(new ReLU());
Init.kaimingUniform(((Linear) kaiming.get(0)).weight(), new TorchRandom(0));
train(kaiming);

// That was close. Unit 0 was down to one image in a thousand, but as long as one image keeps it active, a gradient
// comes through, and both units come back. A wider start makes death less likely; it does not rule it out.
//
// The other remedy does, as long as a slope is not 0. Where z <= 0 a PReLU gives a z instead of 0, with the slope a =
// 0.25 at first, and it learns that slope too. The start is exactly that of the network which failed.

Sequential leaky = network(new PReLU());
train(leaky);
printf("slope below 0: %.4f%n", leaky.stateDict().get("1.weight").item());

// Unit 0 goes the same way: after ten steps z is above 0 for none of the thousand test images. But now it is not dead,
// only on the other side of the bend. Its gradient arrives, times the slope, and after 400 steps this network has the
// lowest loss of the three.
//
// To try: seed 1 instead of 0 in network(..). Does a unit die?

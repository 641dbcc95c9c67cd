//DEPS org.gradus:gradus-core:0.1.0-SNAPSHOT
//RUNTIME_OPTIONS --add-modules=jdk.incubator.vector
//SOURCES gradus.jsh

// Lesson 3: Gradients accumulate
// Why gradients are added, never set, and what zeroGrad() is for.
//
// A tensor that is used twice gets a gradient from each use, and they add up. With y = x x + x the product sends x
// twice (once for each factor), the sum sends 1: dy/dx = 2 x + 1.

Tape tape = Tape.fresh();
Tensor x = tape.variable("x", 3);
Tensor y = x.mul(x).add(x);
y.backward();
printf("dy/dx = %.0f%n", x.grad()[0]);

// This is why the backward pass of every operation adds to the gradients of its inputs. An operation that set them
// instead would wipe out what another one has sent before it.
//
// It has a consequence. The gradient of a parameter lives in the parameter, and stays there until someone clears it.
// Here is a weight w = 2 with the loss (w - 5)^2, whose derivative is 2 (w - 5) = -6. We walk back three times, and
// record the loss anew each time.

Tensor w = Tensor.scalar(2).trainable().named("w");
Tensor five = Tensor.scalar(5);

void walk() {
    tape.begin();
    tape.input(w).mse(five).backward();
}

for (int i = 1; i <= 3; i++) {
    walk();
    printf("after walk %d: dL/dw = %.0f%n", i, w.grad()[0]);
}

// Only the first is the derivative. A training step must therefore begin with zeroGrad(). Forgetting it is the classic
// mistake: nothing fails, the network merely learns badly, as if each step also repeated all steps before.

w.zeroGrad();
walk();
printf("after zeroGrad() and a walk: dL/dw = %.0f%n", w.grad()[0]);

// Then why does zeroGrad() not happen by itself? Because adding up is useful. The gradient of a sum is the sum of the
// gradients, so a batch that does not fit into memory can be taken in parts. Each part's mean counts with its share of
// the batch.

TorchRandom random = new TorchRandom(0);
Linear layer = new Linear(3, 1, random);
Tensor images = Tensor.matrix(4, 3, random.randn(12));
Tensor targets = Tensor.matrix(4, 1, random.randn(4));

void addGradientOf(int from, int to) {
    tape.begin();
    Tensor part = Tensor.matrix(to - from, 3, Arrays.copyOfRange(images.data(), 3 * from, 3 * to));
    Tensor wanted = Tensor.matrix(to - from, 1, Arrays.copyOfRange(targets.data(), from, to));
    Tensor loss = layer.forward(tape.input(part)).mse(wanted);
    loss.scale((to - from) / 4f).backward();
}

void printGradient(String how) {
    float[] grad = layer.weight().grad();
    printf("%-16s %.4f  %.4f  %.4f%n", how, grad[0], grad[1], grad[2]);
}

addGradientOf(0, 4);
printGradient("all at once");
layer.parameters().forEach(Tensor::zeroGrad);
addGradientOf(0, 1);
addGradientOf(1, 4);
printGradient("one, then three");

// What about walking the same recording twice? That would add every gradient twice, and it is hardly ever meant. Gradus
// refuses, and says what to do instead.

tape.begin();
Tensor loss = tape.input(w).mse(five);
loss.backward();
try {
    loss.backward();
} catch (IllegalStateException refused) {
    printf("%s%n", refused.getMessage().replace(". ", ".\n").replace("; ", ";\n"));
}

// To try: descend to the minimum of (w - 5)^2 with w -= 0.1 gradient, first with zeroGrad() before each walk, then
// without.

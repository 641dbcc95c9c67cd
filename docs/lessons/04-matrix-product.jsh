//DEPS org.gradus:gradus-core:0.1.0-SNAPSHOT
//RUNTIME_OPTIONS --add-modules=jdk.incubator.vector
//SOURCES gradus.jsh

// Lesson 4: Shapes, and the two gradients of a matrix product
// Most of a network is Y = X W. Its gradients are two more products, and the shapes say which.
//
// X holds a batch, one sample per row: [n,k], here 2 samples of 3 numbers. W holds the weights: [k,m], here from 3
// numbers to 4. Then Y is [n,m].

Tape tape = Tape.fresh();
Tensor x = tape.input(Tensor.matrix(2, 3, 1, 2, 3, 4, 5, 6).trainable().named("X"));
Tensor w = tape.input(Tensor.matrix(3, 4, 1, 0, -1, 2, 0, 1, 1, 0, 2, -1, 0, 1).trainable().named("W"));
Tensor y = x.matMul(w);

void print(String name, int rows, int columns, float[] numbers) {
    printf("%s [%d,%d]%n", name, rows, columns);
    for (int r = 0; r < rows; r++) {
        for (int c = 0; c < columns; c++) {
            printf("%6.1f", numbers[r * columns + c]);
        }
        printf("%n");
    }
}

print("Y", 2, 4, y.data());

// A gradient is only defined for a single number, the loss. Let it be L = sum of Y * G, element by element, with some
// fixed G [n,m]. Moving Y_ij by h moves L by G_ij h, so dL/dY is G: whatever comes after Y in a real network, all that
// arrives here is such a matrix G.

Tensor g = Tensor.matrix(2, 4, 1, -1, 0, 2, 0, 1, 3, -1);
Tensor loss = y.mul(g).sum();
loss.backward();
print("dL/dY", 2, 4, y.grad());
print("dL/dX", 2, 3, x.grad());
print("dL/dW", 3, 4, w.grad());

// A gradient always has the shape of the tensor it belongs to: one number for each number. That alone almost tells the
// formulas. The gradient of X is made of G [n,m] and W [k,m] and must come out as [n,k]: the only product that fits is
// G W^T. That of W is made of X [n,k] and G [n,m] and must come out as [k,m]: X^T G.
//
//   Y = X W      dL/dX = G W^T      dL/dW = X^T G
//
// We write both sums out and compare.

float[] gradX = new float[2 * 3];
float[] gradW = new float[3 * 4];
for (int i = 0; i < 2; i++) {
    for (int j = 0; j < 4; j++) {
        for (int p = 0; p < 3; p++) {
            gradX[i * 3 + p] += g.get(i, j) * w.get(p, j);
            gradW[p * 4 + j] += x.get(i, p) * g.get(i, j);
        }
    }
}
printf("G W^T is dL/dX: %b%n", Arrays.equals(gradX, x.grad()));
printf("X^T G is dL/dW: %b%n", Arrays.equals(gradW, w.grad()));

// Why so? Look at one element, Y_ij = sum over p of X_ip W_pj. It contains W_pj with the factor X_ip. Every sample i
// does, so the gradient of W_pj is the sum over samples of X_ip G_ij. The batch disappears in that sum: dL/dW has the
// same shape for a thousand samples as for one.
//
// The same goes for a bias. One row b [m] is added to every row of Y, so its gradient sums the rows of G.

tape.begin();
Tensor b = tape.input(Tensor.vector(0.5f, -0.5f, 1, 0).trainable().named("b"));
Tensor biased = tape.input(Tensor.zeros(2, 4)).add(b);
biased.mul(g).sum().backward();
print("dL/db", 1, 4, b.grad());

// PyTorch keeps the weight the other way round, [m,k], one row per output, and so does Gradus in its layers: affine(w,
// b) is X W^T + b. Whoever mixes the two up is told so, unless W is square: then both ways fit, and nothing can tell.

Tensor sameWay = Tensor.zeros(2, 3).named("W");
try {
    Tensor.zeros(4, 3).named("X").matMul(sameWay);
} catch (ShapeException clash) {
    printf("%s%n", clash.getMessage().replace(": ", ":\n").replace(". ", ".\n"));
}
printf("affine gives %s%n", Tensor.zeros(4, 3).affine(sameWay, Tensor.zeros(2)).shape());

// To try: check one element of dL/dW by nudging, as in lesson 1.

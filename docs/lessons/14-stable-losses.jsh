//DEPS org.gradus:gradus-core:0.1.0-SNAPSHOT
//RUNTIME_OPTIONS --add-modules=jdk.incubator.vector
//SOURCES gradus.jsh

// Lesson 14: Losses that survive floats
// The same formula, written in two ways: one of them ends in infinity.
//
// A float has 24 binary digits. Near 1 its neighbours are 0.00000012 above and 0.00000006 below, and nothing between
// them exists.

printf("1 + 0.00000003 == 1 is %b%n", 1f + 3e-8f == 1f);

// That is harmless until something is computed from the difference. Take a unit with z and the target y = 0. Its
// cross-entropy is -ln(1 - p) with p = sigmoid(z), which for large z is almost z itself: twice as wrong, twice the
// loss. We compute it as it stands, then with BCELoss, with BCEWithLogitsLoss, and in double by the better formula
// below.

Tensor zero = Tensor.scalar(0);

double inDouble(double z) {
    return Math.max(z, 0) + StrictMath.log1p(StrictMath.exp(-Math.abs(z)));
}

printf("    z   as it stands    BCELoss  WithLogits     double%n");
for (float z : new float[] {0, 5, 10, 15, 20, 50, 150}) {
    float p = Tensor.scalar(z).sigmoid().item();
    float asItStands = -Tensor.scalar(1 - p).log().item();
    printf("%5.0f %14.6f %10.6f %11.6f %10.6f%n", z, asItStands,
            Tensor.scalar(p).bce(zero).item(), Tensor.scalar(z).bceWithLogits(zero).item(), inDouble(z));
}

// As it stands, the loss is off by one per cent at z = 15, and infinite at 20 and above: p has become 1, and ln 0 is
// minus infinity. BCELoss stops each logarithm at -100, as PyTorch does, which saves the sum from infinity but not from
// being wrong. BCEWithLogitsLoss takes z instead of p, and computes
//
//   max(z, 0) - z y + ln(1 + exp(-|z|))
//
// which is the same formula, rearranged so that the exponential is never large and 1 - p is never formed. The gradients
// tell the same story.

Tape tape = Tape.fresh();

float gradient(float start, boolean withLogits) {
    tape.begin();
    Tensor z = tape.variable("z", start);
    Loss loss = withLogits ? new BCEWithLogitsLoss() : new BCELoss();
    loss.of(withLogits ? z : z.sigmoid(), zero).backward();
    return z.grad()[0];
}

printf("    z  through BCELoss  WithLogits%n");
for (float z : new float[] {5, 15, 20, 150}) {
    printf("%5.0f %16.6f %11.6f%n", z, gradient(z, false), gradient(z, true));
}

// For z = 20 the unit is very wrong, and gets no gradient through the sigmoid at all: p (1 - p) is 0 in floats. Lesson
// 7 said that cross-entropy and sigmoid cancel. They do on paper; in floats they must be written as one.
//
// With more than two classes the same happens to the softmax, exp(z_j) / sum of exp(z_k). A float ends at 3.4e38, which
// is exp(88.7). CrossEntropyLoss takes the largest z off first, which changes no quotient.

float[] logits = {100, 99, 90};
float sum = 0;
for (float z : logits) {
    sum += Tensor.scalar(z).exp().item();
}
printf("exp(100) = %f, softmax %f%n", Tensor.scalar(100).exp().item(), Tensor.scalar(100).exp().item() / sum);
printf("cross-entropy %.6f%n", new CrossEntropyLoss().of(Tensor.matrix(1, 3, logits), Tensor.vector(0)).item());
double shifted = StrictMath.log(1 + StrictMath.exp(-1) + StrictMath.exp(-10));
printf("in double     %.6f%n", shifted);

// Small numbers have a trap of their own. In ln(1 + x) the sum rounds x to a multiple of 0.00000012 before the
// logarithm sees it. log1p(x) is the same function, computed without that sum.

printf("       x    ln(1 + x)     log1p(x)%n");
for (float x : new float[] {1e-2f, 1e-4f, 1e-6f, 1e-8f}) {
    printf("%8.0e %12.6e %12.6e%n", x, FloatMath.log(1 + x), FloatMath.log1p(x));
}

// Last, long sums. Near 50,000 floats are 0.004 apart, so each time 0.1 is added to such a total the result is off by
// up to 0.002, and always to the same side for a while. A single running float drifts away; in double nothing is seen
// of that. Gradus adds in 16 floats side by side over short pieces, and adds the pieces in double.

float inFloat = 0;
double doubleSum = 0;
for (int i = 0; i < 1_000_000; i++) {
    inFloat += 0.1f;
    doubleSum += 0.1f;
}
printf("a million times 0.1: float %,.1f, double %,.1f%n", inFloat, doubleSum);
Tensor tenths = Tensor.zeros(1_000_000);
Arrays.fill(tenths.data(), 0.1f);
printf("Gradus: %,.2f%n", tenths.sum().item());

// The single float is off by one per cent, Gradus by 0.06 of 100,000. That is what its floats lose: in a piece each of
// the 16 adds 64 tenths, all equal, so that the roundings lean to one side, and ends at 6.399996 instead of 6.4. With
// numbers that differ, roundings go up and down, and less is lost.
//
// Floats are enough for networks if the few places where digits vanish are written with care. Most of them are in the
// losses.
//
// To try: write the softmax cross-entropy of the three logits yourself, in floats, so that it survives.

//DEPS org.gradus:gradus-core:0.1.0-SNAPSHOT
//RUNTIME_OPTIONS --add-modules=jdk.incubator.vector
//SOURCES gradus.jsh

// Lesson 1: One number, by hand
// What a gradient is, checked with pencil and paper and by nudging.
//
// A derivative answers one question: if I move this number a little, how much does the result move? Take y = a b + a
// with a = 3 and b = 4. Moving a by h moves y by (b + 1) h, moving b by h moves it by a h. So dy/da = b + 1 = 5 and
// dy/db = a = 3.
//
// Gradus finds the same without being told the formula for the derivative. It writes every operation down on a tape,
// and then walks the tape backwards.

Tape tape = Tape.fresh();
Tensor a = tape.variable("a", 3);
Tensor b = tape.variable("b", 4);
Tensor y = a.mul(b).add(a);
y.backward();
printf("y = %.1f   dy/da = %.1f   dy/db = %.1f%n", y.item(), a.grad()[0], b.grad()[0]);

// How did it know? Each operation can answer the question for itself alone. A product u v passes the gradient that
// arrives at it on to u, times v, and to v, times u. A sum passes it on as it is. At a two gradients arrive, one from
// the product (b = 4) and one from the sum (1). They add up to 5.
//
// That is all of backpropagation: local derivatives, multiplied along each path, added over all paths. It does not care
// how long the formula is. Here is a long one, the example by which the little library micrograd became known.

Tensor one = Tensor.scalar(1);
Tensor two = Tensor.scalar(2);
Tensor three = Tensor.scalar(3);
Tensor ten = Tensor.scalar(10);

Tensor formula(Tensor a, Tensor b) {
    Tensor c = a.add(b);
    Tensor d = a.mul(b).add(b.mul(b).mul(b));
    c = c.add(c.add(one));
    c = c.add(one.add(c).sub(a));
    d = d.add(d.mul(two).add(b.add(a).relu()));
    d = d.add(d.mul(three).add(b.sub(a).relu()));
    Tensor e = c.sub(d);
    Tensor f = e.mul(e);
    return f.div(two).add(ten.div(f));
}

tape.begin();
a = tape.variable("a", -4);
b = tape.variable("b", 2);
Tensor g = formula(a, b);
g.backward();
printf("g     = %.4f%n", g.item());
printf("dg/da = %.4f%n", a.grad()[0]);
printf("dg/db = %.4f%n", b.grad()[0]);

// Should we believe it? Ask the question literally: move a by a little to either side and see how far g moves. The
// formula once more, this time in plain Java and in double, knows nothing of tapes.

double plain(double a, double b) {
    double c = a + b;
    double d = a * b + b * b * b;
    c += c + 1;
    c += 1 + c - a;
    d += d * 2 + Math.max(b + a, 0);
    d += 3 * d + Math.max(b - a, 0);
    double e = c - d;
    double f = e * e;
    return f / 2 + 10 / f;
}

double h = 1e-5;
printf("moving a: %.4f%n", (plain(-4 + h, 2) - plain(-4 - h, 2)) / (2 * h));
printf("moving b: %.4f%n", (plain(-4, 2 + h) - plain(-4, 2 - h)) / (2 * h));

// They agree, but for the last digit of dg/db: a tensor holds floats, and a float keeps about seven digits.
//
// Moving numbers costs two evaluations for each input. A network may have a million inputs of this kind, its weights.
// One walk along the tape gives the gradients of all of them. That is why backpropagation is worth learning.
//
// The tape is a list that can be read. These are its last five steps, with the value of each and the gradient of g for
// it. Read it from the bottom up, as the walk does. The last line is g itself: dg/dg = 1.

int length = tape.steps().size();
printf("%d steps; the last five:%n", length);
for (Tape.Step step : tape.steps().subList(length - 5, length)) {
    printf("%-4s value %9.4f   gradient %8.4f%n", step.op().name(), step.out().item(), step.out().grad()[0]);
}

// To try: change a or b above. For b = 4 and a = -4 the first relu gets exactly 0. Which derivative does Gradus take at
// such a kink, and what does moving b by a little say?

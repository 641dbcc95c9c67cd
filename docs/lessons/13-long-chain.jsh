//DEPS org.gradus:gradus-core:0.1.0-SNAPSHOT
//RUNTIME_OPTIONS --add-modules=jdk.incubator.vector
//SOURCES gradus.jsh

// Lesson 13: A chain of a hundred thousand steps
// Deep graphs break a recursive walk. A loop along the tape does not notice.
//
// The recursion of lesson 2 calls itself once for every step of depth, and each call takes some of the thread's stack.
// A graph that is deep enough ends it. Let us build one: a number that is multiplied a hundred thousand times by
// 1.00001.

int length = 100_000;
Tape tape = Tape.fresh();
Tensor x = tape.variable("x", 2);
Tensor y = x;
for (int i = 0; i < length; i++) {
    y = y.scale(1.00001f);
}
printf("%,d steps on the tape%n", tape.steps().size());

// First the depth-first search of lesson 2, from the result to its inputs. We need to know from which step each tensor
// came; then the search is short. It runs in a thread with a stack of 512 kB.

Map<Tensor, Tape.Step> madeBy = new IdentityHashMap<>();
tape.steps().forEach(step -> madeBy.put(step.out(), step));

void search(Tensor tensor, List<Tensor> ordered) {
    if (madeBy.containsKey(tensor)) {
        for (Tensor in : madeBy.get(tensor).in()) {
            search(in, ordered);
        }
    }
    ordered.add(tensor);
}

String searchIn512kB(Tensor from) {
    String[] outcome = {"reached every tensor"};
    Thread thread = new Thread(null, () -> {
        try {
            search(from, new ArrayList<>());
        } catch (StackOverflowError tooDeep) {
            outcome[0] = "StackOverflowError";
        }
    }, "search", 512 * 1024);
    thread.start();
    try {
        thread.join();
    } catch (InterruptedException stop) {
        Thread.currentThread().interrupt();
    }
    return outcome[0];
}

printf("from step     100: %s%n", searchIn512kB(tape.steps().get(99).out()));
printf("from step 100,000: %s%n", searchIn512kB(y));

// A larger stack would only move the limit. The walk of the tape has no such limit: it is a loop over a list, from the
// last step to the first.

y.backward();
printf("y = %.4f   dy/dx = %.4f%n", y.item(), x.grad()[0]);

// Is it right? Each step multiplies the gradient by 1.00001 too, so dy/dx = y / x should be 1.00001^100000, which is
// nearly e. The factor itself is rounded: the float next to 1.00001 is a little larger.

double factor = 1.00001f;
double power = 1;
for (int i = 0; i < length; i++) {
    power *= factor;
}
printf("the factor is %.10f, its power %.4f%n", factor, power);
printf("e is %.4f%n", Math.E);

// The last digit of dy/dx differs by one: a hundred thousand roundings to float, and no more lost than that.
//
// To try: a million steps. What does the tape cost in memory, and how much would one float per step be?

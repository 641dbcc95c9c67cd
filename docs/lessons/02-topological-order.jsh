//DEPS org.gradus:gradus-core:0.1.0-SNAPSHOT
//RUNTIME_OPTIONS --add-modules=jdk.incubator.vector
//SOURCES gradus.jsh

// Lesson 2: Why a topological order
// The obvious recursion gives a wrong number as soon as paths meet.
//
// Let us write backpropagation ourselves, in the way that first comes to mind. A node knows its value, the nodes it was
// computed from, and the derivative for each of those.

class Node {
    final double value;
    final Node[] inputs;
    final double[] derivatives;
    double grad;

    Node(double value, Node[] inputs, double... derivatives) {
        this.value = value;
        this.inputs = inputs;
        this.derivatives = derivatives;
    }
}

Node input(double value) {
    return new Node(value, new Node[0]);
}

Node add(Node u, Node v) {
    return new Node(u.value + v.value, new Node[] {u, v}, 1, 1);
}

Node mul(Node u, Node v) {
    return new Node(u.value * v.value, new Node[] {u, v}, v.value, u.value);
}

// And the walk back: give each input its share, then go on from that input.

void naive(Node node) {
    for (int i = 0; i < node.inputs.length; i++) {
        node.inputs[i].grad += node.derivatives[i] * node.grad;
        naive(node.inputs[i]);
    }
}

// On a tree, where every node is used once, this is right. Take y = (x + 1) (x' + 2) with x = x' = 3: the derivatives
// are 5 and 4.

Node x = input(3);
Node other = input(3);
Node y = mul(add(x, input(1)), add(other, input(2)));
y.grad = 1;
naive(y);
printf("tree:     %.0f and %.0f%n", x.grad, other.grad);

// Now a diamond: s = x x is used by two nodes, and these meet again in y = (s + 1) + (s + 2). As y = 2 x^2 + 3, the
// derivative is 4 x = 12.

Node diamond(Node x) {
    Node s = mul(x, x);
    return add(add(s, input(1)), add(s, input(2)));
}

x = input(3);
y = diamond(x);
y.grad = 1;
naive(y);
printf("diamond:  %.0f, but it should be 12%n", x.grad);

// What went wrong? The recursion comes to s twice. The first time s has gradient 1 and passes 1 on to x. The second
// time s has gradient 2, and passes all of it on: the first 1 once more, although x already has it. So x gets three
// shares instead of two.
//
// The remedy is to let a node pass its gradient on once, when everything has arrived. That is: after all nodes that use
// it. An order in which every node comes after its inputs is called topological; the walk back takes it in reverse. We
// find it by depth-first search.

void order(Node node, List<Node> ordered, Set<Node> seen) {
    if (seen.add(node)) {
        for (Node in : node.inputs) {
            order(in, ordered, seen);
        }
        ordered.add(node);
    }
}

int backward(Node loss) {
    List<Node> ordered = new ArrayList<>();
    order(loss, ordered, new HashSet<>());
    Collections.reverse(ordered);
    loss.grad = 1;
    for (Node node : ordered) {
        for (int i = 0; i < node.inputs.length; i++) {
            node.inputs[i].grad += node.derivatives[i] * node.grad;
        }
    }
    return ordered.size();
}

x = input(3);
backward(diamond(x));
printf("in order: %.0f%n", x.grad);

// There is another remedy that looks harmless: hand the share down as an argument, so that nothing is passed on twice.
// It is right, because it follows every path from the loss to x by itself. But paths multiply where diamonds follow one
// another. We stack the smallest diamonds there are, x + x, on each other: each doubles the number of paths.

long visits;

void alongPaths(Node node, double share) {
    visits++;
    node.grad += share;
    for (int i = 0; i < node.inputs.length; i++) {
        alongPaths(node.inputs[i], node.derivatives[i] * share);
    }
}

Node doubled(Node x, int times) {
    return times == 0 ? x : doubled(add(x, x), times - 1);
}

printf("diamonds along all paths       visits     in order    visits%n");
for (int diamonds : new int[] {1, 5, 10, 20}) {
    visits = 0;
    x = input(1);
    alongPaths(doubled(x, diamonds), 1);
    double byPaths = x.grad;
    x = input(1);
    int nodes = backward(doubled(x, diamonds));
    printf("%8d %,15.0f %,12d %,12.0f %9d%n", diamonds, byPaths, visits, x.grad, nodes);
}

// Twenty diamonds take two million visits instead of 21. Seen unit by unit, a network of many layers is such a stack:
// from layer to layer the paths multiply.
//
// Gradus needs no search for the order. A tape writes operations down as they happen, and an operation can only use
// tensors that exist already. So the order of recording is a topological order, and the walk back is a loop from the
// last step to the first.

Tape tape = Tape.fresh();
Tensor t = tape.variable("x", 3);
Tensor s = t.mul(t);
Tensor loss = s.add(Tensor.scalar(1)).add(s.add(Tensor.scalar(2)));
loss.backward();
printf("tape:     %.0f%n", t.grad()[0]);
tape.steps().forEach(step -> printf("  %s  %.0f%n", step.op().name(), step.out().item()));

// To try: let naive(..) print the gradient each time it comes to s.

package org.gradus.plan;

import java.util.List;
import java.util.Set;
import org.gradus.autograd.Tape;
import org.gradus.autograd.Tensor;

/** What a recording was given and did not compute, and which of it learned when the recording was made. */
final class Leaves {

    static final Leaves NONE = new Leaves(List.of());

    private final List<Tensor> tensors;
    private final boolean[] learned;

    private Leaves(List<Tensor> tensors) {
        this.tensors = tensors;
        learned = new boolean[tensors.size()];
        for (int i = 0; i < learned.length; i++) {
            learned[i] = tensors.get(i).requiresGrad();
        }
    }

    static Leaves of(Tape tape) {
        return new Leaves(tape.given());
    }

    /** Whether one was frozen or unfrozen since: the recording then passes gradients on to other tensors than it should. */
    boolean haveChanged() {
        for (int i = 0; i < learned.length; i++) {
            if (learned[i] != tensors.get(i).requiresGrad()) {
                return true;
            }
        }
        return false;
    }

    /** Whether some learned, and all that did are among these tensors. */
    boolean learnIn(Set<Tensor> moved) {
        boolean some = false;
        for (int i = 0; i < learned.length; i++) {
            if (learned[i] && !moved.contains(tensors.get(i))) {
                return false;
            }
            some |= learned[i];
        }
        return some;
    }
}

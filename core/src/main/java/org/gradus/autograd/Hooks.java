package org.gradus.autograd;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * What is to be called at some point of a computation, in the order it was attached. A hook may attach and remove others while it
 * is called; that counts from the next time on.
 *
 * @param <H> how they are called
 */
public final class Hooks<H> {

    private final List<Attached<H>> attached = new CopyOnWriteArrayList<>();

    /** The same hook may be attached twice, and is removed once by each handle. */
    private static final class Attached<H> {
        private final H hook;

        Attached(H hook) {
            this.hook = hook;
        }
    }

    /** No hooks. */
    public Hooks() {}

    /**
     * Adds a hook behind the others.
     *
     * @param hook called from now on
     * @return removes it
     */
    public HookHandle attach(H hook) {
        Attached<H> entry = new Attached<>(hook);
        attached.add(entry);
        return () -> attached.remove(entry);
    }

    /** {@return whether nothing is attached, which is the rule and must cost nothing: {@link #forEach} would do nothing} */
    public boolean isEmpty() {
        return attached.isEmpty();
    }

    boolean anyMatch(Predicate<? super H> property) {
        for (Attached<H> entry : attached) {
            if (property.test(entry.hook)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Calls all.
     *
     * @param call given each hook in turn; what it throws ends the round
     */
    public void forEach(Consumer<? super H> call) {
        for (Attached<H> entry : attached) {
            call.accept(entry.hook);
        }
    }
}

package org.gradus.kernel;

import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What came of something that is done once, when a class is initialised: a value, or an exception that each {@link #get} throws. Out
 * of an initialiser itself it would come as an {@code ExceptionInInitializerError}, and from the second time on without its message.
 */
record Attempt<T>(@Nullable T value, @Nullable RuntimeException refusal) {

    static <T> Attempt<T> of(Supplier<T> supplier) {
        try {
            return new Attempt<>(supplier.get(), null);
        } catch (IllegalArgumentException | IllegalStateException refused) {
            return new Attempt<>(null, refused);
        }
    }

    T get() {
        if (value == null) {
            throw Objects.requireNonNull(refusal);
        }
        return value;
    }
}

package org.gradus.autograd;

/** Takes away what was attached, PyTorch's {@code RemovableHandle}. */
@FunctionalInterface
public interface HookHandle {

    /** Detaches the hook. Doing so again does nothing. */
    void remove();
}

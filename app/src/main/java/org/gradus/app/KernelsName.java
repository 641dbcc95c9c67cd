package org.gradus.app;

/** Values of the property {@code gradus.kernels}. */
enum KernelsName {
    AUTO,
    SCALAR,
    VECTOR
}

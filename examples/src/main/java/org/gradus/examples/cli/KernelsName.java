package org.gradus.examples.cli;

/** Values of the property {@code gradus.kernels}. */
enum KernelsName {
    AUTO,
    SCALAR,
    VECTOR
}

package org.gradus.app;

/** The optimisers to choose from. */
enum OptimizerName {
    ADAM,
    SGD
}

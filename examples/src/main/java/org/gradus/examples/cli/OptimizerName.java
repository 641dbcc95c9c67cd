package org.gradus.examples.cli;

/** The optimisers to choose from. */
enum OptimizerName {
    ADAM,
    SGD
}

/** The complete MNIST set of handwritten digits, and a reader of IDX files. */
module org.gradus.mnist {
    requires transitive org.gradus.core;
    requires static org.jspecify;

    exports org.gradus.mnist;
}

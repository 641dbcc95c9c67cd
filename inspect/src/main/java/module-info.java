/** Gradient checks, and recorded steps as tables and graphs. */
module org.gradus.inspect {
    requires transitive org.gradus.core;
    requires static org.jspecify;

    exports org.gradus.inspect;
}

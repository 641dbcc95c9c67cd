package org.gradus.architecture.circle.one;

import org.gradus.architecture.circle.two.Second;

/** Half of a planted circle of packages. */
public record First(Second other) {}

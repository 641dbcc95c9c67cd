package org.gradus.architecture.circle.two;

import org.gradus.architecture.circle.one.First;

/** Half of a planted circle of packages. */
public record Second(First other) {}

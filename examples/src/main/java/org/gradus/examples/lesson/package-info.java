/** The lessons of docs/lessons: reading them, and running them in JShell. */
@NullMarked
package org.gradus.examples.lesson;

import org.jspecify.annotations.NullMarked;

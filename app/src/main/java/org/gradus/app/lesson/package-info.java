/** The lessons of docs/lessons: reading them, and running them in JShell. */
@NullMarked
package org.gradus.app.lesson;

import org.jspecify.annotations.NullMarked;

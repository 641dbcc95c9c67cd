/** JShell inside this JVM: how values are shown. */
@NullMarked
package org.gradus.examples.shell;

import org.jspecify.annotations.NullMarked;

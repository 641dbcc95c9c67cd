/** JShell inside this JVM: how values are shown. */
@NullMarked
package org.gradus.app.shell;

import org.jspecify.annotations.NullMarked;

/**
 * Files: weights in the safetensors format, which Python reads and writes too, and checkpoints that a training run
 * continues from as if it had never stopped.
 *
 * <p>Files are read strictly: one that is damaged, cut short or of another kind ends in one {@link
 * org.gradus.io.SafetensorsException} whose message says what, where and what to do. Files are written under a temporary name
 * and moved into place, so each is the old or the new one, never half.
 */
@NullMarked
package org.gradus.io;

import org.jspecify.annotations.NullMarked;

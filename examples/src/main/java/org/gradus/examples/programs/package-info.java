/**
 * Complete programs of a page each, to be read from top to bottom, copied and changed. None uses another one. Numbers on the command
 * line make them smaller: how many images, then how many epochs.
 */
@NullMarked
package org.gradus.examples.programs;

import org.jspecify.annotations.NullMarked;

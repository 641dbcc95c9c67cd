/**
 * Complete programs of a page each, to be read from top to bottom, copied and changed. None uses another one. Numbers on the command
 * line make them smaller; the first line of each program says which there are.
 */
@NullMarked
package org.gradus.examples.programs;

import org.jspecify.annotations.NullMarked;

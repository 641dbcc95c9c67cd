/** Where samples come from: numbers in memory, bytes with a scale, some samples of others, or whatever an author computes. */
@NullMarked
package org.gradus.data;

import org.jspecify.annotations.NullMarked;

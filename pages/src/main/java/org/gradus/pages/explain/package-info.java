/** One optimiser step on one image, told number by number on a web page that opens from disk. */
@NullMarked
package org.gradus.pages.explain;

import org.jspecify.annotations.NullMarked;

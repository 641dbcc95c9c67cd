/** What the third tutorial does to images: noise, occlusion, rotation, shuffled pixels, and classes left out. */
@NullMarked
package org.gradus.examples.transform;

import org.jspecify.annotations.NullMarked;

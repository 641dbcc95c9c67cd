/** Looking at a recorded step: whether its gradients are right ({@link org.gradus.inspect.GradCheck}). */
@NullMarked
package org.gradus.inspect;

import org.jspecify.annotations.NullMarked;

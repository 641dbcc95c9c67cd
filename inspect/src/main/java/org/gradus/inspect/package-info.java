/**
 * Looking at a recorded step: whether its gradients are right ({@link org.gradus.inspect.GradCheck}), and what happened in it
 * ({@link org.gradus.inspect.Trace}).
 */
@NullMarked
package org.gradus.inspect;

import org.jspecify.annotations.NullMarked;

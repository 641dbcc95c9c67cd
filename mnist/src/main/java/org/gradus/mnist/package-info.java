/**
 * MNIST: 60,000 training and 10,000 test images of handwritten digits, bundled as resources, and the same reader for
 * any other folder of IDX files.
 *
 * <pre>{@code
 * Mnist mnist = Mnist.load();
 * Samples inputs = mnist.train().samples(); // 60000 of [784], 0..1, read from the bytes
 * float[] numbers = mnist.train().toFloats(); // [60000 * 784], the same, row-major
 * }</pre>
 *
 * <p>Data: Y. LeCun, C. Cortes, C. J. C. Burges, The MNIST database of handwritten digits, CC BY-SA 3.0.
 */
@NullMarked
package org.gradus.mnist;

import org.jspecify.annotations.NullMarked;

package org.gradus.examples.run;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.zip.CRC32C;
import org.gradus.autograd.Tensor;
import org.gradus.data.Samples;
import org.gradus.random.RandomState;

/** A checksum (CRC-32C) of numbers: the same for the same bits in the same order, and hardly ever for others. */
public final class Fingerprint {

    private static final int BLOCK = 1 << 16;

    private final CRC32C sum = new CRC32C();
    private final ByteBuffer block = ByteBuffer.allocate(BLOCK).order(ByteOrder.LITTLE_ENDIAN);

    /** Of nothing yet. */
    public Fingerprint() {}

    /**
     * Adds the numbers of tensors.
     *
     * @param tensors in this order
     * @return this
     */
    public Fingerprint add(Iterable<Tensor> tensors) {
        for (Tensor tensor : tensors) {
            add(tensor.data());
        }
        return this;
    }

    private void add(float[] numbers) {
        for (int from = 0; from < numbers.length; ) {
            int count = Math.min(BLOCK / Float.BYTES, numbers.length - from);
            block.clear().asFloatBuffer().put(numbers, from, count);
            sum.update(block.limit(count * Float.BYTES));
            from += count;
        }
    }

    /**
     * Adds the numbers of all samples: what the same numbers in tensors add.
     *
     * @param sources in this order
     * @return this
     */
    public Fingerprint addSamples(Iterable<Samples> sources) {
        for (Samples samples : sources) {
            float[] one = new float[samples.width()];
            for (int i = 0; i < samples.count(); i++) {
                samples.read(i, one, 0);
                add(one);
            }
        }
        return this;
    }

    /**
     * Adds where a random stream stands.
     *
     * @param state its words, position and cached number
     * @return this
     */
    public Fingerprint add(RandomState state) {
        ByteBuffer bytes = ByteBuffer.allocate((state.words().length + 1) * Integer.BYTES + Double.BYTES);
        for (int word : state.words()) {
            bytes.putInt(word);
        }
        bytes.putInt(state.position()).putDouble(state.cachedNormal().orElse(Double.NaN));
        sum.update(bytes.flip());
        return this;
    }

    /**
     * Adds bytes.
     *
     * @param bytes in this order
     * @return this
     */
    public Fingerprint add(byte[] bytes) {
        sum.update(bytes);
        return this;
    }

    /** 8 hexadecimal digits. */
    @Override
    public String toString() {
        return HexFormat.of().toHexDigits((int) sum.getValue());
    }
}

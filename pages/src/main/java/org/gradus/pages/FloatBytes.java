package org.gradus.pages;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;

/** Numbers on their way to a browser, so that none loses a bit. */
public final class FloatBytes {

    private FloatBytes() {}

    /**
     * The bytes of little-endian floats.
     *
     * @param values any numbers
     * @return in Base64
     */
    public static String base64(float... values) {
        ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * values.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return Base64.getEncoder().encodeToString(bytes.array());
    }
}

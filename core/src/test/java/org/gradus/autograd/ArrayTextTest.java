package org.gradus.autograd;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** NumPy's text, to the letter, by {@code scripts/reference/tensor_text.py}. */
@Tag("once")
class ArrayTextTest {

    private static List<JsonNode> cases() throws IOException {
        try (InputStream in = ArrayTextTest.class.getResourceAsStream("/org/gradus/tensor_text.json")) {
            List<JsonNode> cases = new ArrayList<>();
            new ObjectMapper().readTree(Objects.requireNonNull(in)).get("cases").forEach(cases::add);
            return cases;
        }
    }

    private static int[] ints(JsonNode array) {
        int[] numbers = new int[array.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = array.get(i).intValue();
        }
        return numbers;
    }

    @Test
    void textIsNumPys() throws IOException {
        assertThat(cases()).hasSizeGreaterThan(400);
        for (JsonNode fixture : cases()) {
            int[] bits = ints(fixture.get("bits"));
            float[] numbers = new float[bits.length];
            for (int i = 0; i < bits.length; i++) {
                numbers[i] = Float.intBitsToFloat(bits[i]);
            }
            Shape shape = Shape.of(ints(fixture.get("shape")));
            assertThat(ArrayText.of(shape, numbers))
                    .as("%s", shape)
                    .isEqualTo(fixture.get("text").textValue());
        }
    }
}

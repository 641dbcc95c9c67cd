package org.gradus.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.gradus.nn.NetSpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NetOptionTest {

    @Test
    void readsASpecification() {
        assertThat(NetOption.parse("784-2:relu-784")).isEqualTo(NetSpec.parse("784-2:relu-784"));
    }

    @Test
    void namesTheOptionThatIsWrong() {
        assertThatThrownBy(() -> NetOption.parse("784-x-784"))
                .isInstanceOf(CommandFailure.class)
                .hasMessage("--net '784-x-784': width 'x' is not a whole number; "
                        + "write for example 784-32:relu-784:sigmoid");
        assertThatThrownBy(() -> NetOption.parse("784-2000000000-784"))
                .isInstanceOf(CommandFailure.class)
                .hasMessage(
                        "--net '784-2000000000-784': the layer 784-2000000000 has more weights than an array can hold; "
                                + "choose smaller widths");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":relu",
                ":prelu",
                ":tanh",
                ":normalize",
                ":relu+normalize",
                ":tanh+prelu",
                ":relu+prelu",
                ":sigmoid+normalize"
            })
    void crossEntropyNeedsProbabilities(String activations) {
        NetSpec spec = NetSpec.parse("784-784" + activations);

        assertThatThrownBy(() -> NetOption.requireAutoencoder(spec, 784, LossName.BCE))
                .isInstanceOf(CommandFailure.class)
                .hasMessageContaining("BCE needs outputs in [0,1]");
        NetOption.requireAutoencoder(spec, 784, LossName.MSE);
    }

    @Test
    void firstAndLastWidthMustBeTheImages() {
        assertThatThrownBy(() -> NetOption.requireAutoencoder(NetSpec.parse("100-784:sigmoid"), 784, LossName.BCE))
                .hasMessage("--net '100-784:sigmoid': the first width is 100 but images have 784 pixels; "
                        + "make first and last width 784");
        assertThatThrownBy(() -> NetOption.requireAutoencoder(NetSpec.parse("784-10:sigmoid"), 784, LossName.BCE))
                .hasMessageContaining("the last width is 10");
    }
}

package org.gradus.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.gradus.random.TorchRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NetSpecTest {

    @Test
    void buildsTheNetworkItDescribes() {
        NetSpec spec = NetSpec.parse("784-128:prelu-3:prelu+normalize-784:sigmoid");

        // The text PyTorch 1.13 prints for this Sequential.
        assertThat(spec.build(new TorchRandom(0))).hasToString("""
                        Sequential(
                          (0): Linear(in_features=784, out_features=128, bias=True)
                          (1): PReLU(num_parameters=1)
                          (2): Linear(in_features=128, out_features=3, bias=True)
                          (3): PReLU(num_parameters=1)
                          (4): NormalizeLayer()
                          (5): Linear(in_features=3, out_features=784, bias=True)
                          (6): Sigmoid()
                        )""");
    }

    @Test
    void countsTheParametersOfTheTutorials() {
        assertThat(count("784-32:relu-784:sigmoid")).isEqualTo(50_992);
        assertThat(count("784-2:relu-784:sigmoid")).isEqualTo(3_922);
        assertThat(count("784-2:prelu-784:sigmoid")).isEqualTo(3_923);
        assertThat(count("784-392:prelu-64:prelu-2:prelu-64:prelu-392:prelu-784:sigmoid"))
                .isEqualTo(666_791);
        assertThat(count("784-392:prelu-96:prelu-3:prelu+normalize-96:prelu-392:prelu-784:sigmoid"))
                .isEqualTo(692_264);
    }

    private static long count(String spec) {
        return NetSpec.parse(spec).build(new TorchRandom(0)).parameterCount();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "784|needs at least two widths",
                "\"\"|needs at least two widths",
                "784:relu-784|'784:relu' is the input and takes no activation",
                "784-0-784|width 0 leaves nothing to compute with",
                "784--784|width '' is not a whole number",
                "-784|width '' is not a whole number",
                "784-x-784|width 'x' is not a whole number",
                "784-2.5-784|width '2.5' is not a whole number",
                "784-99999999999-784|width 99999999999 is too large",
                "784-2000000000-784|the layer 784-2000000000 has more weights than an array can hold",
                "784-2:gelu-784|unknown layer 'gelu' in '2:gelu'; there are relu, prelu, sigmoid, tanh, normalize",
                "784-2:ReLU-784|unknown layer 'ReLU'",
                "784-2:-784|unknown layer ''",
                "784-2:relu+-784|unknown layer ''",
                "784-2:relu:relu-784|unknown layer 'relu:relu'",
            })
    void refusesWhatItCannotRead(String spec, String problem) {
        assertThatThrownBy(() -> NetSpec.parse(spec))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("net '" + spec + "': ")
                .hasMessageContaining(problem)
                .message()
                .doesNotContain("\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"sigmoid", "sigmoid+relu", "sigmoid+prelu", "relu+tanh", "tanh+relu", "sigmoid+tanh"})
    void knowsActivationsThatGiveProbabilities(String activations) {
        assertThat(NetSpec.parse("784-784:" + activations).givesProbabilities()).isTrue();
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
    void knowsActivationsThatDoNot(String activations) {
        NetSpec spec = NetSpec.parse("784-784" + activations);

        assertThat(spec.givesProbabilities()).isFalse();
    }

    @Test
    void refusesNumbersThatNoTextCouldGive() {
        List<NetSpec.Stage> one = List.of(new NetSpec.Stage(2, List.of()));

        assertThatThrownBy(() -> new NetSpec.Stage(0, List.of())).hasMessage("width is 0; widths start at 1");
        assertThatThrownBy(() -> new NetSpec(-1, one)).hasMessage("width is -1; widths start at 1");
        assertThatThrownBy(() -> new NetSpec(3, List.of()))
                .hasMessage("a network of 3 inputs needs at least one layer");
        assertThatThrownBy(() -> new NetSpec(2_000_000_000, one))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the layer 2000000000-2 has more weights than an array can hold; choose smaller widths");
    }
}

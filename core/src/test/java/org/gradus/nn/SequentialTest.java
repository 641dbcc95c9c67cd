package org.gradus.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.gradus.autograd.Tape;
import org.gradus.autograd.Tensor;
import org.gradus.optim.SGD;
import org.gradus.random.TorchRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Expected texts are those PyTorch 1.13 prints for the same networks. */
class SequentialTest {

    private final TorchRandom random = new TorchRandom(0);

    private Sequential autoencoder() {
        return new Sequential(new Linear(784, 2, random), new PReLU(), new Linear(2, 784, random), new Sigmoid());
    }

    private Sequential nested() {
        return new Sequential(
                new Sequential(new Linear(3, 4, random), new ReLU()),
                new Sequential(new Sequential(new Linear(4, 2, random), new NormalizeLayer()), new Tanh()),
                new PReLU(5),
                new Sequential());
    }

    @Test
    void printsPyTorchsText() {
        assertThat(autoencoder()).hasToString("""
                        Sequential(
                          (0): Linear(in_features=784, out_features=2, bias=True)
                          (1): PReLU(num_parameters=1)
                          (2): Linear(in_features=2, out_features=784, bias=True)
                          (3): Sigmoid()
                        )""");
        assertThat(new Sequential()).hasToString("Sequential()");
    }

    @Test
    void printsNestedNetworksIndented() {
        assertThat(nested()).hasToString("""
                        Sequential(
                          (0): Sequential(
                            (0): Linear(in_features=3, out_features=4, bias=True)
                            (1): ReLU()
                          )
                          (1): Sequential(
                            (0): Sequential(
                              (0): Linear(in_features=4, out_features=2, bias=True)
                              (1): NormalizeLayer()
                            )
                            (1): Tanh()
                          )
                          (2): PReLU(num_parameters=5)
                          (3): Sequential()
                        )""");
    }

    @Test
    void aSlicePrintsAndNamesItsLayersByTheirPlaceInTheWhole() {
        Sequential model = autoencoder();
        assertThat(model.slice(0, 2)).hasToString("""
                        Sequential(
                          (0): Linear(in_features=784, out_features=2, bias=True)
                          (1): PReLU(num_parameters=1)
                        )""");
        assertThat(model.slice(2, 4)).hasToString("""
                        Sequential(
                          (2): Linear(in_features=2, out_features=784, bias=True)
                          (3): Sigmoid()
                        )""");
        assertThat(model.slice(2, 4).stateDict().keySet()).containsExactly("2.weight", "2.bias");
        assertThat(model.slice(1, 4).slice(1, 2).stateDict().keySet()).containsExactly("2.weight", "2.bias");
        assertThat(model.slice(2, 4).get(0)).isSameAs(model.get(2));
    }

    @Test
    void stateDictNamesAreThoseOfPyTorch() {
        assertThat(autoencoder().stateDict().keySet())
                .containsExactly("0.weight", "0.bias", "1.weight", "2.weight", "2.bias");
        assertThat(nested().stateDict().keySet())
                .containsExactly("0.0.weight", "0.0.bias", "1.0.0.weight", "1.0.0.bias", "2.weight");
    }

    @Test
    void aLayerUsedTwiceIsNamedTwiceButLearnedOnce() {
        Linear shared = new Linear(2, 2, random);
        Sequential model = new Sequential(shared, new ReLU(), shared);
        assertThat(model.stateDict().keySet()).containsExactly("0.weight", "0.bias", "2.weight", "2.bias");
        assertThat(model.parameters()).containsExactly(shared.weight(), shared.bias());
        assertThat(model.parameterCount()).isEqualTo(6);
    }

    @Test
    void printsATableOfParameters() {
        assertThat(autoencoder().parameterTable()).isEqualTo("""
                        Layer   Parameters
                        0             1570  Linear(in_features=784, out_features=2, bias=True)
                        1                1  PReLU(num_parameters=1)
                        2             2352  Linear(in_features=2, out_features=784, bias=True)
                        3                0  Sigmoid()
                        Total         3923
                        """);
        assertThat(nested().parameterTable()).isEqualTo("""
                        Layer   Parameters
                        0.0             16  Linear(in_features=3, out_features=4, bias=True)
                        0.1              0  ReLU()
                        1.0.0           10  Linear(in_features=4, out_features=2, bias=True)
                        1.0.1            0  NormalizeLayer()
                        1.1              0  Tanh()
                        2                5  PReLU(num_parameters=5)
                        Total           31
                        """);
    }

    /** The tutorials' networks; p is PReLU, r ReLU, n PReLU and normalisation, s Sigmoid behind the width. */
    @ParameterizedTest
    @CsvSource({
        "784 32r 784s, 50992",
        "784 2r 784s, 3922",
        "784 2p 784s, 3923",
        "784 392p 64p 2p 64p 392p 784s, 666791",
        "784 196p 64p 2p 64p 196p 784s, 333983",
        "784 392p 96p 3p 96p 392p 784s, 692264",
        "784 392p 96p 3n 96p 392p 784s, 692264",
        "784 1568p 392p 96p 3n 96p 392p 1568p 784s, 3768682"
    })
    void countsTheParametersOfTheTutorials(String widths, long expected) {
        Sequential model = build(widths);
        assertThat(model.parameterCount()).isEqualTo(expected);
        assertThat(model.parameterTable()).endsWith("  " + expected + "\n");
    }

    @Test
    void countsEachLayerOfTheLargestNetwork() {
        List<Long> counts = build("784 1568p 392p 96p 3n 96p 392p 1568p 784s").layers().stream()
                .map(Layer::parameterCount)
                .toList();
        assertThat(counts)
                .containsExactly(
                        1230880L, 1L, 615048L, 1L, 37728L, 1L, 291L, 1L, 0L, 384L, 1L, 38024L, 1L, 616224L, 1L,
                        1230096L, 0L);
    }

    private Sequential build(String widths) {
        List<Layer> layers = new ArrayList<>();
        String[] parts = widths.split(" ", -1);
        int in = Integer.parseInt(parts[0]);
        for (int i = 1; i < parts.length; i++) {
            int end = parts[i].length() - 1;
            int out = Integer.parseInt(parts[i].substring(0, end));
            layers.add(new Linear(in, out, random));
            switch (parts[i].charAt(end)) {
                case 'r' -> layers.add(new ReLU());
                case 'p' -> layers.add(new PReLU());
                case 's' -> layers.add(new Sigmoid());
                case 'n' -> {
                    layers.add(new PReLU());
                    layers.add(new NormalizeLayer());
                }
                default -> throw new AssertionError(parts[i]);
            }
            in = out;
        }
        return new Sequential(layers);
    }

    @Test
    void appliesItsLayersInOrder() {
        Sequential model = new Sequential(x -> x.scale(2), new Sequential(x -> x.add(Tensor.vector(1)), new ReLU()));
        assertThat(model.forward(Tensor.vector(3)).item()).isEqualTo(7);
        assertThat(model.forward(Tensor.vector(-3)).item()).isZero();
        Tensor x = Tensor.vector(5);
        assertThat(new Sequential().forward(x)).isSameAs(x);
        assertThat(model.size()).isEqualTo(2);
    }

    @Test
    void trainingASliceTrainsTheWhole() {
        Sequential model =
                new Sequential(new Linear(3, 2, random), new PReLU(), new Linear(2, 3, random), new Sigmoid());
        Sequential encoder = model.slice(0, 2);
        Sequential decoder = model.slice(2, 4);
        Tensor x = Tensor.matrix(1, 3, 0.5f, -1, 2);
        float[] before = model.forward(x).data().clone();
        float[] decoderBefore = decoder.parameters().get(0).data().clone();
        SGD optimizer = new SGD(encoder.parameters(), 0.1);
        Tape tape = Tape.fresh();
        encoder.forward(tape.input(x)).mse(Tensor.matrix(1, 2, 7, -7)).backward();
        optimizer.step();
        assertThat(model.forward(x).data()).isNotEqualTo(before);
        assertThat(model.forward(x).data())
                .isEqualTo(decoder.forward(encoder.forward(x)).data());
        assertThat(model.parameters().subList(0, 3)).containsExactlyElementsOf(encoder.parameters());
        assertThat(decoder.parameters().get(0).data()).isEqualTo(decoderBefore);
    }

    @Test
    void loadsWhatWasSaved() {
        Sequential trained = autoencoder();
        Sequential other = autoencoder();
        Map<String, Tensor> saved = new LinkedHashMap<>();
        trained.stateDict().forEach((name, value) -> saved.put(name, value.copy()));
        other.loadStateDict(saved);
        other.stateDict().forEach((name, value) -> {
            assertThat(value.data()).as(name).isEqualTo(saved.get(name).data());
            assertThat(value.data()).as(name).isNotSameAs(saved.get(name).data());
        });
    }

    @Test
    void refusesAStateDictThatDoesNotFitAndLoadsNothing() {
        Sequential model = new Sequential(new Linear(3, 2, random), new PReLU());
        float[] bias = ((Linear) model.get(0)).bias().data().clone();
        Map<String, Tensor> wrong = new LinkedHashMap<>();
        wrong.put("0.bias", Tensor.vector(8, 9));
        wrong.put("1.weight", Tensor.vector(1, 2, 3));
        wrong.put("2.weight", Tensor.zeros(4, 2));
        wrong.put("2.bias", Tensor.zeros(4));
        assertThatThrownBy(() -> model.loadStateDict(wrong))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("state dict does not fit Sequential and nothing was loaded; missing: '0.weight' [2,3]; "
                        + "of another shape: '1.weight' [3] instead of [1]; unexpected: '2.weight' [4,2], '2.bias' [4]. "
                        + "Was it saved from a network of the same layers?");
        assertThat(((Linear) model.get(0)).bias().data()).isEqualTo(bias);
    }

    @Test
    void aTransposedWeightIsMisshapenThoughItsSizeFits() {
        Linear layer = new Linear(3, 2, random);
        assertThatThrownBy(() -> layer.loadStateDict(Map.of("weight", Tensor.zeros(3, 2), "bias", Tensor.zeros(2))))
                .hasMessageContaining("Linear")
                .hasMessageContaining("of another shape: 'weight' [3,2] instead of [2,3]");
    }

    @Test
    void stateDictCannotBeChangedButItsTensorsAreLive() {
        Sequential model = autoencoder();
        Map<String, Tensor> state = model.stateDict();
        assertThatThrownBy(() -> state.put("x", Tensor.scalar(1))).isInstanceOf(UnsupportedOperationException.class);
        assertThat(state.get("0.weight")).isSameAs(((Linear) model.get(0)).weight());
    }

    @Test
    void placesOutsideTheNetworkAreRefused() {
        Sequential model = autoencoder();
        assertThatThrownBy(() -> model.get(4))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("get: no layer 4 in a network of 4 layers");
        assertThatThrownBy(() -> model.get(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> model.slice(1, 5))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("slice: layers 1 to 5 are not part of a network of 4 layers: needs 0 <= from <= to <= 4");
        assertThatThrownBy(() -> model.slice(3, 2)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> model.slice(-1, 2)).isInstanceOf(IllegalArgumentException.class);
        assertThat(model.slice(2, 2).size()).isZero();
    }
}

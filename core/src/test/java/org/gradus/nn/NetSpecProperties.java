package org.gradus.nn;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.StringLength;
import org.gradus.autograd.Tensor;
import org.gradus.random.TorchRandom;

class NetSpecProperties {

    @Provide
    Arbitrary<NetSpec> specs() {
        Arbitrary<Integer> widths = Arbitraries.integers().between(1, 20);
        Arbitrary<List<NetSpec.Activation>> activations =
                Arbitraries.of(NetSpec.Activation.class).list().ofMaxSize(3);
        Arbitrary<NetSpec.Stage> stages =
                Combinators.combine(widths, activations).as(NetSpec.Stage::new);
        return Combinators.combine(widths, stages.list().ofMinSize(1).ofMaxSize(5))
                .as(NetSpec::new);
    }

    @Property
    void textAndSpecificationAreOne(@ForAll("specs") NetSpec spec) {
        assertThat(NetSpec.parse(spec.toString())).isEqualTo(spec);
    }

    @Property(tries = 200)
    void networkHasTheWidthsAndLayersOfItsText(@ForAll("specs") NetSpec spec) {
        Sequential net = spec.build(new TorchRandom(1));

        int layer = 0;
        int before = spec.inputs();
        for (NetSpec.Stage stage : spec.stages()) {
            Linear linear = (Linear) net.get(layer++);
            assertThat(linear.inFeatures()).isEqualTo(before);
            assertThat(linear.outFeatures()).isEqualTo(stage.width());
            for (NetSpec.Activation activation : stage.activations()) {
                assertThat(net.get(layer++)).hasSameClassAs(activation.layer());
            }
            before = stage.width();
        }
        assertThat(layer).isEqualTo(net.size());
    }

    /** Whatever the weights and inputs: claimed probabilities are probabilities. */
    @Property(tries = 200)
    void probabilitiesAreBetweenZeroAndOne(@ForAll("specs") NetSpec spec, @ForAll long seed) {
        if (spec.givesProbabilities()) {
            TorchRandom random = new TorchRandom(seed);
            float[] wild = random.randn(3 * spec.inputs());
            for (int i = 0; i < wild.length; i++) {
                wild[i] *= 1000;
            }
            for (float p : spec.build(random)
                    .forward(Tensor.matrix(3, spec.inputs(), wild))
                    .data()) {
                assertThat(p).isBetween(0f, 1f);
            }
        }
    }

    /** Any text is either a specification, and then prints as one, or refused in one line. */
    @Property
    void anyTextIsReadOrRefused(
            @ForAll
                    @StringLength(max = 20)
                    @CharRange(from = '0', to = '9')
                    @Chars({'-', ':', '+', 'r', 'e', 'l', 'u', ' ', 'p'})
                    String text) {
        try {
            NetSpec spec = NetSpec.parse(text);
            assertThat(NetSpec.parse(spec.toString())).isEqualTo(spec);
        } catch (IllegalArgumentException refused) {
            assertThat(refused.getMessage()).startsWith("net '" + text + "': ").doesNotContain("\n");
        }
    }
}

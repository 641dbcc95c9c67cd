package org.gradus.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is chosen on JVMs that are not at hand; their properties are those that they print of themselves. */
class JvmTest {

    private static final String HOTSPOT = "OpenJDK 64-Bit Server VM";
    private static final String MIXED = "mixed mode, sharing";

    private static Jvm jvm(String version, String vendorVersion, int feature, Map<String, String> flags) {
        return new Jvm(HOTSPOT, version, vendorVersion, MIXED, feature, flags);
    }

    /** Java, name, version, the vendor's version, info; then what is chosen. No flag can be read. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "17|OpenJDK 64-Bit Server VM|17.0.15+6-Debian-1deb12u1||mixed mode, sharing|SIMD",
                "17|OpenJDK 64-Bit Server VM|17.0.15+6|Temurin-17.0.15+6|mixed mode, sharing|SIMD",
                "25|OpenJDK 64-Bit Server VM|25.0.3+9-LTS|Temurin-25.0.3+9|mixed mode, sharing|SIMD",
                "21|OpenJDK 64-Bit Server VM|21.0.2+13-LTS|Zulu21.32+17-CA|mixed mode, sharing|SIMD",
                "17|OpenJDK 64-Bit Server VM|17.0.13+11-LTS|Corretto-17.0.13.11.1|mixed mode, sharing|SIMD",
                "21|Java HotSpot(TM) 64-Bit Server VM|21.0.3+7-LTS-152||mixed mode, sharing|SIMD",
                "21|OpenJDK 64-Bit Server VM|21.0.2+13-LTS|Mandrel-23.1.2.0-Final|mixed mode, sharing|SIMD",
                "17|OpenJDK 64-Bit Server VM|17.0.9+9-jvmci-23.0-b22|GraalVM CE 17.0.9+9.1|mixed mode, sharing|Graal",
                "17|Java HotSpot(TM) 64-Bit Server VM|17.0.14+8-LTS-jvmci-21.3-b98|GraalVM EE 21.3.13|mixed mode, sharing|Graal",
                "21|OpenJDK 64-Bit Server VM|21.0.2+13-jvmci-23.1-b30|GraalVM CE 21.0.2+13.1|mixed mode, sharing|Graal",
                "21|Java HotSpot(TM) 64-Bit Server VM|21.0.3+7-LTS-jvmci-23.1-b37|Oracle GraalVM 21.0.3+7.1|mixed mode, sharing|Graal",
                "24|Java HotSpot(TM) 64-Bit Server VM|24+36-jvmci-b01|Oracle GraalVM 24+36.1|mixed mode, sharing|Graal",
                "25|OpenJDK 64-Bit Server VM|25.0.3+9-jvmci-25.1-b19|GraalVM CE 25.1.3+9.1|mixed mode, sharing|SIMD",
                "25|Java HotSpot(TM) 64-Bit Server VM|25.0.3+9-LTS-jvmci-25.1-b19|Oracle GraalVM 25.1.3+9.1|mixed mode, sharing|SIMD",
                "17|Eclipse OpenJ9 VM|openj9-0.36.0|17.0.6.0|JRE 17 Linux amd64-64-Bit Compressed References|HotSpot",
                "17|Zing 64-Bit Tiered VM|17.0.7-zing_23.05.0.0-b2-product-linux-X86_64|Zing23.05.0.0+2|mixed mode|HotSpot",
                "21|Substrate VM|GraalVM CE 21.0.2+13.1|GraalVM CE 21.0.2+13.1||HotSpot",
                "17|OpenJDK 64-Bit Server VM|17.0.15+6|Temurin-17.0.15+6|interpreted mode, sharing|C2",
                "17|OpenJDK 64-Bit Server VM|17.0.15+6|Temurin-17.0.15+6|mixed mode, emulated-client, sharing|C2",
                "17|OpenJDK Client VM|17.0.15+6|Temurin-17.0.15+6|mixed mode|C2",
                "17|OpenJDK 64-Bit Zero VM|17.0.15+6-Debian-1deb12u1||interpreted mode|C2",
                "17|OpenJDK 64-Bit Minimal VM|17.0.15+6||mixed mode|C2",
            })
    void choiceByProperties(
            int feature, String name, String version, String vendorVersion, String info, String chosen) {
        Jvm jvm = new Jvm(
                name,
                version,
                Optional.ofNullable(vendorVersion).orElse(""),
                Optional.ofNullable(info).orElse(""),
                feature,
                Map.of());

        String why = jvm.whyNoVectors();

        switch (chosen) {
            case "SIMD" -> assertThat(why).isEmpty();
            case "Graal" ->
                assertThat(why)
                        .isEqualTo("this JVM compiles with Graal (" + version
                                + "), which knows the Vector API from Java 25 on; take a newer one, or C2 by"
                                + " -XX:-UseJVMCICompiler, for SIMD speed");
            case "HotSpot" -> assertThat(why).isEqualTo("the Vector API is fast only on HotSpot, this is " + name);
            case "C2" ->
                assertThat(why).isEqualTo("the Vector API needs the C2 compiler, this JVM is " + name + ", " + info);
            default -> throw new AssertionError(chosen);
        }
        assertThat(jvm.whySlow()).isEmpty();
    }

    /** A GraalVM that is told to use C2, and an ordinary JDK that is given a Graal. */
    @Test
    void flagOfTheCompilerDecides() {
        Jvm c2 = jvm("21.0.2+13-jvmci-23.1-b30", "GraalVM CE 21.0.2+13.1", 21, Map.of("UseJVMCICompiler", "false"));
        assertThat(c2.whyNoVectors()).isEmpty();
        assertThat(c2.graal()).isFalse();

        Jvm graal = jvm("21.0.2+13-LTS", "Temurin-21.0.2+13", 21, Map.of("UseJVMCICompiler", "true"));
        assertThat(graal.whyNoVectors()).startsWith("this JVM compiles with Graal (21.0.2+13-LTS)");

        Jvm graal25 = jvm("25.0.3+9-jvmci-25.1-b19", "GraalVM CE 25.1.3+9.1", 25, Map.of("UseJVMCICompiler", "true"));
        assertThat(graal25.whyNoVectors()).isEmpty();
        assertThat(graal25.graal()).isTrue();
    }

    @Test
    void flagsOfTheTiers() {
        for (String level : new String[] {"0", "1", "2", "3"}) {
            Jvm stopped = jvm("17.0.15+6", "", 17, Map.of("TieredCompilation", "true", "TieredStopAtLevel", level));
            assertThat(stopped.whyNoVectors())
                    .isEqualTo("the Vector API needs the C2 compiler, this JVM is " + HOTSPOT + ", " + MIXED
                            + ", -XX:TieredStopAtLevel=" + level);
        }
        Map<String, String> without = Map.of("TieredCompilation", "false", "TieredStopAtLevel", "1");
        assertThat(jvm("17.0.15+6", "", 17, without).whyNoVectors()).isEmpty();
        Map<String, String> usual = Map.of("TieredCompilation", "true", "TieredStopAtLevel", "4");
        assertThat(jvm("17.0.15+6", "", 17, usual).whyNoVectors()).isEmpty();
    }

    @Test
    void withoutFusedMultiplyAddAllIsSlow() {
        Jvm jvm = jvm("17.0.15+6", "", 17, Map.of("UseFMA", "false"));
        assertThat(jvm.whySlow())
                .isEqualTo(
                        "Math.fma is computed in software here, more than a hundred times slower, because the processor"
                                + " has no fused multiply-add or an option such as -XX:-UseFMA or -XX:UseAVX=0 hides it");
        assertThat(jvm("17.0.15+6", "", 17, Map.of("UseFMA", "true")).whySlow()).isEmpty();
    }
}

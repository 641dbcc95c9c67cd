package org.gradus.examples.architecture;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import org.gradus.examples.architecture.planted.one.First;
import org.gradus.examples.cli.GradusCommand;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Packages stand above each other: none depends, by way of others, on itself. */
@Tag("once")
class PackagesTest {

    private static final JavaClasses EXAMPLES = new ClassFileImporter()
            .importUrl(GradusCommand.class.getProtectionDomain().getCodeSource().getLocation());

    private static ArchRule noCyclesIn(String folder) {
        return slices().matching(folder + ".(*)..").should().beFreeOfCycles();
    }

    @Test
    void packagesAreFreeOfCycles() {
        noCyclesIn("org.gradus.examples").check(EXAMPLES);
    }

    @Test
    void plantedCycleIsCaught() {
        String planted = "org.gradus.examples.architecture.planted";
        JavaClasses classes = new ClassFileImporter().importPackages(planted);

        assertThatThrownBy(() -> noCyclesIn(planted).check(classes))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("Cycle detected")
                .hasMessageContaining(First.class.getName());
    }

    @Test
    void mainClassesAreSeen() {
        assertThat(EXAMPLES.contain("org.gradus.examples.report.Check")).isTrue();
        assertThat(EXAMPLES.contain("org.gradus.examples.tutorial.Tutorial1")).isTrue();
        assertThat(EXAMPLES.contain(PackagesTest.class)).isFalse();
    }
}

package org.gradus.docs.architecture;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import org.gradus.docs.architecture.planted.one.First;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Packages stand above each other: none depends, by way of others, on itself. */
@Tag("once")
class PackagesTest {

    /** The classes of all modules, without tests and without what the benchmarks' generator writes. */
    static final JavaClasses ALL = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .withImportOption(place -> !place.contains("jmh_generated"))
            .importPackages("org.gradus");

    private static ArchRule noCyclesIn(String folder) {
        return slices().matching(folder + ".(**)").should().beFreeOfCycles();
    }

    @Test
    void packagesAreFreeOfCycles() {
        noCyclesIn("org.gradus").check(ALL);
    }

    @Test
    void plantedCycleIsCaught() {
        String planted = "org.gradus.docs.architecture.planted";
        JavaClasses classes = new ClassFileImporter().importPackages(planted);

        assertThatThrownBy(() -> noCyclesIn(planted).check(classes))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("Cycle detected")
                .hasMessageContaining(First.class.getName());
    }

    @Test
    void mainClassesAreSeen() {
        assertThat(ALL.contain("org.gradus.app.GradusCommand")).isTrue();
        assertThat(ALL.contain("org.gradus.pages.report.Check")).isTrue();
        assertThat(ALL.contain("org.gradus.benchmarks.Gemm")).isTrue();
        assertThat(ALL.contain(PackagesTest.class)).isFalse();
    }
}

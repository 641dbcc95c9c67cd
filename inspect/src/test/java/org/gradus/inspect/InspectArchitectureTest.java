package org.gradus.inspect;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import org.gradus.inspect.planted.Violations;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Looking at a step needs no training loop: what is inspected may come from anywhere. */
@Tag("once")
class InspectArchitectureTest {

    private static final ArchRule NOTHING_OF_TRAINING = noClasses()
            .should()
            .dependOnClassesThat(resideInAnyPackage("org.gradus.optim..", "org.gradus.train..", "org.gradus.io.."));

    @Test
    void inspectionKnowsNothingOfTraining() {
        JavaClasses all = new ClassFileImporter()
                .importUrl(GradCheck.class.getProtectionDomain().getCodeSource().getLocation());

        assertThat(all.contain("org.gradus.inspect.Replay")).isTrue();
        NOTHING_OF_TRAINING.check(all);
    }

    @Test
    void theRuleSeesAViolation() {
        JavaClasses planted = new ClassFileImporter().importClasses(Violations.class);

        assertThatThrownBy(() -> NOTHING_OF_TRAINING.check(planted)).isInstanceOf(AssertionError.class);
    }
}

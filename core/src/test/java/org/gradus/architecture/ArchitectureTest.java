package org.gradus.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.members;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noCodeUnits;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget.MethodCallTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.gradus.architecture.planted.Violations;
import org.gradus.kernel.Kernels;
import org.gradus.kernel.simd.PanelKernels;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What may depend on what. Each rule is also run on a class that breaks it, so that a rule which sees nothing is noticed. */
@Tag("once")
class ArchitectureTest {

    private static final JavaClasses CORE = new ClassFileImporter()
            .importUrl(Kernels.class.getProtectionDomain().getCodeSource().getLocation());

    private static final String CIRCLE = "org.gradus.architecture.circle";

    private static final Set<String> PLATFORM_DEPENDENT = Set.of(
            "exp", "expm1", "log", "log10", "log1p", "pow", "sin", "cos", "tan", "sinh", "cosh", "tanh", "asin", "acos",
            "atan", "atan2", "cbrt", "hypot");

    /** The rules, by the name that a violation shows. */
    @SuppressWarnings("ImmutableEnumChecker") // rules are not changed once made
    enum Rule {
        NOTHING_BUT_JAVA_BASE(classes()
                .should()
                .onlyDependOnClassesThat(describe(
                        "are of Gradus, of java.base, or annotations of JSpecify", ArchitectureTest::isAllowed))),
        NO_NETWORK(noClasses()
                .should()
                .dependOnClassesThat(resideInAnyPackage("java.net..", "javax.net..", "java.rmi..", "sun.net.."))
                .orShould()
                .dependOnClassesThat(describe(
                        "are channels of sockets",
                        type -> type.getPackageName().startsWith("java.nio.channels")
                                && (type.getSimpleName().contains("Socket")
                                        || type.getSimpleName().contains("Datagram"))))),
        KERNELS_STAND_ON_THE_GROUND(noClasses()
                .that()
                .resideInAnyPackage("org.gradus.kernel..", "org.gradus.architecture.planted..")
                .should()
                .dependOnClassesThat(resideInAnyPackage(
                        "org.gradus.autograd..",
                        "org.gradus.nn..",
                        "org.gradus.optim..",
                        "org.gradus.train..",
                        "org.gradus.io..",
                        "org.gradus.random.."))),
        NOTHING_IS_PRINTED(
                noClasses().should().accessField(System.class, "out").orShould().accessField(System.class, "err")),
        ONLY_SEEDED_STREAMS(noClasses()
                .should()
                .dependOnClassesThat(describe(
                        "are generators of the JDK", type -> type.isAssignableTo("java.util.random.RandomGenerator")))
                .orShould()
                .callMethod(Math.class, "random")
                .orShould()
                .callMethod(StrictMath.class, "random")),
        NO_PLATFORM_DEPENDENT_MATHS(
                noClasses().should().callMethodWhere(target(ArchitectureTest::isPlatformDependent))),
        STRICT_MATHS_ONLY_IN_RANDOM_STREAMS_AND_TEXTBOOK_FORMULAS(strictMathsOnlyIn("textbook")),
        KERNELS_TAKE_NO_FUNCTIONS(methods()
                .that()
                .areDeclaredInClassesThat(describe(
                        "are kernels",
                        type -> type.isAssignableTo(Kernels.class)
                                || type.isAssignableTo(PanelKernels.class)
                                || type.isEquivalentTo(Violations.class)))
                .and()
                .arePublic()
                .should(takeNoFunctions()));

        private final ArchRule rule;

        Rule(ArchRule rule) {
            this.rule = rule;
        }
    }

    /** In methods of a name, in what nothing but such methods calls, and in random streams. */
    private static ArchRule strictMathsOnlyIn(String method) {
        return noCodeUnits()
                .that()
                .areDeclaredInClassesThat()
                .resideOutsideOfPackage("org.gradus.random..")
                .and(describe("are no part of " + method, code -> !isPartOf(method, code)))
                .should(callStrictMaths());
    }

    private static boolean isPartOf(String method, JavaCodeUnit code) {
        Set<JavaCodeUnit> callers =
                code.getCallsOfSelf().stream().map(JavaAccess::getOrigin).collect(Collectors.toSet());
        boolean called = !callers.isEmpty()
                && callers.stream()
                        .allMatch(caller -> caller.getName().equals(method)
                                && caller.getOwner().equals(code.getOwner()));
        return called || code.getName().equals(method);
    }

    private static ArchCondition<JavaCodeUnit> callStrictMaths() {
        return new ArchCondition<>("call functions of StrictMath") {
            @Override
            public void check(JavaCodeUnit code, ConditionEvents events) {
                for (JavaMethodCall call : code.getMethodCallsFromSelf()) {
                    MethodCallTarget target = call.getTarget();
                    boolean calls = target.getOwner().isEquivalentTo(StrictMath.class)
                            && PLATFORM_DEPENDENT.contains(target.getName());
                    events.add(new SimpleConditionEvent(code, calls, call.getDescription()));
                }
            }
        };
    }

    /** Without the exemption the rule sees the formulas themselves, and what they call. */
    @Test
    void formulasInDoubleStayOutOfValuesAndGradients() {
        assertThatThrownBy(() -> strictMathsOnlyIn("forward").check(CORE))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("org.gradus.autograd.SigmoidOp.textbook")
                .hasMessageContaining("org.gradus.autograd.BceOp.clampedLog");
    }

    private static ArchRule vectorApiStaysIn(String name) {
        return noClasses()
                .that(describe("are not " + name, type -> !type.getName().startsWith(name)))
                .should()
                .dependOnClassesThat(resideInAPackage("jdk.incubator.vector.."));
    }

    @Test
    void onlyTheVectorKernelsUseTheVectorApi() {
        vectorApiStaysIn("org.gradus.kernel.simd.Vector").check(CORE);
        assertThatThrownBy(() ->
                        vectorApiStaysIn("org.gradus.kernel.ScalarKernels").check(CORE))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("org.gradus.kernel.simd.VectorKernels");
    }

    private static ArchRule vectorsStayInMethods(String kind) {
        return noMethods()
                .that(describe(
                        "are not made by the compiler",
                        method -> !method.getModifiers().contains(JavaModifier.SYNTHETIC)))
                .should(haveVectorOf(kind));
    }

    private static ArchCondition<JavaMethod> haveVectorOf(String kind) {
        return new ArchCondition<>("take or give a " + kind) {
            @Override
            public void check(JavaMethod method, ConditionEvents events) {
                boolean has = method.getRawReturnType().getName().equals(kind)
                        || method.getRawParameterTypes().stream()
                                .anyMatch(type -> type.getName().equals(kind));
                events.add(new SimpleConditionEvent(method, has, method.getFullName() + " takes or gives a " + kind));
            }
        };
    }

    /** C2 may keep the call of any method that is not marked, as the Vector API's are; then vectors are on the heap, for good. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "jdk.incubator.vector.FloatVector",
                "jdk.incubator.vector.IntVector",
                "jdk.incubator.vector.VectorMask"
            })
    void noMethodTakesOrGivesVectors(String kind) {
        vectorsStayInMethods(kind).check(CORE);
    }

    @Test
    void whatMethodsTakeAndGiveIsSeen() {
        assertThatThrownBy(() -> vectorsStayInMethods(Kernels.class.getName()).check(CORE))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("KernelProvider.kernels()");
    }

    private static boolean isAllowed(JavaClass type) {
        JavaClass element = type.getBaseComponentType();
        if (element.isPrimitive() || element.getName().startsWith("org.gradus.")) {
            return !element.getPackageName().startsWith("org.gradus.testing");
        }
        if (element.getPackageName().equals("org.jspecify.annotations")) {
            return true;
        }
        if (element.getPackageName().startsWith("jdk.incubator.vector")) {
            return true; // a rule of its own
        }
        try {
            Class<?> loaded = Class.forName(element.getName(), false, ArchitectureTest.class.getClassLoader());
            return "java.base".equals(loaded.getModule().getName());
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    private static DescribedPredicate<JavaMethodCall> target(Predicate<MethodCallTarget> test) {
        return describe("target may differ between platforms", call -> test.test(call.getTarget()));
    }

    private static boolean isPlatformDependent(MethodCallTarget target) {
        return target.getOwner().isEquivalentTo(Math.class) && PLATFORM_DEPENDENT.contains(target.getName());
    }

    private static ArchCondition<JavaMethod> takeNoFunctions() {
        return new ArchCondition<>("take no functional interfaces") {
            @Override
            public void check(JavaMethod method, ConditionEvents events) {
                for (JavaClass type : method.getRawParameterTypes()) {
                    boolean function = type.isInterface() && !type.isEquivalentTo(Kernels.class);
                    events.add(new SimpleConditionEvent(method, !function, method.getFullName() + " takes " + type));
                }
            }
        };
    }

    private static ArchRule noCirclesIn(String folder) {
        return slices().matching(folder + ".(**)").should().beFreeOfCycles();
    }

    @Test
    void noTwoPackagesImportEachOther() {
        noCirclesIn("org.gradus").check(CORE);
        JavaClasses planted = new ClassFileImporter().importPackages(CIRCLE);
        assertThatThrownBy(() -> noCirclesIn(CIRCLE).check(planted))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("Cycle detected")
                .hasMessageContaining(CIRCLE + ".one.First");
    }

    private static Set<String> exportedPackages() throws Exception {
        Path classes = Path.of(Kernels.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        try (InputStream descriptor = Files.newInputStream(classes.resolve("module-info.class"))) {
            return ModuleDescriptor.read(descriptor).exports().stream()
                    .filter(exports -> !exports.isQualified())
                    .map(ModuleDescriptor.Exports::source)
                    .collect(Collectors.toSet());
        }
    }

    private static ArchRule onlyShow(Set<String> exported) {
        return members()
                .that(describe(
                        "can be seen from outside",
                        member -> isVisible(member.getModifiers())
                                && isVisible(member.getOwner())
                                && exported.contains(member.getOwner().getPackageName())))
                .should(showOnlyTypesOf(exported));
    }

    private static boolean isVisible(Set<JavaModifier> modifiers) {
        return modifiers.contains(JavaModifier.PUBLIC) || modifiers.contains(JavaModifier.PROTECTED);
    }

    private static boolean isVisible(JavaClass type) {
        return isVisible(type.getModifiers())
                && type.getEnclosingClass().map(ArchitectureTest::isVisible).orElse(true);
    }

    private static ArchCondition<JavaMember> showOnlyTypesOf(Set<String> exported) {
        return new ArchCondition<>("show only types of exported packages") {
            @Override
            public void check(JavaMember member, ConditionEvents events) {
                for (JavaClass involved : member.getAllInvolvedRawTypes()) {
                    JavaClass type = involved.getBaseComponentType();
                    boolean hidden = type.getPackageName().startsWith("org.gradus.")
                            && !(exported.contains(type.getPackageName()) && isVisible(type));
                    events.add(new SimpleConditionEvent(
                            member, !hidden, member.getFullName() + " shows " + type.getName()));
                }
            }
        };
    }

    @Test
    void exportedPackagesShowNoInnerType() throws Exception {
        Set<String> exported = exportedPackages();
        assertThat(exported).contains("org.gradus.kernel").doesNotContain("org.gradus.kernel.simd");
        onlyShow(exported).check(CORE);
        Set<String> withoutKernels = new HashSet<>(exported);
        withoutKernels.remove("org.gradus.kernel");
        assertThatThrownBy(() -> onlyShow(withoutKernels).check(CORE))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(
                        "org.gradus.autograd.Tape.fresh(org.gradus.kernel.Engine) shows org.gradus.kernel.Engine");
    }

    @Test
    void mainClassesAreSeen() {
        assertThat(CORE.contain("org.gradus.kernel.simd.VectorKernels")).isTrue();
        assertThat(CORE.contain("org.gradus.autograd.Tape")).isTrue();
        assertThat(CORE.contain("org.gradus.random.TorchRandom")).isTrue();
        assertThat(CORE.contain(ArchitectureTest.class)).isFalse();
    }

    @ParameterizedTest
    @EnumSource(Rule.class)
    void holds(Rule rule) {
        rule.rule.check(CORE);
    }

    @ParameterizedTest
    @EnumSource(Rule.class)
    void plantedViolationIsCaught(Rule rule) {
        JavaClasses planted = new ClassFileImporter().importPackagesOf(Violations.class);
        assertThatThrownBy(() -> rule.rule.check(planted))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(Violations.class.getName());
    }
}

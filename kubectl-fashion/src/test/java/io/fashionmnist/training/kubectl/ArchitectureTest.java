package io.fashionmnist.training.kubectl;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Which room may know which. */
@AnalyzeClasses(
    packages = "io.fashionmnist.training.kubectl",
    importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  @ArchTest
  static final ArchRule OF_THE_PROJECT_IT_KNOWS_THE_API_ALONE =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "..training.operator..", "..training.trainer..", "..training.emulator..");

  @ArchTest
  static final ArchRule TEXT_ASKS_NOBODY =
      noClasses()
          .that()
          .resideInAPackage("..kubectl.text..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "..kubectl.cluster..",
              "..kubectl.google..",
              "..kubectl.command..",
              "io.fabric8.kubernetes.client.dsl..",
              "com.google..");

  @ArchTest
  static final ArchRule GOOGLES_CLIENTS_STAY_IN_THEIR_ROOM =
      noClasses()
          .that()
          .resideOutsideOfPackage("..kubectl.google..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("com.google..");

  @ArchTest
  static final ArchRule ROOMS_HAVE_NO_CYCLES =
      slices().matching("io.fashionmnist.training.kubectl.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule STATIC_FIELDS_ARE_CONSTANTS =
      fields().that().areStatic().should().beFinal();

  @ArchTest
  static final ArchRule NAMES_SAY_WHAT_A_CLASS_IS =
      classes().should().haveNameNotMatching(".*(Manager|Helper|Utils?|Impl)");
}

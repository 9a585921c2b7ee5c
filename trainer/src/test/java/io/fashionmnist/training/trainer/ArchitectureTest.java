package io.fashionmnist.training.trainer;

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
    packages = "io.fashionmnist.training",
    importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

  @ArchTest
  static final ArchRule ONLY_MODEL_AND_TENSORBOARD_KNOW_TENSORFLOW =
      noClasses()
          .that()
          .resideOutsideOfPackages("..trainer.model", "..trainer.tensorboard")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.tensorflow..");

  @ArchTest
  static final ArchRule ONLY_STORAGE_AND_TRACKING_KNOW_GOOGLE_CLOUD =
      noClasses()
          .that()
          .resideOutsideOfPackages("..trainer.storage", "..trainer.tracking")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("com.google.cloud..", "com.google.api..", "com.google.auth..");

  @ArchTest
  static final ArchRule ONLY_CLI_KNOWS_PICOCLI =
      noClasses()
          .that()
          .resideOutsideOfPackage("..trainer.cli")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("picocli..");

  @ArchTest
  static final ArchRule THE_API_KNOWS_NO_TRAINER =
      noClasses()
          .that()
          .resideInAPackage("..training.api.training..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("..training.trainer..", "io.fabric8.kubernetes..", "picocli..");

  @ArchTest
  static final ArchRule ROOMS_HAVE_NO_CYCLES =
      slices().matching("io.fashionmnist.training.trainer.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule STATIC_FIELDS_ARE_CONSTANTS =
      fields().that().areStatic().should().beFinal();

  @ArchTest
  static final ArchRule NAMES_SAY_WHAT_A_CLASS_IS =
      classes().should().haveNameNotMatching(".*(Manager|Helper|Utils?|Impl)");
}

package io.fashionmnist.training.operator;

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
  static final ArchRule DECISIONS_CALL_NOBODY =
      noClasses()
          .that()
          .haveNameMatching(
              ".*\\.(Decider|LiveAttempt|Deadline|Deletion|Afterwards|Announcement"
                  + "|StatusFactory|StatusDraft|RegistrationStatus|Conditions"
                  + "|JobObserver|TrainerPod|StrayJobs|Refusal"
                  + "|TrainerJob|TrainerVolumes|TrainerEnvironment|PlacementPlan)")
          .should()
          .dependOnClassesThat()
          .haveSimpleName("KubernetesClient");

  @ArchTest
  static final ArchRule BACKENDS_DO_NOT_DECIDE =
      noClasses()
          .that()
          .resideInAnyPackage("..operator.backend..", "..operator.placement..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("..operator.reconcile..");

  @ArchTest
  static final ArchRule THE_API_KNOWS_NO_OPERATOR =
      noClasses()
          .that()
          .resideInAPackage("..training.api..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("..training.operator..");

  @ArchTest
  static final ArchRule ROOMS_HAVE_NO_CYCLES =
      slices().matching("io.fashionmnist.training.operator.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule GOOGLES_CLIENTS_STAY_IN_THEIR_ROOMS =
      noClasses()
          .that()
          .resideOutsideOfPackages(
              "..operator.backend.vertex..",
              "..operator.quota..",
              "..operator.registry..",
              "..operator.outbound..")
          .and()
          .resideInAPackage("..training.operator..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("com.google..", "io.grpc..");

  @ArchTest
  static final ArchRule CALLS_ARE_TIMED_WHOSEVER_THEY_ARE =
      noClasses()
          .that()
          .resideInAPackage("..operator.outbound..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("com.google..");

  @ArchTest
  static final ArchRule READING_VERTEX_CALLS_NOBODY =
      noClasses()
          .that()
          .haveNameMatching(
              ".*\\.(VertexErrors|Setup|QuotaMetrics|CustomJobs|JobLabels|PolledJobs?|JobPoller"
                  + "|QuotaDemand|QuotaLedger|QuotaInfos|QuotaUsage"
                  + "|RegistryPlan|Registration|ModelUpload|EvaluationReport|RegistryAdvice)")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("com.google.api.gax..", "io.grpc..");

  @ArchTest
  static final ArchRule STATIC_FIELDS_ARE_CONSTANTS =
      fields().that().areStatic().should().beFinal();

  @ArchTest
  static final ArchRule NAMES_SAY_WHAT_A_CLASS_IS =
      classes().should().haveNameNotMatching(".*(Manager|Helper|Utils?|Impl)");
}

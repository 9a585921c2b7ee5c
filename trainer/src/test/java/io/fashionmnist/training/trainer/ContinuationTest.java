package io.fashionmnist.training.trainer;

import static io.fashionmnist.training.trainer.SmallTraining.checkpoints;
import static io.fashionmnist.training.trainer.SmallTraining.command;
import static io.fashionmnist.training.trainer.SmallTraining.files;
import static io.fashionmnist.training.trainer.SmallTraining.modelVariables;
import static io.fashionmnist.training.trainer.SmallTraining.variables;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fashionmnist.training.trainer.cli.ProgramRun;
import io.fashionmnist.training.trainer.model.CpuFeatures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The same output again: what continues, what is passed over and what is refused. */
class ContinuationTest {
  private static final String FIRST = "step-00000012";
  private static final String SECOND = "step-00000024";
  private static final String LAST = "step-00000036";

  @TempDir static Path shared;
  @TempDir Path directory;

  private static Path data;
  private static Path finished;
  private Path output;

  @BeforeAll
  static void trainToTheEnd() throws Exception {
    data = SmallDataset.shapes().writeTo(shared.resolve("data"));
    finished = shared.resolve("finished");
    ProgramRun run = ProgramRun.of(Map.of(), command(data, finished));
    assertThat(run.exitCode()).as("%s", run).isZero();
    assertThat(checkpoints(finished)).containsExactly(FIRST, SECOND, LAST);
  }

  /** The finished run's checkpoints, and nothing else of it. */
  @BeforeEach
  void copyCheckpoints() throws IOException {
    output = directory.resolve("output");
    copy(finished, output, file -> file.startsWith("checkpoints/"));
  }

  private static void copy(Path from, Path to, Predicate<String> chosen) throws IOException {
    for (String file : files(from)) {
      if (chosen.test(file)) {
        Path copy = to.resolve(file);
        Files.createDirectories(copy.getParent());
        Files.copy(from.resolve(file), copy);
      }
    }
  }

  /** Damages a checkpoint in its directory. */
  @FunctionalInterface
  interface Damage {
    void to(Path checkpoint) throws IOException;
  }

  private static Arguments damage(String name, Damage damage) {
    return argumentSet(name, damage);
  }

  static Stream<Arguments> damages() {
    return Stream.of(
        damage(
            "truncated variables",
            at -> {
              Path file = at.resolve("variables.data-00000-of-00001");
              Files.write(file, Arrays.copyOf(Files.readAllBytes(file), 1_000));
            }),
        damage(
            "changed variables",
            at -> {
              Path file = at.resolve("variables.data-00000-of-00001");
              byte[] bytes = Files.readAllBytes(file);
              bytes[100] ^= 1;
              Files.write(file, bytes);
            }),
        damage("no variables", at -> Files.delete(at.resolve("variables.index"))),
        damage("no JSON", at -> Files.writeString(at.resolve("manifest.json"), "\0\0\0")),
        damage("empty manifest", at -> Files.writeString(at.resolve("manifest.json"), "")),
        damage("half a manifest", ContinuationTest::halveManifest),
        damage("half-written", at -> Files.delete(at.resolve("manifest.json"))),
        damage("null as manifest", at -> Files.writeString(at.resolve("manifest.json"), "null")),
        damage("another manifest", at -> Files.writeString(at.resolve("manifest.json"), "{}")));
  }

  private static void halveManifest(Path checkpoint) throws IOException {
    Path file = checkpoint.resolve("manifest.json");
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(bytes, bytes.length / 2));
  }

  @ParameterizedTest
  @MethodSource("damages")
  void aDamagedCheckpointIsPassedOverWithAWarning(Damage damage) throws Exception {
    damage.to(output.resolve("checkpoints").resolve(LAST));

    ProgramRun run = ProgramRun.of(Map.of(), command(data, output));

    assertContinuedFrom(output, SECOND, run);
    assertThat(run.out())
        .contains("\"WARNING\"", LAST + " is damaged")
        .doesNotContain(SECOND + " is damaged");
    assertSameEnd();
  }

  @Test
  void withoutAnySoundCheckpointTrainingBeginsAnew() throws Exception {
    for (String checkpoint : checkpoints(output)) {
      halveManifest(output.resolve("checkpoints").resolve(checkpoint));
    }

    ProgramRun run = ProgramRun.of(Map.of(), command(data, output));

    assertThat(run.exitCode()).as("%s", run).isZero();
    assertThat(run.out())
        .contains(FIRST + " is damaged", SECOND + " is damaged", LAST + " is damaged")
        .doesNotContain("Continues");
    assertSameEnd();
  }

  @Test
  void whatABrokenSaveLeftGoesWithTheNextSave() throws Exception {
    Path left = output.resolve("checkpoints").resolve("step-00000001");
    Files.createDirectories(left);
    Files.writeString(left.resolve("variables.index"), "half");
    Files.delete(output.resolve("checkpoints").resolve(LAST).resolve("manifest.json"));

    ProgramRun run = ProgramRun.of(Map.of(), command(data, output));

    assertThat(run.exitCode()).as("%s", run).isZero();
    assertThat(left).doesNotExist();
    assertSameEnd();
  }

  @Test
  void whatAKilledWriterLeftGoesAtTheStart() throws Exception {
    Path left = output.resolve("checkpoints/step-00000001");
    Files.createDirectories(left);
    Files.writeString(left.resolve(".variables.index.0815.part"), "half");

    ProgramRun run = ProgramRun.of(Map.of(), command(data, output));

    assertContinuedFrom(output, LAST, run);
    assertThat(left).doesNotExist();
    assertThat(checkpoints(output)).containsExactly(FIRST, SECOND, LAST);
  }

  @Test
  void linksLeadToDataAndCheckpoints() throws Exception {
    Path images = Files.createSymbolicLink(directory.resolve("current"), data);
    Path elsewhere = directory.resolve("elsewhere");
    Path link = output.resolve("checkpoints");
    Files.move(link, elsewhere);
    Files.createSymbolicLink(link, elsewhere);
    Files.delete(elsewhere.resolve(LAST).resolve("manifest.json"));

    ProgramRun run = ProgramRun.of(Map.of(), command(images, output, "--checkpoints.keep=1"));

    assertContinuedFrom(output, SECOND, run);
    assertThat(link).isSymbolicLink();
    try (Stream<Path> left = Files.list(elsewhere)) {
      assertThat(left).containsExactly(elsewhere.resolve(LAST));
    }
    assertSameEnd();
  }

  @Test
  void aDamagedCheckpointTakesNoSoundOnesPlace() throws Exception {
    Path damaged = output.resolve("checkpoints/step-00009999");
    Files.move(output.resolve("checkpoints").resolve(LAST), damaged);
    halveManifest(damaged);

    ProgramRun run = ProgramRun.of(Map.of(), command(data, output, "--checkpoints.keep=1"));

    assertContinuedFrom(output, SECOND, run);
    assertThat(checkpoints(output)).contains(LAST).doesNotContain(FIRST, SECOND);
    assertSameEnd();
  }

  /** The small network's shapes and the default's take other kernels. */
  private static final String[] DEFAULT_NETWORK = {
    "--model.filters=32,64,128", "--model.dense-units=512", "--batch-size=64"
  };

  @ParameterizedTest
  @CsvSource({
    "Float32, 1, false",
    "Float32, 2, false",
    "BFloat16, 1, false",
    "BFloat16, 2, false",
    "Float32, 2, true",
    "BFloat16, 2, true"
  })
  void aContinuedRunEndsWithTheSameBits(String precision, int threads, boolean defaultNetwork)
      throws Exception {
    assumeTrue(
        precision.equals("Float32") || CpuFeatures.ofThisMachine().computesInBfloat16(),
        "this processor does not compute in bfloat16");
    Path images = data;
    List<String> options =
        new ArrayList<>(List.of("--precision=" + precision, "--threads=" + threads));
    if (defaultNetwork) {
      images = SmallDataset.shapes().withSide(28).writeTo(directory.resolve("28"));
      options.addAll(List.of(DEFAULT_NETWORK));
    }
    Path uninterrupted = directory.resolve("uninterrupted");
    ProgramRun whole =
        ProgramRun.of(Map.of(), command(images, uninterrupted, options.toArray(String[]::new)));
    assertThat(whole.exitCode()).as("%s", whole).isZero();
    List<String> saved = checkpoints(uninterrupted);
    Path interrupted = directory.resolve("interrupted");
    copy(uninterrupted, interrupted, file -> file.startsWith("checkpoints/" + saved.get(1)));

    ProgramRun rest =
        ProgramRun.of(Map.of(), command(images, interrupted, options.toArray(String[]::new)));

    assertContinuedFrom(interrupted, saved.get(1), rest);
    assertThat(variables(interrupted, saved.getLast()))
        .isEqualTo(variables(uninterrupted, saved.getLast()));
    assertThat(modelVariables(interrupted)).isEqualTo(modelVariables(uninterrupted));
  }

  @Test
  void aFinishedRunIsTestedAndExportedAgain() throws Exception {
    ProgramRun run = ProgramRun.of(Map.of(), command(data, output));

    assertContinuedFrom(output, LAST, run);
    assertSameEnd();
    JsonNode report = report();
    assertThat(report.at("/epoch").asInt()).isEqualTo(3);
    assertThat(report.at("/metrics/last/epoch").asInt()).isEqualTo(3);
    assertThat(report.at("/metrics/best/validationLoss").isNumber()).isTrue();
    assertThat(report.at("/test/accuracy").isNumber()).isTrue();
  }

  @Test
  void aCheckpointThatCannotBeReadIsNoMatterOfWriting() throws Exception {
    Path manifest = output.resolve("checkpoints").resolve(LAST).resolve("manifest.json");
    Files.delete(manifest);
    // A file whose reading fails, even for root: nothing is mapped at the address 0.
    Files.createSymbolicLink(manifest, Path.of("/proc/self/mem"));

    ProgramRun run = ProgramRun.of(Map.of(), command(data, output));

    assertThat(run.exitCode()).as("%s", run).isEqualTo(1);
    assertThat(run.out())
        .contains("Cannot read the checkpoints in " + output + "/checkpoints: Input/output error")
        .doesNotContain("Cannot write");
  }

  @Test
  void classesThatDifferAreRefused() throws Exception {
    String names = IntStream.range(0, 12).mapToObj(c -> "c" + c).collect(Collectors.joining(","));

    ProgramRun run = ProgramRun.of(Map.of(), command(data, output, "--class-names=" + names));

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.out()).contains("the number of classes (8 there, 12 here)");
  }

  @Test
  void aWebAddressIsNoPlaceToResumeFrom() throws Exception {
    Path other = directory.resolve("other");

    ProgramRun run =
        ProgramRun.of(Map.of(), command(data, other, "--resume-from=https://127.0.0.1:1/run"));

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.out()).contains("--resume-from", "cannot be listed; give a path or gs://");
  }

  private JsonNode report() throws IOException {
    return new ObjectMapper().readTree(output.resolve("report.json").toFile());
  }

  @Test
  void anotherConfigurationIsRefusedAndNothingChanges() throws Exception {
    Map<String, byte[]> before = content(output);

    ProgramRun run =
        ProgramRun.of(
            Map.of(),
            command(data, output, "--optimizer.learning-rate=0.02", "--model.dense-units=17"));

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.out())
        .contains("\"ERROR\"", LAST + " is of another training")
        .contains("optimizer.learningRate (0.01 there, 0.02 here)")
        .contains("model.denseUnits (16 there, 17 here)");
    assertThat(content(output)).usingRecursiveComparison().isEqualTo(before);
  }

  @Test
  void otherDataIsRefused() throws Exception {
    Path other = SmallDataset.shapes().withTrain(408).writeTo(directory.resolve("other"));
    Map<String, byte[]> before = content(output);

    ProgramRun run = ProgramRun.of(Map.of(), command(other, output));

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.out()).contains("\"ERROR\"", "it differs in the data (digest ");
    assertThat(content(output)).usingRecursiveComparison().isEqualTo(before);
  }

  @Test
  void anotherRunsCheckpointIsAStart() throws Exception {
    Path source = output;
    halveManifest(source.resolve("checkpoints").resolve(LAST));
    Map<String, byte[]> before = content(source);
    output = directory.resolve("continued");

    ProgramRun run = ProgramRun.of(Map.of(), command(data, output, "--resume-from=" + source));

    assertContinuedFrom(source, SECOND, run);
    assertSameEnd();
    assertThat(checkpoints(output)).containsExactly(LAST);
    assertThat(content(source)).usingRecursiveComparison().isEqualTo(before);
  }

  @Test
  void theFirstOfOtherRunsThatHasACheckpointIsTheStart() throws Exception {
    Path source = output;
    halveManifest(source.resolve("checkpoints").resolve(LAST));
    output = directory.resolve("continued");
    Path nowhere = directory.resolve("nowhere");

    ProgramRun run =
        ProgramRun.of(
            Map.of(), command(data, output, "--resume-from=" + nowhere, "--resume-from=" + source));

    assertThat(run.out()).contains("no complete checkpoint in " + nowhere + "/checkpoints");
    assertContinuedFrom(source, SECOND, run);
    assertSameEnd();
  }

  @Test
  void theRunsOwnCheckpointGoesBeforeAnotherRuns() throws Exception {
    Path own = directory.resolve("own");
    Files.createDirectories(own.resolve("checkpoints"));
    Files.move(output.resolve("checkpoints").resolve(FIRST), own.resolve("checkpoints/" + FIRST));
    Path source = output;
    output = own;

    ProgramRun run = ProgramRun.of(Map.of(), command(data, output, "--resume-from=" + source));

    assertContinuedFrom(own, FIRST, run);
    assertSameEnd();
  }

  @Test
  void aRunWithoutCheckpointsIsNoStart() throws Exception {
    output = directory.resolve("continued");
    Path nowhere = directory.resolve("nowhere");

    ProgramRun run = ProgramRun.of(Map.of(), command(data, output, "--resume-from=" + nowhere));

    assertThat(run.exitCode()).as("%s", run).isZero();
    assertThat(run.out()).contains("no complete checkpoint in " + nowhere + "/checkpoints");
    assertSameEnd();
  }

  private static void assertContinuedFrom(Path where, String checkpoint, ProgramRun run) {
    assertThat(run.exitCode()).as("%s", run).isZero();
    assertThat(run.out())
        .contains(
            "\"Continues from a checkpoint\"",
            "\"checkpoint\":\"%s/checkpoints/%s\",\"epoch\"".formatted(where, checkpoint));
  }

  private void assertSameEnd() throws IOException {
    assertThat(variables(output, LAST)).isEqualTo(variables(finished, LAST));
    assertThat(modelVariables(output)).isEqualTo(modelVariables(finished));
    assertThat(output.resolve("report.json")).isNotEmptyFile();
  }

  private static Map<String, byte[]> content(Path directory) throws IOException {
    Map<String, byte[]> content = new TreeMap<>();
    for (String file : files(directory)) {
      content.put(file, Files.readAllBytes(directory.resolve(file)));
    }
    return content;
  }
}

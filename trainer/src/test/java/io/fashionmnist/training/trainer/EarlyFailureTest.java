package io.fashionmnist.training.trainer;

import static io.fashionmnist.training.trainer.SmallTraining.command;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.fashionmnist.training.api.training.TerminationMessage;
import io.fashionmnist.training.trainer.cli.ProgramRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What fails before there is a training to tell of still reaches the termination message. */
class EarlyFailureTest {
  private static final SmallDataset SHAPES = SmallDataset.shapes();

  @TempDir Path directory;
  private Path log;

  @BeforeEach
  void mountLog() throws IOException {
    // Kubernetes makes the file before the container starts.
    log = Files.createFile(directory.resolve("termination-log"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --termination-log=LOG --epochs=0                 | --epochs=0: must be at least 1 and at most 10000
          --epochs=0 --termination-log LOG                 | --epochs=0: must be at least 1 and at most 10000
          --epochs --termination-log LOG                   | Expected parameter for option '--epochs' but found '--termination-log'
          --epoch=3 --termination-log=LOG                  | unknown option --epoch; did you mean --epochs?
          --frobnicate 7 --termination-log=LOG             | unknown option --frobnicate
          --termination-log=/none --termination-log=LOG -x | unknown option -x
          --termination-log=LOG --epochs=0 --threads=0     | --threads=0: must be at least 1 and at most 1024; --epochs=0: must be at least 1 and at most 10000
          --termination-log=LOG --config=/no/such.yaml     | --config: there is no file /no/such.yaml
          --termination-log=LOG --output=s3://bucket/run   | s3://bucket/run: unknown scheme s3://; what works is a path, file:///, gs:// or (for reading) https://.
          --termination-log=LOG --resume-from=s3://bucket/run | s3://bucket/run: unknown scheme s3://; what works is a path, file:///, gs:// or (for reading) https://.
          --termination-log=LOG --output=/proc/x           | Cannot write to /proc/x: /proc/x cannot be created; choose another directory.
          --termination-log=LOG --data=/no/such            | /no/such has no training images: looked for train-images-idx3-ubyte, plain or .gz; nothing is there. Give --data a place that has them; `make data` brings Fashion-MNIST
          """)
  void theCauseIsTheTerminationMessage(String options, String cause) throws Exception {
    ProgramRun run = run(Map.of(), options);

    assertThat(run.exitCode()).as("%s", run).isEqualTo(2);
    assertThat(message().error()).isEqualTo(cause);
    assertThat(message().exitCode()).isEqualTo(2);
    assertThat(run.out() + run.err()).contains(cause.split("; -")[0]);
  }

  @ParameterizedTest
  @CsvSource({"Text, --output=pvc://claim/run", "Json, --output=pvc://claim/run", "Json, -x"})
  void theAttemptIsToldWithIt(String logFormat, String bad) throws Exception {
    run(Map.of(), "--attempt=3 --log-format=" + logFormat + " --termination-log=LOG " + bad);

    assertThat(message().report().attempt()).isEqualTo(3);
    assertThat(message().report().epoch()).isNull();
  }

  @Test
  void aVariableThatNamesNoPlaceIsTold() throws Exception {
    ProgramRun run = run(Map.of("AIP_MODEL_DIR", "s3://bucket/model"), "--termination-log=LOG");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(message().error()).startsWith("s3://bucket/model: unknown scheme");
  }

  @Test
  void aTerminationLogThatCannotBeWrittenIsAWarning() throws Exception {
    ProgramRun run = run(Map.of(), "--epochs=0 --termination-log=" + directory);

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err())
        .contains("fashion-trainer: --epochs=0: must be at least 1")
        .contains("fashion-trainer: The termination message could not be written to " + directory);
  }

  @Test
  void helpSaysNothingThere() throws Exception {
    assertThat(run(Map.of(), "--termination-log=LOG --help").exitCode()).isZero();
    assertThat(run(Map.of(), "--termination-log=LOG --print-config").exitCode()).isZero();

    assertThat(log).isEmptyFile();
  }

  private ProgramRun run(Map<String, String> environment, String options) throws IOException {
    Path data = SHAPES.writeTo(directory.resolve("data"));
    return ProgramRun.of(
        environment,
        command(
            data, directory.resolve("output"), options.replace("LOG", log.toString()).split(" ")));
  }

  private TerminationMessage message() throws IOException {
    assertThat(log).isNotEmptyFile();
    return new ObjectMapper().readValue(log.toFile(), TerminationMessage.class);
  }
}

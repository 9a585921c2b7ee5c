package io.fashionmnist.training.kubectl.command;

import io.fashionmnist.training.api.training.TrainingReport;
import io.fashionmnist.training.api.v1alpha1.Attempt;
import io.fashionmnist.training.api.v1alpha1.AttemptState;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJob;
import io.fashionmnist.training.kubectl.cluster.Cluster;
import io.fashionmnist.training.kubectl.cluster.VolumeFiles;
import io.fashionmnist.training.kubectl.failure.ExitCode;
import io.fashionmnist.training.kubectl.failure.Failure;
import io.fashionmnist.training.kubectl.google.BucketFiles;
import io.fashionmnist.training.kubectl.text.ReportText;
import io.fashionmnist.training.kubectl.text.Screen;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code report}: the result of a training. */
@Command(
    name = "report",
    mixinStandardHelpOptions = true,
    description = {
      "Prints a job's test result by class, and says where its report lies.",
      "--download brings report.html and report.json: from a gs:// output with your own Google"
          + " credentials (gcloud auth application-default login), where STORAGE_EMULATOR_HOST names"
          + " another endpoint; from a pvc:// output by a pod of the attempt's image that prints them"
          + " and is deleted then."
    })
final class ReportCommand implements Callable<Integer> {
  private static final List<String> FILES = List.of("report.html", "report.json");

  private final Surroundings surroundings;

  @Parameters(paramLabel = "JOB", description = "The job's name.")
  private String name;

  @Option(
      names = {"-d", "--download"},
      paramLabel = "FOLDER",
      arity = "0..1",
      fallbackValue = ".",
      description = "Put the report's files into FOLDER/JOB-report. Default: here.")
  private Path folder;

  @Option(names = "--open", description = "Download, and open report.html in the browser.")
  private boolean open;

  @Mixin private ClusterOptions cluster;
  @Mixin private OutputOption output;

  ReportCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    try (Cluster connected = cluster.connect()) {
      FashionTrainingJob job = connected.job(name);
      TrainingReport report =
          Optional.ofNullable(job.currentStatus().training())
              .orElseThrow(
                  () ->
                      Failure.unavailable(
                          "%s has reported nothing yet: kubectl fashion watch %s says why",
                          name, name));
      Screen screen = surroundings.screen();
      Optional<Attempt> attempt = attemptOf(job, report);
      output.print(screen, report, () -> ReportText.lines(report, screen));
      if (!output.json()) {
        screen.line("");
        screen.line(
            "Model and report: "
                + attempt
                    .map(Attempt::outputUri)
                    .orElse("where they are is not in the status any more"));
      }
      if (folder != null || open) {
        download(
            connected,
            attempt.orElseThrow(
                () ->
                    Failure.unavailable(
                        "where %s put its report is not in the status any more", name)),
            screen);
      }
      return ExitCode.DONE;
    }
  }

  /** Of the attempt that reported; one that does not say its number is the last that ran. */
  private static Optional<Attempt> attemptOf(FashionTrainingJob job, TrainingReport report) {
    return job.currentStatus().attempts().reversed().stream()
        .filter(
            attempt ->
                report.attempt() == null
                    ? attempt.state() != AttemptState.SKIPPED
                    : attempt.number().equals(report.attempt()))
        .filter(attempt -> attempt.outputUri() != null)
        .findFirst();
  }

  private void download(Cluster connected, Attempt attempt, Screen screen) {
    String uri = attempt.outputUri();
    Path target = (folder == null ? Path.of(".") : folder).resolve(name + "-report");
    List<Path> files =
        uri.startsWith("gs://") ? fromBucket(uri, target) : fromVolume(connected, attempt, target);
    if (files.isEmpty()) {
      throw Failure.unavailable("there is no report in %s", uri);
    }
    if (!output.json()) {
      files.forEach(file -> screen.line("Downloaded:       " + file));
    }
    if (open) {
      show(target.resolve(FILES.getFirst()));
    }
  }

  private List<Path> fromBucket(String uri, Path target) {
    BucketFiles bucket = BucketFiles.of(uri, surroundings.environment());
    return FILES.stream()
        .filter(file -> bucket.copy(file, target.resolve(file)))
        .map(target::resolve)
        .toList();
  }

  private static List<Path> fromVolume(Cluster connected, Attempt attempt, Path target) {
    List<Path> written = new ArrayList<>();
    new VolumeFiles(connected)
        .read(attempt, FILES)
        .forEach(
            (file, text) -> {
              try {
                Files.createDirectories(target);
                written.add(Files.writeString(target.resolve(file), text));
              } catch (IOException e) {
                throw Failure.unavailable(
                    "%s can't be written: %s", target.resolve(file), e.getMessage());
              }
            });
    return written;
  }

  private static void show(Path page) {
    if (!Files.exists(page)) {
      throw Failure.unavailable("the trainer has not written %s", page.getFileName());
    }
    String program =
        System.getProperty("os.name").toLowerCase(java.util.Locale.ROOT).contains("mac")
            ? "open"
            : "xdg-open";
    try {
      new ProcessBuilder(program, page.toString())
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start();
    } catch (IOException e) {
      throw Failure.unavailable("%s is not there to open %s: open it yourself", program, page);
    }
  }
}

package io.fashionmnist.training.kubectl.command;

import io.fashionmnist.training.api.training.TrainingReport;
import io.fashionmnist.training.api.v1alpha1.Attempt;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJob;
import io.fashionmnist.training.kubectl.cluster.Cluster;
import io.fashionmnist.training.kubectl.failure.ExitCode;
import io.fashionmnist.training.kubectl.failure.Failure;
import io.fashionmnist.training.kubectl.google.BucketFiles;
import io.fashionmnist.training.kubectl.text.ReportText;
import io.fashionmnist.training.kubectl.text.Screen;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
      "--download brings report.html and report.json from a gs:// output, with your own Google"
          + " credentials (gcloud auth application-default login). STORAGE_EMULATOR_HOST names"
          + " another endpoint."
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
      output.print(screen, report, () -> ReportText.lines(report, screen));
      String uri = outputOf(job, report);
      if (!output.json()) {
        screen.line("");
        screen.line("Model and report: " + uri);
      }
      if (folder != null || open) {
        download(uri, screen);
      }
      return ExitCode.DONE;
    }
  }

  /** Of the attempt that reported. */
  private String outputOf(FashionTrainingJob job, TrainingReport report) {
    return job.currentStatus().attempts().stream()
        .filter(attempt -> attempt.number().equals(report.attempt()))
        .map(Attempt::outputUri)
        .filter(uri -> uri != null)
        .findFirst()
        .orElseThrow(
            () ->
                Failure.unavailable(
                    "where attempt %s of %s put its report is not in the status any more",
                    report.attempt(), name));
  }

  private void download(String uri, Screen screen) {
    if (!uri.startsWith("gs://")) {
      throw Failure.unavailable(
          "%s is on a volume, which only pods of the namespace can read: mount claim %s into one"
              + " and kubectl cp the files",
          uri, uri.replaceFirst("^pvc://", "").split("/", 2)[0]);
    }
    Path target = (folder == null ? Path.of(".") : folder).resolve(name + "-report");
    BucketFiles bucket = BucketFiles.of(uri, surroundings.environment());
    int found = 0;
    for (String file : FILES) {
      if (bucket.copy(file, target.resolve(file))) {
        found++;
        if (!output.json()) {
          screen.line("Downloaded:       " + target.resolve(file));
        }
      }
    }
    if (found == 0) {
      throw Failure.unavailable("there is no report in %s", uri);
    }
    if (open) {
      show(target.resolve(FILES.getFirst()));
    }
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

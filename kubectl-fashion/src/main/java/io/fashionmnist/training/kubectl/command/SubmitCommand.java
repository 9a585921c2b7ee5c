package io.fashionmnist.training.kubectl.command;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJob;
import io.fashionmnist.training.kubectl.cluster.Cluster;
import io.fashionmnist.training.kubectl.cluster.Manifests;
import io.fashionmnist.training.kubectl.cluster.Names;
import io.fashionmnist.training.kubectl.failure.ExitCode;
import io.fashionmnist.training.kubectl.failure.Failure;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code submit}: makes a job, or one like a job that is over. */
@Command(
    name = "submit",
    mixinStandardHelpOptions = true,
    description = {
      "Creates a job from a manifest, or starts one again that is over.",
      "A job is never run twice: --from makes another one with the same specification, labels and"
          + " annotations under a new name, not suspended and with nothing of Argo CD's. The label"
          + " training.fashion-mnist.io/retry-of has the first one's name."
    })
final class SubmitCommand implements Callable<Integer> {
  private final Surroundings surroundings;

  @ArgGroup(multiplicity = "1")
  private Source source;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description =
          "With --from: the new job's name. Default: the old one's with the next free number.")
  private String name;

  @Option(
      names = {"-w", "--watch"},
      description = "Then watch it, as kubectl fashion watch does.")
  private boolean watch;

  @Mixin private ClusterOptions cluster;
  @Mixin private OutputOption output;

  /** One of the two. */
  private static final class Source {
    @Option(
        names = {"-f", "--filename"},
        paramLabel = "FILE",
        description = "The job's manifest; - is standard input.")
    private String file;

    @Option(
        names = "--from",
        paramLabel = "NAME",
        description = "A job that has succeeded or failed.")
    private String from;
  }

  SubmitCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    return source.file == null ? again() : fromFile();
  }

  private int fromFile() {
    if (name != null) {
      throw Failure.usage("--name goes with --from; a manifest has its own");
    }
    List<GenericKubernetesResource> jobs = Manifests.read(source.file, surroundings.in());
    if (watch && jobs.size() > 1) {
      throw Failure.usage("--watch watches one job, and %s has %d", source.file, jobs.size());
    }
    int exitCode = ExitCode.DONE;
    for (GenericKubernetesResource job : jobs) {
      try (Cluster connected = cluster.in(Namespaces.of(job, cluster.namespace()))) {
        exitCode = create(connected, job);
      }
    }
    return exitCode;
  }

  private int again() {
    try (Cluster connected = cluster.connect()) {
      FashionTrainingJob old = connected.job(source.from);
      if (old.currentStatus().phase() == null || !old.currentStatus().phase().finished()) {
        throw Failure.usage(
            "%s is not over yet: wait for its end, or submit its manifest under another name",
            source.from);
      }
      List<String> taken =
          connected.jobs(false).stream().map(job -> job.getMetadata().getName()).toList();
      return create(
          connected,
          Manifests.again(
              connected.manifest(source.from),
              Optional.ofNullable(name).orElseGet(() -> Names.next(source.from, taken))));
    }
  }

  private int create(Cluster connected, GenericKubernetesResource job) {
    GenericKubernetesResource made = connected.create(job);
    String called = made.getMetadata().getName();
    output.print(
        surroundings.screen(),
        made,
        () ->
            watch
                ? List.of("fashiontrainingjob/%s created".formatted(called))
                : List.of(
                    "fashiontrainingjob/%s created".formatted(called),
                    "kubectl fashion watch %s%s"
                        .formatted(
                            called, cluster.namespace().map(each -> " -n " + each).orElse(""))));
    return watch
        ? new Watching(connected, surroundings, output.json()).untilTheEnd(called)
        : ExitCode.DONE;
  }
}

package io.fashionmnist.training.kubectl.command;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.KubernetesListBuilder;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJob;
import io.fashionmnist.training.kubectl.cluster.Cluster;
import io.fashionmnist.training.kubectl.cluster.Manifests;
import io.fashionmnist.training.kubectl.cluster.Names;
import io.fashionmnist.training.kubectl.failure.ExitCode;
import io.fashionmnist.training.kubectl.failure.Failure;
import java.util.ArrayList;
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
    List<GenericKubernetesResource> made = new ArrayList<>();
    try {
      int exitCode = ExitCode.DONE;
      for (GenericKubernetesResource job : jobs) {
        Optional<String> namespace = Namespaces.of(job, cluster.namespace());
        try (Cluster connected = cluster.in(namespace)) {
          exitCode = create(connected, job, namespace, made);
        }
      }
      return exitCode;
    } finally {
      // Those that are made are, whatever becomes of the others.
      printJson(made);
    }
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
      List<GenericKubernetesResource> made = new ArrayList<>();
      int exitCode =
          create(
              connected,
              Manifests.again(
                  connected.manifest(source.from),
                  Optional.ofNullable(name).orElseGet(() -> Names.next(source.from, taken))),
              cluster.namespace(),
              made);
      printJson(made);
      return exitCode;
    }
  }

  /**
   * @param namespace what has to be said to find the job again
   */
  private int create(
      Cluster connected,
      GenericKubernetesResource job,
      Optional<String> namespace,
      List<GenericKubernetesResource> made) {
    GenericKubernetesResource created = connected.create(job);
    String called = created.getMetadata().getName();
    if (!output.json()) {
      surroundings.screen().line("fashiontrainingjob/%s created".formatted(called));
      if (!watch) {
        surroundings
            .screen()
            .line(
                "kubectl fashion watch %s%s"
                    .formatted(called, namespace.map(each -> " -n " + each).orElse("")));
      }
    }
    if (watch) {
      // It prints the job as it is at its end.
      return new Watching(connected, surroundings, output.json()).untilTheEnd(called);
    }
    made.add(created);
    return ExitCode.DONE;
  }

  /** One document, as kubectl has it: the job, or a list of them. */
  private void printJson(List<GenericKubernetesResource> made) {
    if (output.json() && !made.isEmpty()) {
      surroundings
          .screen()
          .line(
              OutputOption.json(
                  made.size() == 1
                      ? made.getFirst()
                      : new KubernetesListBuilder()
                          .addAllToItems(List.<HasMetadata>copyOf(made))
                          .build()));
    }
  }
}

package io.fashionmnist.training.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The command line: measures one contender at a time, and makes the report of all. */
@Command(name = "operator-benchmark", mixinStandardHelpOptions = true)
public final class OperatorBenchmark {
  private static final ObjectMapper JSON = JsonMapper.builder().findAndAddModules().build();

  private OperatorBenchmark() {}

  /** Runs the command line and exits. */
  public static void main(String[] args) {
    // Who is told to end leaves no operator behind, which would disturb the next measuring.
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> ProcessHandle.current().descendants().forEach(ProcessHandle::destroy)));
    CommandLine line = new CommandLine(new OperatorBenchmark());
    line.setCaseInsensitiveEnumValuesAllowed(true);
    System.exit(line.execute(args));
  }

  @Command(description = "Measures an operator on the kubeconfig's control plane.")
  int measure(
      @Option(names = "--contender", required = true) Contender contender,
      @Option(names = "--command", description = "Starts it.") Optional<String> command,
      @Option(names = "--jobs", defaultValue = "1000", description = "Created at once.") int jobs,
      @Option(names = "--finished", defaultValue = "10000", description = "In the end.")
          int finished,
      @Option(names = "--pod-seconds", defaultValue = "1") double podSeconds,
      @Option(names = "--idle-seconds", defaultValue = "60") int idleSeconds,
      @Option(names = "--beside", description = "NAME=PID whose time is told.")
          Map<String, Long> besides,
      @Option(names = "--directory", required = true, description = "For logs and the result.")
          Path directory)
      throws IOException, InterruptedException {
    try (KubernetesClient client = client()) {
      Measuring.Plan plan =
          new Measuring.Plan(
              contender,
              command.map(words -> List.of(words.strip().split("\\s+"))).orElse(List.of()),
              jobs,
              finished,
              podSeconds,
              idleSeconds,
              Optional.ofNullable(besides).orElse(Map.of()));
      Measurement measurement = new Measuring(client, plan, directory).measure();
      JSON.writeValue(directory.resolve(contender + ".json").toFile(), measurement);
    }
    return 0;
  }

  /** A client that is patient: when all pods end at once, their statuses wait for one another. */
  private static KubernetesClient client() {
    return new KubernetesClientBuilder()
        .editOrNewConfig()
        .withRequestTimeout((int) Duration.ofMinutes(2).toMillis())
        .endConfig()
        .build();
  }

  @Command(description = "Prints the table of results and writes it into a Markdown file.")
  int report(
      @Option(names = "--markdown") Optional<Path> markdown,
      @Parameters(arity = "1..*", description = "Files that measure wrote.") List<Path> files)
      throws IOException {
    List<Measurement> measurements = new ArrayList<>();
    for (Path file : files) {
      measurements.add(JSON.readValue(file.toFile(), Measurement.class));
    }
    String text = new Report(measurements).text();
    if (markdown.isPresent()) {
      Path file = markdown.get();
      Files.writeString(file, Report.SECTION.replace(Files.readString(file), text));
    }
    System.out.print(text);
    return 0;
  }

  @Command(description = "Measures fallback, and calls to Vertex AI, on the same control plane.")
  int fallback(
      @Option(names = "--command", required = true, description = "Starts it.") String command,
      @Option(names = "--emulator", required = true, description = "Starts Vertex AI's.")
          String emulator,
      @Option(names = "--trainer", required = true, description = "Starts the trainer.")
          String trainer,
      @Option(names = "--storage", required = true, description = "Cloud Storage's emulator.")
          String storage,
      @Option(names = "--data", required = true, description = "Fashion-MNIST.") String data,
      @Option(names = "--jobs", split = ",", defaultValue = "10,100,1000") List<Integer> jobs,
      @Option(names = "--seconds", defaultValue = "60", description = "Calls are counted for.")
          int seconds,
      @Option(names = "--directory", required = true, description = "For logs.") Path directory,
      @Option(names = "--markdown") Optional<Path> markdown)
      throws IOException, InterruptedException {
    try (KubernetesClient client = client()) {
      var plan =
          new FallbackMeasuring.Plan(
              List.of(command.strip().split("\\s+")),
              emulator,
              trainer,
              storage,
              data,
              jobs,
              seconds);
      String text = new FallbackMeasuring(client, plan, directory).measure().text();
      if (markdown.isPresent()) {
        Path file = markdown.get();
        Files.writeString(file, FallbackReport.SECTION.replace(Files.readString(file), text));
      }
      System.out.print(text);
    }
    return 0;
  }
}

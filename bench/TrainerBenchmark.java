import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Measures the trainer beside Keras and PyTorch: whole processes in turn, one after the other, round
 * after round, so that a machine that drifts drifts for all; medians and ratios go to a Markdown file.
 *
 * <p>{@code java bench/TrainerBenchmark.java TRAINER PYTHON DATA REPORT [--avx2] [ROUNDS [SECONDS]]}
 *
 * <p>With {@code --avx2} all compute in 32-bit floats with the kernels that they have for processors
 * without AVX512: emulated, for a real one has other clocks and caches too.
 */
final class TrainerBenchmark {
  private static final int THREADS = Runtime.getRuntime().availableProcessors();
  private static final Pattern NUMBER = Pattern.compile("-?[0-9.]+(?:[eE][-+]?[0-9]+)?");
  private static final String SECTION = "trainer";
  private static final String AVX2 = "--avx2";
  private static final Map<String, String> AVX2_ALONE =
      Map.of("ONEDNN_MAX_CPU_ISA", "AVX2", "ATEN_CPU_CAPABILITY", "avx2");

  /** What is measured: a name for the table, a command, and variables of its environment. */
  record Contender(String name, String group, List<String> command, Map<String, String> environment) {
    Contender with(Map<String, String> more) {
      Map<String, String> all = new LinkedHashMap<>(environment);
      all.putAll(more);
      return new Contender(name, group, command, all);
    }
  }

  /** One process's figures; a figure that a contender does not tell is NaN. */
  record Figures(double imagesPerSecond, double secondsToFirstStep, double peakRssMb) {}

  private final Path trainer;
  private final Path python;
  private final Path data;
  private final int seconds;
  private final boolean avx2;

  private TrainerBenchmark(Path trainer, Path python, Path data, int seconds, boolean avx2) {
    this.trainer = trainer;
    this.python = python;
    this.data = data;
    this.seconds = seconds;
    this.avx2 = avx2;
  }

  public static void main(String[] args) throws Exception {
    boolean avx2 = List.of(args).contains(AVX2);
    List<Integer> numbers =
        Arrays.stream(args).skip(4).filter(arg -> !arg.equals(AVX2)).map(Integer::valueOf).toList();
    int rounds = numbers.isEmpty() ? 3 : numbers.getFirst();
    int seconds = numbers.size() < 2 ? 15 : numbers.get(1);
    TrainerBenchmark benchmark =
        new TrainerBenchmark(Path.of(args[0]), Path.of(args[1]), Path.of(args[2]), seconds, avx2);
    String table = benchmark.run(rounds);
    replaceSection(Path.of(args[3]), avx2 ? SECTION + "-avx2" : SECTION, table);
    System.out.println(table);
  }

  private List<Contender> contenders(boolean bfloat16) {
    return avx2 ? withAvx2Alone() : asTheyCome(bfloat16);
  }

  private List<Contender> withAvx2Alone() {
    return Stream.of(
            ours("this trainer, Float32", 64, "Float32"),
            ours("this trainer, Float32, batch 128", 128, "Float32"),
            // What TensorFlow itself decides on a processor without AVX512 is to leave it off.
            peer(
                "Keras 3, oneDNN off, as it comes", "keras", 64, "float32",
                Map.of("TF_ENABLE_ONEDNN_OPTS", "0")),
            peer(
                "Keras 3, oneDNN on", "keras", 64, "float32",
                Map.of("TF_ENABLE_ONEDNN_OPTS", "1")),
            peer("PyTorch", "torch", 64, "float32", Map.of()),
            peer("PyTorch, batch 128", "torch", 128, "float32", Map.of()))
        .map(contender -> contender.with(AVX2_ALONE))
        .toList();
  }

  private List<Contender> asTheyCome(boolean bfloat16) {
    List<Contender> contenders = new ArrayList<>();
    contenders.add(ours("this trainer, defaults", 64, "Auto"));
    contenders.add(ours("this trainer, batch 128", 128, "Auto"));
    if (bfloat16) {
      contenders.add(ours("this trainer, Float32", 64, "Float32"));
    }
    contenders.add(peer("Keras 3, as it comes", "keras", 64, "float32", Map.of()));
    contenders.add(peer("PyTorch", "torch", 64, "float32", Map.of()));
    if (bfloat16) {
      contenders.add(peer("Keras 3, mixed_bfloat16", "keras", 64, "bfloat16", Map.of()));
      contenders.add(peer("PyTorch, bfloat16", "torch", 64, "bfloat16", Map.of()));
      contenders.add(peer("PyTorch, bfloat16, batch 128", "torch", 128, "bfloat16", Map.of()));
      contenders.add(peer("PyTorch, bfloat16, batch 256", "torch", 256, "bfloat16", Map.of()));
    } else {
      // TensorFlow switches oneDNN on by itself only where there is AVX512.
      contenders.add(
          peer("Keras 3, oneDNN on", "keras", 64, "float32", Map.of("TF_ENABLE_ONEDNN_OPTS", "1")));
      contenders.add(peer("PyTorch, batch 128", "torch", 128, "float32", Map.of()));
    }
    return contenders;
  }

  private Contender ours(String name, int batch, String precision) {
    return new Contender(
        name,
        "trainer",
        List.of(
            trainer.toString(), "train", "--data", data.toString(), "--epochs=2",
            "--batch-size=" + batch, "--precision=" + precision, "--threads=" + THREADS,
            "--log-format=Json"),
        Map.of());
  }

  private Contender peer(
      String name, String script, int batch, String precision, Map<String, String> environment) {
    return new Contender(
        name,
        script,
        List.of(
            python.toString(), "bench/peers/" + script + "_peer.py", "--data", data.toString(),
            "--seconds", "" + seconds, "--threads", "" + THREADS, "--batch-size", "" + batch,
            "--precision", precision),
        environment);
  }

  private String run(int rounds) throws Exception {
    String flags = cpuFlags();
    List<Contender> contenders = contenders(flags.matches(".*(avx512_bf16|amx_bf16).*"));
    Map<Contender, List<Figures>> figures = new LinkedHashMap<>();
    for (int round = 1; round <= rounds; round++) {
      for (Contender contender : contenders) {
        Figures measured = measure(contender);
        figures.computeIfAbsent(contender, _ -> new ArrayList<>()).add(measured);
        System.err.printf(
            "round %d  %-32s %8.0f images/s  first step %5.2f s  %5.0f MB%n",
            round, contender.name(), measured.imagesPerSecond(),
            measured.secondsToFirstStep(), measured.peakRssMb());
      }
    }
    return table(figures, rounds, flags);
  }

  private Figures measure(Contender contender) throws Exception {
    Path output = Files.createTempDirectory("benchmark");
    List<String> command = new ArrayList<>(contender.command());
    if (contender.group().equals("trainer")) {
      command.add("--output=" + output);
    }
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectError(output.resolve("stderr").toFile());
    builder.environment().remove("TF_ENABLE_ONEDNN_OPTS");
    builder.environment().put("TF_CPP_MIN_LOG_LEVEL", "2");
    builder.environment().putAll(contender.environment());
    Process process = builder.start();
    double peak = 0;
    String all;
    try (BufferedReader out = new BufferedReader(new InputStreamReader(process.getInputStream()))) {
      Thread.Builder watcher = Thread.ofPlatform().daemon();
      double[] highest = {0};
      Thread watching =
          watcher.start(
              () -> {
                while (process.isAlive()) {
                  highest[0] = Math.max(highest[0], peakRss(process.pid()));
                  try {
                    Thread.sleep(200);
                  } catch (InterruptedException _) {
                    return;
                  }
                }
              });
      all = out.lines().collect(Collectors.joining("\n"));
      watching.join();
      peak = highest[0];
    }
    if (process.waitFor() != 0) {
      throw new IOException(
          contender.name() + " failed: " + Files.readString(output.resolve("stderr")) + all);
    }
    deleteTree(output);
    return new Figures(
        last(all, "imagesPerSecond"),
        last(all, "secondsToFirstStep"),
        contender.group().equals("trainer") ? peak : last(all, "peakRssMb"));
  }

  /** The kernel's own high-water mark of a process, in MB. */
  static double peakRss(long pid) {
    try (Stream<String> lines = Files.lines(Path.of("/proc", "" + pid, "status"))) {
      return lines
          .filter(line -> line.startsWith("VmHWM:"))
          .mapToDouble(line -> number(line) / 1024)
          .findFirst()
          .orElse(0);
    } catch (IOException | java.io.UncheckedIOException _) {
      return 0;
    }
  }

  /** The last value that the output gives a key in JSON. */
  static double last(String output, String key) {
    Matcher matcher = Pattern.compile("\"" + key + "\"\\s*:\\s*(" + NUMBER + ")").matcher(output);
    double value = Double.NaN;
    while (matcher.find()) {
      value = Double.parseDouble(matcher.group(1));
    }
    return value;
  }

  private static double number(String line) {
    Matcher matcher = NUMBER.matcher(line);
    return matcher.find() ? Double.parseDouble(matcher.group()) : 0;
  }

  private String table(Map<Contender, List<Figures>> figures, int rounds, String flags) {
    double reference =
        median(figures.values().iterator().next().stream().mapToDouble(Figures::imagesPerSecond));
    StringBuilder text = new StringBuilder();
    text.append(
        """
        Medians of %d interleaved rounds on %s, %d processors, %s. A full training step with augmentation, dropout and optimizer; the \
        same network, threads and images for all. *ratio* is the first row over the row.

        | | images/s | ratio | first step, s | peak RSS, MB |
        |---|---:|---:|---:|---:|
        """
            .formatted(rounds, LocalDate.now(), THREADS, cpuModel()));
    figures.forEach(
        (contender, all) -> {
          double speed = median(all.stream().mapToDouble(Figures::imagesPerSecond));
          text.append(
              "| %s | %,.0f | %.2f | %.2f | %.0f |%n"
                  .formatted(
                      contender.name(), speed, reference / speed,
                      median(all.stream().mapToDouble(Figures::secondsToFirstStep)),
                      median(all.stream().mapToDouble(Figures::peakRssMb))));
        });
    text.append("\nCPU flags: `").append(flags).append("`\n");
    return text.toString();
  }

  static double median(java.util.stream.DoubleStream values) {
    double[] sorted = values.sorted().toArray();
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  /** The flags that matter for speed. */
  private static String cpuFlags() throws IOException {
    return Arrays.stream(cpuInfo("flags").split(" "))
        .filter(flag -> flag.matches("(avx|fma|amx|sse4|f16c|bmi).*"))
        .sorted(Comparator.naturalOrder())
        .collect(Collectors.joining(" "));
  }

  private static String cpuModel() {
    try {
      return cpuInfo("model name");
    } catch (IOException _) {
      return "an unknown processor";
    }
  }

  private static String cpuInfo(String key) throws IOException {
    try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
      return lines
          .filter(line -> line.startsWith(key))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse("");
    }
  }

  /** Replaces what stands between a section's two comments. */
  static void replaceSection(Path report, String section, String table) throws IOException {
    String text = Files.readString(report);
    String beginning = "<!-- %s: begin -->".formatted(section);
    int begin = text.indexOf(beginning) + beginning.length();
    int end = text.indexOf("<!-- %s: end -->".formatted(section));
    Files.writeString(report, text.substring(0, begin) + "\n" + table + text.substring(end));
  }

  static void deleteTree(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;

/**
 * Measures what memory a data set costs: the trainer on Fashion-MNIST and on its training images ten
 * times over, in turn; medians of the processes' peaks go to a Markdown file.
 *
 * <p>{@code java bench/DataMemory.java TRAINER DATA REPORT [ROUNDS]}
 */
final class DataMemory {
  private static final String SECTION = "memory";
  private static final List<Integer> TIMES = List.of(1, 10);
  private static final int SECONDS_OF_STEPS = 8;
  private static final String IMAGES = "train-images-idx3-ubyte";
  private static final String LABELS = "train-labels-idx1-ubyte";
  private static final List<String> TEST = List.of("t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte");
  private static final double MIB = 1 << 20;

  /** A data set, and the bytes of its training images and their labels. */
  record Data(Path directory, int images, long bytes) {}

  /** One process's figures. */
  record Figures(double peakRssMb, double secondsToFirstStep) {}

  private final Path trainer;

  private DataMemory(Path trainer) {
    this.trainer = trainer;
  }

  public static void main(String[] args) throws Exception {
    int rounds = args.length > 3 ? Integer.parseInt(args[3]) : 3;
    Path work = Files.createTempDirectory("data-memory");
    try {
      List<Data> sizes = new ArrayList<>();
      for (int times : TIMES) {
        sizes.add(repeated(Path.of(args[1]), times, work.resolve("times-" + times)));
      }
      String table = new DataMemory(Path.of(args[0])).run(sizes, rounds, work);
      TrainerBenchmark.replaceSection(Path.of(args[2]), SECTION, table);
      System.out.println(table);
    } finally {
      TrainerBenchmark.deleteTree(work);
    }
  }

  private String run(List<Data> sizes, int rounds, Path work) throws Exception {
    Map<Data, List<Figures>> figures = new LinkedHashMap<>();
    for (int round = 1; round <= rounds; round++) {
      for (Data data : sizes) {
        Figures measured = measure(data, work.resolve("output"));
        figures.computeIfAbsent(data, _ -> new ArrayList<>()).add(measured);
        System.err.printf(
            "round %d  %,d images  %5.0f MB  first step %.2f s%n",
            round, data.images(), measured.peakRssMb(), measured.secondsToFirstStep());
      }
    }
    return table(figures, rounds);
  }

  /** Lets the trainer do steps for a while, and ends it as Kubernetes would. */
  private Figures measure(Data data, Path output) throws Exception {
    Process process =
        new ProcessBuilder(
                trainer.toString(), "train", "--data", data.directory().toString(), "--epochs=1",
                "--log-format=Json", "--output=" + output)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String line;
    double peak;
    try (BufferedReader out = process.inputReader()) {
      do {
        line = out.readLine();
        if (line == null) {
          throw new IOException("The trainer ended before its first step");
        }
      } while (!line.contains("secondsToFirstStep"));
      process.waitFor(SECONDS_OF_STEPS, TimeUnit.SECONDS);
      peak = TrainerBenchmark.peakRss(process.pid());
      process.toHandle().destroy();
      process.waitFor();
    } finally {
      process.destroyForcibly();
    }
    TrainerBenchmark.deleteTree(output);
    return new Figures(peak, TrainerBenchmark.last(line, "secondsToFirstStep"));
  }

  private static String table(Map<Data, List<Figures>> figures, int rounds) {
    StringBuilder text = new StringBuilder();
    text.append(
        """
        Medians of %d interleaved rounds on %s, from the start until %d seconds of steps are done; the larger set is Fashion-MNIST's training \
        images ten times over. The Java heap is at most 192 MB in both.

        | training images | their bytes, MB | peak RSS, MB | first step, s |
        |---:|---:|---:|---:|
        """
            .formatted(rounds, LocalDate.now(), SECONDS_OF_STEPS));
    List<Double> bytes = new ArrayList<>();
    List<Double> peaks = new ArrayList<>();
    figures.forEach(
        (data, all) -> {
          bytes.add(data.bytes() / MIB);
          peaks.add(TrainerBenchmark.median(all.stream().mapToDouble(Figures::peakRssMb)));
          text.append(
              "| %,d | %,.0f | %,.0f | %.1f |%n"
                  .formatted(
                      data.images(), bytes.getLast(), peaks.getLast(),
                      TrainerBenchmark.median(
                          all.stream().mapToDouble(Figures::secondsToFirstStep))));
        });
    double more = bytes.getLast() - bytes.getFirst();
    text.append(
        "\n%,.0f MB more of data take %,.0f MB more of memory.%n"
            .formatted(more, peaks.getLast() - peaks.getFirst()));
    return text.toString();
  }

  /** Writes a data set that has its training images several times, not gzipped. */
  private static Data repeated(Path from, int times, Path to) throws IOException {
    Files.createDirectories(to);
    for (String name : TEST) {
      Files.copy(from.resolve(name + ".gz"), to.resolve(name + ".gz"));
    }
    byte[] images = repeat(from, IMAGES, times, 4 * Integer.BYTES, to);
    byte[] labels = repeat(from, LABELS, times, 2 * Integer.BYTES, to);
    int count = ByteBuffer.wrap(images).getInt(Integer.BYTES) * times;
    long bytes = (long) times * (images.length + labels.length - 6L * Integer.BYTES);
    return new Data(to, count, bytes);
  }

  /**
   * Repeats what follows an IDX file's header.
   *
   * @return the original, unpacked
   */
  private static byte[] repeat(Path from, String name, int times, int header, Path to)
      throws IOException {
    byte[] content;
    try (InputStream in = new GZIPInputStream(Files.newInputStream(from.resolve(name + ".gz")))) {
      content = in.readAllBytes();
    }
    byte[] start = Arrays.copyOf(content, header);
    ByteBuffer.wrap(start).putInt(Integer.BYTES, times * ByteBuffer.wrap(content).getInt(Integer.BYTES));
    try (OutputStream out = Files.newOutputStream(to.resolve(name))) {
      out.write(start);
      for (int time = 0; time < times; time++) {
        out.write(content, header, content.length - header);
      }
    }
    return content;
  }
}

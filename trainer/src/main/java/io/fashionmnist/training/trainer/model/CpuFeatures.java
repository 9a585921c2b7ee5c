package io.fashionmnist.training.trainer.model;

import io.fashionmnist.training.api.training.Precision;
import io.fashionmnist.training.trainer.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What the processor computes in.
 *
 * @param flags the feature flags, as Linux names them
 */
public record CpuFeatures(Set<String> flags) {
  private static final Path CPU_INFO = Path.of("/proc/cpuinfo");

  public CpuFeatures {
    flags = Set.copyOf(flags);
  }

  /** Reads this machine's flags; none where Linux does not tell. */
  public static CpuFeatures ofThisMachine() {
    return read(CPU_INFO);
  }

  static CpuFeatures read(Path cpuInfo) {
    try (var lines = Files.lines(cpuInfo)) {
      return new CpuFeatures(
          lines
              .filter(line -> line.startsWith("flags"))
              .findFirst()
              .map(line -> line.substring(line.indexOf(':') + 1).strip().split(" "))
              .map(flags -> Arrays.stream(flags).collect(Collectors.toSet()))
              .orElse(Set.of()));
    } catch (IOException _) {
      return new CpuFeatures(Set.of());
    }
  }

  /** Without one of these, bfloat16 is slower than floats (AVX512) or ends the process (AVX2). */
  public boolean computesInBfloat16() {
    return flags.contains("avx512_bf16") || flags.contains("amx_bf16");
  }

  /**
   * Whether a precision means bfloat16 here.
   *
   * @throws BadInputException where bfloat16 is asked for and the processor lacks it
   */
  public boolean bfloat16(Precision precision) {
    return switch (precision) {
      case AUTO -> computesInBfloat16();
      case FLOAT32 -> false;
      case BFLOAT16 -> {
        if (!computesInBfloat16()) {
          throw new BadInputException(
              "precision BFloat16 needs a processor with avx512_bf16 or amx_bf16, and this one has"
                  + " neither: use precision Auto or Float32");
        }
        yield true;
      }
    };
  }
}

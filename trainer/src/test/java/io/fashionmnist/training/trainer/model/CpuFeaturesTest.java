package io.fashionmnist.training.trainer.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fashionmnist.training.api.training.Precision;
import io.fashionmnist.training.trainer.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CpuFeaturesTest {
  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"avx512_bf16", "amx_bf16"})
  void autoIsBfloat16WhereTheProcessorComputesInIt(String flag) throws IOException {
    CpuFeatures cpu = CpuFeatures.read(cpuInfo("fpu avx2 avx512f " + flag + " rdtscp"));

    assertThat(cpu.bfloat16(Precision.AUTO)).isTrue();
    assertThat(cpu.bfloat16(Precision.FLOAT32)).isFalse();
    assertThat(cpu.bfloat16(Precision.BFLOAT16)).isTrue();
  }

  @Test
  void autoIsFloat32WhereTheProcessorLacksBfloat16EvenWithAvx512() throws IOException {
    CpuFeatures cpu = CpuFeatures.read(cpuInfo("fpu avx2 avx512f"));

    assertThat(cpu.bfloat16(Precision.AUTO)).isFalse();
  }

  @Test
  void askingForBfloat16WhereTheProcessorLacksItIsRefused() {
    assertThatThrownBy(() -> new CpuFeatures(Set.of("avx2")).bfloat16(Precision.BFLOAT16))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("avx512_bf16 or amx_bf16");
  }

  @Test
  void whereNobodyTellsThereIsNoBfloat16() {
    assertThat(CpuFeatures.read(directory.resolve("absent")).computesInBfloat16()).isFalse();
  }

  private Path cpuInfo(String flags) throws IOException {
    return Files.writeString(
        directory.resolve("cpuinfo"),
        "processor\t: 0\nmodel name\t: X\nflags\t\t: " + flags + "\n");
  }
}

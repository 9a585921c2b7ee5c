package io.fashionmnist.training.trainer.cli;

import io.fashionmnist.training.api.training.Decimals;
import io.fashionmnist.training.api.training.ModelConfig;
import java.time.Clock;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Names runs by their network and start: {@code custom-cnn-32-64-128-512-0.25-0.5-20250430123456}.
 */
final class RunName {
  private static final DateTimeFormatter TIMESTAMP = DateTimeFormatter.ofPattern("yyyyMMddHHmmss");

  private RunName() {}

  static String of(ModelConfig model, Clock clock) {
    return Stream.of(
            Stream.of("custom-cnn"),
            model.filters().stream().map(String::valueOf),
            Stream.of(String.valueOf(model.denseUnits())),
            Stream.of(model.convDropout(), model.denseDropout()).map(Decimals::text),
            Stream.of(LocalDateTime.now(clock).format(TIMESTAMP)))
        .flatMap(part -> part)
        .collect(Collectors.joining("-"));
  }
}

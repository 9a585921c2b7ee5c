package io.fashionmnist.training.operator.backend.cluster;

/** Where things are in a trainer's container. */
final class TrainerPaths {
  static final String OUTPUT = "/output";
  static final String DATA = "/input";

  /** Token and certificates to report with. */
  static final String PROGRESS = "/var/run/fashion-training/progress";

  private TrainerPaths() {}

  /** A folder of results, in a volume or not. */
  static String output(String uri) {
    return VolumeUri.of(uri).map(volume -> volume.below(OUTPUT)).orElse(uri);
  }

  /** A folder of data, in a volume or not. */
  static String data(String uri) {
    return VolumeUri.of(uri).map(volume -> volume.below(DATA)).orElse(uri);
  }
}

package io.fashionmnist.training.operator;

import io.fashionmnist.training.operator.config.SettingsFile;
import io.javaoperatorsdk.operator.api.config.Utils;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import java.nio.file.Path;
import java.util.Optional;

/** Starts the operator, unless its settings can't be used. */
@QuarkusMain
public final class OperatorMain {
  /** The environment variable that names the settings file. */
  static final String SETTINGS = "FASHION_TRAINING_CONFIG";

  private static final int BAD_SETTINGS = 2;

  private OperatorMain() {}

  /** Ends with 2 when the settings are wrong, having told every error. */
  public static void main(String... args) {
    Optional<String> complaint =
        Optional.ofNullable(System.getenv(SETTINGS)).map(Path::of).flatMap(SettingsFile::complaint);
    if (complaint.isPresent()) {
      System.err.println(complaint.get());
      System.exit(BAD_SETTINGS);
    }
    // The keys of a pass are the operator's own: see JobKeys.
    System.setProperty(Utils.USE_MDC_ENV_KEY, "false");
    Quarkus.run(args);
  }
}

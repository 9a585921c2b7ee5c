package io.fashionmnist.training.trainer.storage;

import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Where a run's results go.
 *
 * @param root for {@value #REPORT} and {@value #PAGE}
 * @param model for the SavedModel
 * @param checkpoints for the saved states
 * @param logs for TensorBoard's event files
 */
public record OutputLayout(Folder root, Folder model, Folder checkpoints, Folder logs) {
  /** In its root, the report for programs. */
  public static final String REPORT = "report.json";

  /** In its root, the report for people. */
  public static final String PAGE = "report.html";

  /** Below its root, where another run's checkpoints are. */
  public static final String CHECKPOINTS = "checkpoints";

  /**
   * Lays out an output prefix; Vertex AI's variables {@code AIP_MODEL_DIR}, {@code
   * AIP_CHECKPOINT_DIR} and {@code AIP_TENSORBOARD_LOG_DIR} win over it.
   *
   * @param environment the process's variables
   * @param open makes a folder from its URI
   */
  public static OutputLayout of(
      String output, Map<String, String> environment, Function<String, Folder> open) {
    Folder root = open.apply(output);
    Function<String, Optional<Folder>> given =
        name -> Optional.ofNullable(environment.get(name)).filter(uri -> !uri.isBlank()).map(open);
    return new OutputLayout(
        root,
        given.apply("AIP_MODEL_DIR").orElseGet(() -> root.folder("model")),
        given.apply("AIP_CHECKPOINT_DIR").orElseGet(() -> root.folder(CHECKPOINTS)),
        given.apply("AIP_TENSORBOARD_LOG_DIR").orElseGet(() -> root.folder("logs")));
  }

  /** Where a file in the root is, as the user would write it. */
  public String uriOf(String name) {
    return root.uri().replaceAll("/+$", "") + "/" + name;
  }
}

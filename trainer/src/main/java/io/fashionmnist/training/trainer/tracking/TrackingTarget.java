package io.fashionmnist.training.trainer.tracking;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Which experiment a run belongs to.
 *
 * @param project id or number of the Google Cloud project
 * @param location region, such as {@code us-central1}
 * @param experiment name of the experiment; made if there is none
 * @param tensorboard full name of the instance for the curves; else the experiment's, else the
 *     project's default one
 * @param parameters what is to be told of the run besides its own settings
 * @param emulator {@code host:port} that stands for every region, asked in plain text and without
 *     credentials
 */
public record TrackingTarget(
    String project,
    String location,
    String experiment,
    Optional<String> tensorboard,
    Map<String, String> parameters,
    Optional<String> emulator) {
  /** The longest name of an experiment and a run together, with a hyphen between them. */
  static final int LONGEST_ID = 121;

  public TrackingTarget {
    parameters = new TreeMap<>(parameters);
  }

  /** {@code projects/P/locations/R}. */
  String parent() {
    return "projects/" + project + "/locations/" + location;
  }

  /** The metadata store that the Python SDK and the console look into. */
  String store() {
    return parent() + "/metadataStores/default";
  }
}

package io.fashionmnist.training.trainer.train;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fashionmnist.training.api.training.TrainingConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * What makes a training run the run it is: a checkpoint of another one is not continued.
 *
 * @param config the configuration
 * @param dataDigest digest of the data set
 * @param classes number of classes
 * @param towers copies of the network; another number is another order of additions, no other run
 * @param bfloat16 format of the activations; likewise
 */
public record TrainingIdentity(
    TrainingConfig config, String dataDigest, int classes, int towers, boolean bfloat16) {

  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * What forbids to continue {@code saved} as this run, one line each; empty where nothing does.
   * How often to save has no influence.
   */
  List<String> differencesFrom(TrainingIdentity saved) {
    List<String> differences = new ArrayList<>();
    compare("", tree(saved.config), tree(config), differences);
    if (!dataDigest.equals(saved.dataDigest)) {
      differences.add(
          "the data (digest %.12s there, %.12s here)".formatted(saved.dataDigest, dataDigest));
    }
    if (classes != saved.classes) {
      differences.add(
          "the number of classes (%d there, %d here)".formatted(saved.classes, classes));
    }
    return differences;
  }

  /** Whether the continuation computes exactly what the saved run would have. */
  boolean computesLike(TrainingIdentity saved) {
    return towers == saved.towers && bfloat16 == saved.bfloat16;
  }

  private static ObjectNode tree(TrainingConfig config) {
    ObjectNode tree = JSON.valueToTree(config);
    tree.remove(List.of("checkpoints", "precision"));
    return tree;
  }

  private static void compare(
      String path, JsonNode there, JsonNode here, List<String> differences) {
    if (there.isObject() && here.isObject()) {
      TreeSet<String> names = new TreeSet<>();
      there.fieldNames().forEachRemaining(names::add);
      here.fieldNames().forEachRemaining(names::add);
      names.forEach(
          name ->
              compare(
                  path.isEmpty() ? name : path + "." + name,
                  there.path(name),
                  here.path(name),
                  differences));
    } else if (!there.equals(here)) {
      differences.add("%s (%s there, %s here)".formatted(path, there, here));
    }
  }
}

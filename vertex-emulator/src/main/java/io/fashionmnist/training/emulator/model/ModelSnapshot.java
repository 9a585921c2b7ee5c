package io.fashionmnist.training.emulator.model;

import com.google.cloud.aiplatform.v1.Model;
import com.google.cloud.aiplatform.v1.ModelEvaluation;
import java.util.List;

/** All registered models, their versions and evaluations. */
public record ModelSnapshot(
    List<Model> models, List<Model> versions, List<ModelEvaluation> evaluations) {
  /** Before anything was uploaded. */
  public static ModelSnapshot empty() {
    return new ModelSnapshot(List.of(), List.of(), List.of());
  }
}

package io.fashionmnist.training.trainer.train;

import io.fashionmnist.training.trainer.Version;
import io.fashionmnist.training.trainer.model.TensorFlowRuntime;

/** What a run is made with. */
public record Versions(String trainer, String tensorflow, String java) {

  /** Of this process. */
  public static Versions current() {
    return new Versions(
        Version.current(), TensorFlowRuntime.version(), System.getProperty("java.version"));
  }
}

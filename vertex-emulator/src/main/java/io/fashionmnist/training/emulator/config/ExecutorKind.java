package io.fashionmnist.training.emulator.config;

/** The executors by their names in YAML and flags. */
public enum ExecutorKind {
  /** A timeline. */
  SCRIPTED,
  /** A local process. */
  PROCESS,
  /** A pod. */
  KUBERNETES
}

package io.fashionmnist.training.emulator.executor;

/** Does the work of jobs. Calls return at once: they are made while all jobs wait. */
public interface Executor extends AutoCloseable {
  /** Begins a job's work, or finds it again where it outlived the emulator. */
  Run start(Workload workload);

  /** Ends what would outlive the emulator without use. */
  @Override
  void close();
}

package io.fashionmnist.training.emulator.job;

import com.google.cloud.aiplatform.v1.JobState;
import com.google.rpc.Status;
import java.time.Instant;

/** What can happen to a job. */
public sealed interface JobEvent {
  /** When it happened. */
  Instant at();

  /** A machine is being made ready. */
  record Preparing(Instant at) implements JobEvent {}

  /** The container started. */
  record Started(Instant at) implements JobEvent {}

  /** The container ended by itself, with success. */
  record Finished(Instant at) implements JobEvent {}

  /** The job cannot go on. */
  record Failed(Instant at, Status error) implements JobEvent {}

  /** A client asked for the end. */
  record CancelAsked(Instant at) implements JobEvent {}

  /** The work ended as asked. */
  record Stopped(Instant at) implements JobEvent {}

  /** The machine was taken away. */
  record Preempted(Instant at, Status error) implements JobEvent {}

  /** A tester set the state. */
  record Forced(Instant at, JobState state, Status error) implements JobEvent {}
}

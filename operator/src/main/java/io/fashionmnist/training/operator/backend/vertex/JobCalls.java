package io.fashionmnist.training.operator.backend.vertex;

import com.google.cloud.aiplatform.v1.CustomJob;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The calls about custom jobs. Whatever fails is a {@link VertexCallException}. */
public interface JobCalls extends AutoCloseable {
  /**
   * Creates a job, once.
   *
   * @param within how long it may take, waiting for a turn included; 20 s at most
   * @return the job with its name
   */
  CustomJob create(VertexRegion region, CustomJob job, Duration within);

  /** The job of that name, if there is one. */
  Optional<CustomJob> get(VertexRegion region, String name);

  /**
   * Every job that a filter lets through, without its specification.
   *
   * @param filter such as {@link JobLabels#filter(String)}
   */
  List<CustomJob> list(VertexRegion region, String filter);

  /** Asks for a job's end. It may still succeed; one that is gone needs none. */
  void cancel(VertexRegion region, String name);

  /** Deletes a job that is over, without waiting for the deletion. */
  void delete(VertexRegion region, String name);

  @Override
  void close();
}

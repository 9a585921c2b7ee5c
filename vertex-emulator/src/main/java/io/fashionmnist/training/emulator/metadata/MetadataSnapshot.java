package io.fashionmnist.training.emulator.metadata;

import com.google.cloud.aiplatform.v1.Artifact;
import com.google.cloud.aiplatform.v1.Context;
import com.google.cloud.aiplatform.v1.Event;
import com.google.cloud.aiplatform.v1.Execution;
import com.google.cloud.aiplatform.v1.MetadataStore;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * All metadata.
 *
 * @param members names of artifacts and executions by the context that they belong to
 * @param events which artifacts executions read and wrote
 */
public record MetadataSnapshot(
    List<MetadataStore> stores,
    List<Context> contexts,
    List<Artifact> artifacts,
    List<Execution> executions,
    Map<String, Set<String>> members,
    List<Event> events) {
  /** Before anything was made. */
  public static MetadataSnapshot empty() {
    return new MetadataSnapshot(List.of(), List.of(), List.of(), List.of(), Map.of(), List.of());
  }
}

package io.fashionmnist.training.emulator.metadata;

import com.google.cloud.aiplatform.v1.Artifact;
import com.google.cloud.aiplatform.v1.Context;
import com.google.cloud.aiplatform.v1.Event;
import com.google.cloud.aiplatform.v1.Execution;
import com.google.cloud.aiplatform.v1.LineageSubgraph;
import com.google.cloud.aiplatform.v1.MetadataStore;
import io.fashionmnist.training.emulator.error.ApiException;
import io.fashionmnist.training.emulator.resource.Resources;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** All metadata of all projects. Names are canonical: they have the project's number. */
public final class MetadataBook {
  private static final int MOST_PARENTS = 10;

  private final Resources<MetadataStore> stores;
  private final Resources<Context> contexts;
  private final Resources<Artifact> artifacts;
  private final Resources<Execution> executions;
  private final Map<String, Set<String>> members = new LinkedHashMap<>();
  private final List<Event> events = new ArrayList<>();

  /** An empty one. */
  public MetadataBook(InstantSource clock) {
    stores = new Resources<>(MetadataStore.getDefaultInstance(), clock);
    contexts = new Resources<>(Context.getDefaultInstance(), clock);
    artifacts = new Resources<>(Artifact.getDefaultInstance(), clock);
    executions = new Resources<>(Execution.getDefaultInstance(), clock);
  }

  /** The stores; all else is in one of them. */
  public Resources<MetadataStore> stores() {
    return stores;
  }

  /** Experiments, runs and other groups. */
  public Resources<Context> contexts() {
    return contexts;
  }

  /** What was made. */
  public Resources<Artifact> artifacts() {
    return artifacts;
  }

  /** What was done. */
  public Resources<Execution> executions() {
    return executions;
  }

  /** Puts contexts below another; those that are there already stay. */
  public synchronized void addChildren(String parent, Collection<String> children) {
    contexts.get(parent);
    children.forEach(contexts::get);
    if (children.contains(parent)) {
      throw ApiException.invalidArgument("A Context cannot be its own child: " + parent);
    }
    for (String child : children) {
      List<String> parents = contexts.get(child).getParentContextsList();
      if (parents.contains(parent)) {
        continue;
      }
      if (parents.size() == MOST_PARENTS) {
        throw ApiException.failedPrecondition(
            "The Context \"" + child + "\" has " + MOST_PARENTS + " parent_contexts already.");
      }
      contexts.change(child, known -> known.toBuilder().addParentContexts(parent).build());
    }
  }

  /** Takes contexts away from their parent. */
  public synchronized void removeChildren(String parent, Collection<String> children) {
    contexts.get(parent);
    children.forEach(contexts::get);
    for (String child : children) {
      contexts.change(
          child,
          known ->
              known.toBuilder()
                  .clearParentContexts()
                  .addAllParentContexts(
                      known.getParentContextsList().stream()
                          .filter(each -> !each.equals(parent))
                          .toList())
                  .build());
    }
  }

  /** Puts artifacts and executions into a context; those that are there already stay. */
  public synchronized void addMembers(
      String context, Collection<String> newArtifacts, Collection<String> newExecutions) {
    contexts.get(context);
    newArtifacts.forEach(artifacts::get);
    newExecutions.forEach(executions::get);
    Set<String> all = members.computeIfAbsent(context, _ -> new LinkedHashSet<>());
    all.addAll(newArtifacts);
    all.addAll(newExecutions);
  }

  /** Whether an artifact or an execution is in a context. */
  public synchronized boolean isMember(String context, String name) {
    return members.getOrDefault(context, Set.of()).contains(name);
  }

  /** Whether a context is a parent of another. */
  public boolean isParent(String parent, String child) {
    return contexts.has(child) && contexts.get(child).getParentContextsList().contains(parent);
  }

  /** Says which artifacts an execution read and wrote. */
  public synchronized void addEvents(String execution, Collection<Event> more) {
    executions.get(execution);
    more.forEach(event -> artifacts.get(event.getArtifact()));
    more.stream()
        .map(event -> event.toBuilder().setExecution(execution).build())
        .forEach(events::add);
  }

  /** Forgets a context, an artifact or an execution, and its ties to others. */
  public synchronized void delete(String name) {
    contexts.all().stream()
        .filter(each -> each.getParentContextsList().contains(name))
        .forEach(child -> removeChildren(name, List.of(child.getName())));
    members.remove(name);
    members.values().forEach(names -> names.remove(name));
    events.removeIf(event -> event.getArtifact().equals(name) || event.getExecution().equals(name));
    contexts.forget(name);
    artifacts.forget(name);
    executions.forget(name);
  }

  /** What is in a context. */
  public synchronized LineageSubgraph lineage(String context) {
    contexts.get(context);
    Set<String> names = members.getOrDefault(context, Set.of());
    return subgraph(names);
  }

  /** What an execution read and wrote. */
  public synchronized LineageSubgraph inputsAndOutputs(String execution) {
    executions.get(execution);
    Set<String> names = new LinkedHashSet<>(Set.of(execution));
    events.stream()
        .filter(event -> event.getExecution().equals(execution))
        .forEach(event -> names.add(event.getArtifact()));
    return subgraph(names);
  }

  /** All of it. */
  public synchronized MetadataSnapshot snapshot() {
    Map<String, Set<String>> kept = new LinkedHashMap<>();
    members.forEach((context, names) -> kept.put(context, new LinkedHashSet<>(names)));
    return new MetadataSnapshot(
        stores.all(), contexts.all(), artifacts.all(), executions.all(), kept, List.copyOf(events));
  }

  /** Takes up what was kept. */
  public synchronized void restore(MetadataSnapshot kept) {
    stores.restore(kept.stores());
    contexts.restore(kept.contexts());
    artifacts.restore(kept.artifacts());
    executions.restore(kept.executions());
    kept.members().forEach((context, names) -> members.put(context, new LinkedHashSet<>(names)));
    events.addAll(kept.events());
  }

  private LineageSubgraph subgraph(Set<String> names) {
    return LineageSubgraph.newBuilder()
        .addAllArtifacts(names.stream().filter(artifacts::has).map(artifacts::get).toList())
        .addAllExecutions(names.stream().filter(executions::has).map(executions::get).toList())
        .addAllEvents(
            events.stream().filter(event -> names.contains(event.getExecution())).toList())
        .build();
  }
}

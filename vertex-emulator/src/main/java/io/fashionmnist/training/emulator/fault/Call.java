package io.fashionmnist.training.emulator.fault;

import java.util.Set;

/**
 * A call of a client.
 *
 * @param method such as {@code CreateCustomJob}
 * @param project as the caller names it
 * @param region from the resource's name; {@code global} where it has none
 * @param metrics the quota metrics that a new job needs
 * @param serviceAccount that a new job runs as; empty if it names none
 */
public record Call(
    String method, String project, String region, Set<String> metrics, String serviceAccount) {
  /** A call that needs no quota and runs as nobody. */
  public Call(String method, String project, String region) {
    this(method, project, region, Set.of(), "");
  }
}

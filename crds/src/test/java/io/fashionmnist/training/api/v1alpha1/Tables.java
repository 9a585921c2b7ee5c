package io.fashionmnist.training.api.v1alpha1;

import com.fasterxml.jackson.core.type.TypeReference;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The tables of manifests beside this class on the class path: YAML, a row per name. */
final class Tables {
  private static final KubernetesSerialization YAML = new KubernetesSerialization();

  private Tables() {}

  /**
   * A manifest that must be refused for one reason.
   *
   * @param name metadata.name; null for any
   * @param field the field that the server names; empty for none
   * @param message part of what the server says about it; a rule's message in full
   */
  record Refused(String name, Map<String, Object> spec, String field, String message) {
    Refused {
      field = field == null ? "" : field;
    }
  }

  /**
   * A change of a job that has got somewhere.
   *
   * @param status what the operator has written; null for nothing
   * @param message why the change is refused; null when it is allowed
   */
  record Change(
      Map<String, Object> before,
      Map<String, Object> status,
      Map<String, Object> after,
      String message) {}

  /** Specs that must be accepted, by what they show. */
  static Map<String, Map<String, Object>> valid() {
    return read("valid.yaml", new TypeReference<>() {});
  }

  static Map<String, Refused> refused() {
    return read("invalid.yaml", new TypeReference<>() {});
  }

  static Map<String, Change> changes() {
    return read("transitions.yaml", new TypeReference<>() {});
  }

  /** Limits by field and by their kind. */
  static Map<String, Map<Limit, Object>> limits() {
    return read("limits.yaml", new TypeReference<>() {});
  }

  /** Every job in the YAML files of a folder; a file may have other resources as well. */
  static List<GenericKubernetesResource> jobs(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      List<GenericKubernetesResource> jobs = new ArrayList<>();
      for (Path file : files.filter(each -> each.toString().endsWith(".yaml")).sorted().toList()) {
        Arrays.stream(Files.readString(file).split("(?m)^---\\s*$"))
            .map(document -> YAML.unmarshal(document, GenericKubernetesResource.class))
            .filter(resource -> resource != null && resource.getKind().equals("FashionTrainingJob"))
            .forEach(jobs::add);
      }
      return jobs;
    }
  }

  static <T> T read(String file, Class<T> type) {
    try (InputStream text = open(file)) {
      return YAML.unmarshal(text, type);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static <T> T read(String file, TypeReference<T> type) {
    try (InputStream text = open(file)) {
      return YAML.unmarshal(text, type);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static InputStream open(String file) {
    InputStream text = Tables.class.getResourceAsStream(file);
    if (text == null) {
      throw new IllegalArgumentException("no " + file + " beside " + Tables.class.getName());
    }
    return text;
  }
}

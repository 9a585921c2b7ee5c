package io.fashionmnist.training.kubectl.cluster;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fashionmnist.training.kubectl.failure.Failure;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Jobs in files: YAML or JSON, one or several in a file. */
public final class Manifests {
  /** The label of a job that repeats another: the name of the first of them. */
  static final String RETRY_OF = "training.fashion-mnist.io/retry-of";

  /** Argo CD's label of what is its own, unless it is set up otherwise; Helm's too. */
  private static final String INSTANCE = "app.kubernetes.io/instance";

  private static final String ARGO_CD = "argocd.argoproj.io/";
  private static final String KEPT_BY_KUBECTL = "kubectl.kubernetes.io/last-applied-configuration";

  private Manifests() {}

  /**
   * Reads jobs.
   *
   * @param file a path; {@code -} is standard input
   */
  public static List<GenericKubernetesResource> read(String file, InputStream in) {
    String text;
    try {
      text =
          file.equals("-")
              ? new String(in.readAllBytes(), StandardCharsets.UTF_8)
              : Files.readString(Path.of(file));
    } catch (IOException e) {
      throw Failure.usage(
          "%s can't be read: %s",
          file, Files.exists(Path.of(file)) ? e.getMessage() : "there is no such file");
    }
    return parse(text, file.equals("-") ? "standard input" : file);
  }

  static List<GenericKubernetesResource> parse(String text, String source) {
    YAMLMapper yaml = new YAMLMapper();
    List<GenericKubernetesResource> jobs = new ArrayList<>();
    try (MappingIterator<JsonNode> documents = yaml.readerFor(JsonNode.class).readValues(text)) {
      while (documents.hasNextValue()) {
        JsonNode document = documents.nextValue();
        if (document.isObject()) {
          jobs.add(job(document, source));
        } else if (!document.isNull() && !document.isMissingNode()) {
          throw Failure.usage("%s: a document that is no Kubernetes object", source);
        }
      }
    } catch (JsonProcessingException e) {
      var where = e.getLocation();
      throw Failure.usage(
          "%s%s: %s",
          source,
          where == null ? "" : ", line " + where.getLineNr(),
          e.getOriginalMessage().lines().findFirst().orElse("no YAML"));
    } catch (IOException e) {
      throw Failure.usage("%s: %s", source, e.getMessage());
    }
    if (jobs.isEmpty()) {
      throw Failure.usage("%s: there is no FashionTrainingJob in it", source);
    }
    return jobs;
  }

  private static GenericKubernetesResource job(JsonNode document, String source)
      throws JsonProcessingException {
    String kind = document.path("kind").asText("none");
    if (!kind.equals("FashionTrainingJob")) {
      throw Failure.usage(
          "%s: this command is for FashionTrainingJobs, and here is a kind %s: kubectl apply -f"
              + " makes that",
          source, kind);
    }
    if (document.at("/metadata/name").asText("").isEmpty()) {
      throw Failure.usage("%s: metadata.name is missing", source);
    }
    return new ObjectMapper().treeToValue(document, GenericKubernetesResource.class);
  }

  /**
   * The same specification, labels and annotations under another name. What Argo CD knows its own
   * by stays behind: it would take the copy for a resource that Git no longer has, and delete it.
   */
  public static GenericKubernetesResource again(GenericKubernetesResource job, String name) {
    GenericKubernetesResource again = new GenericKubernetesResource();
    again.setApiVersion(job.getApiVersion());
    again.setKind(job.getKind());
    var labels = new TreeMap<>(job.getMetadata().getLabels());
    labels.remove(INSTANCE);
    labels.keySet().removeIf(key -> key.startsWith(ARGO_CD));
    labels.putIfAbsent(RETRY_OF, job.getMetadata().getName());
    var annotations = new TreeMap<>(job.getMetadata().getAnnotations());
    annotations.remove(KEPT_BY_KUBECTL);
    annotations.keySet().removeIf(key -> key.startsWith(ARGO_CD));
    again.setMetadata(
        new ObjectMetaBuilder()
            .withName(name)
            .withNamespace(job.getMetadata().getNamespace())
            .withLabels(labels)
            .withAnnotations(annotations)
            .build());
    again.setAdditionalProperty("spec", resumed(job.getAdditionalProperties().get("spec")));
    return again;
  }

  /** Who starts a job again means it to start. */
  private static Object resumed(Object spec) {
    if (spec instanceof Map<?, ?> fields
        && fields.get("runPolicy") instanceof Map<?, ?> policy
        && Boolean.TRUE.equals(policy.get("suspend"))) {
      return with(fields, "runPolicy", with(policy, "suspend", false));
    }
    return spec;
  }

  private static Map<Object, Object> with(Map<?, ?> fields, String key, Object value) {
    Map<Object, Object> changed = new LinkedHashMap<>(fields);
    changed.put(key, value);
    return changed;
  }
}

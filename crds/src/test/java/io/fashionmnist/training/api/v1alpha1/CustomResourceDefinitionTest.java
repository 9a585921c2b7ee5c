package io.fashionmnist.training.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.crdv2.generator.CRDGenerator;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The chart's resource definition is the one that the records make; {@code make generate} writes
 * it.
 */
class CustomResourceDefinitionTest {
  private static final Path CHECKED_IN =
      Path.of("../helm/fashion-training-operator/files/fashiontrainingjobs.yaml");

  @TempDir Path folder;

  @Test
  void theChartHasTheDefinitionThatTheRecordsMake() throws IOException {
    String generated = generate();
    if (Boolean.getBoolean("golden.write")) {
      Files.writeString(CHECKED_IN, generated);
    }
    assertThat(CHECKED_IN).content().as("run `make generate`").isEqualTo(generated);
  }

  @Test
  void everyFieldIsDescribed() throws IOException {
    List<String> bare = new ArrayList<>();
    collectUndescribed("", schema(), bare);
    assertThat(bare).isEmpty();
  }

  private static void collectUndescribed(String path, JSONSchemaProps schema, List<String> bare) {
    if (schema.getProperties() != null) {
      schema
          .getProperties()
          .forEach(
              (name, property) -> {
                String below = path + "." + name;
                if (property.getDescription() == null) {
                  bare.add(below);
                }
                collectUndescribed(below, property, bare);
              });
    }
    if (schema.getItems() != null && schema.getItems().getSchema() != null) {
      collectUndescribed(path + "[]", schema.getItems().getSchema(), bare);
    }
  }

  private JSONSchemaProps schema() throws IOException {
    return new KubernetesSerialization()
        .unmarshal(generate(), CustomResourceDefinition.class)
        .getSpec()
        .getVersions()
        .getFirst()
        .getSchema()
        .getOpenAPIV3Schema();
  }

  private String generate() throws IOException {
    new CRDGenerator()
        .customResourceClasses(FashionTrainingJob.class)
        .withMinQuotes(true)
        .withPostProcessor(new CompletedDefinition())
        .inOutputDir(folder.toFile())
        .generate();
    String definition =
        Files.readString(folder.resolve("fashiontrainingjobs.training.fashion-mnist.io-v1.yml"));
    // The first line names the generator.
    return definition.substring(definition.indexOf('\n') + 1);
  }
}

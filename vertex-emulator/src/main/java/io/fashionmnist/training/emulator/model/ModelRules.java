package io.fashionmnist.training.emulator.model;

import com.google.cloud.aiplatform.v1.Model;
import com.google.cloud.aiplatform.v1.ModelEvaluation;
import com.google.cloud.aiplatform.v1.UploadModelRequest;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.fashionmnist.training.emulator.error.ApiException;
import io.fashionmnist.training.emulator.error.Violations;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** What the service checks in models, aliases and evaluations. */
final class ModelRules {
  private static final Pattern ID = Pattern.compile("[a-z_][a-z0-9_-]{0,62}");
  private static final Pattern ALIAS = Pattern.compile("[a-z][a-zA-Z0-9-]{0,126}[a-z0-9-]");
  private static final String SCHEMAS = "gs://google-cloud-aiplatform/schema/modelevaluation/";
  private static final Set<String> CLASSIFICATION =
      Set.of("auPrc", "auRoc", "logLoss", "confidenceMetrics", "confusionMatrix");

  private ModelRules() {}

  /**
   * Checks an upload.
   *
   * @throws ApiException INVALID_ARGUMENT with everything that is wrong
   */
  static void check(UploadModelRequest request) {
    Violations violations = new Violations();
    Model model = request.getModel();
    violations.displayName("model.display_name", model.getDisplayName());
    violations.labels("model.labels", model.getLabelsMap());
    if (model.getContainerSpec().getImageUri().isEmpty()) {
      violations.add("model.container_spec.image_uri", Violations.REQUIRED);
    }
    if (!model.getArtifactUri().isEmpty() && !model.getArtifactUri().startsWith("gs://")) {
      violations.add("model.artifact_uri", "The Cloud Storage path must start with gs://.");
    }
    if (!request.getModelId().isEmpty() && !request.getParentModel().isEmpty()) {
      violations.add("model_id", "The field must not be set together with parent_model.");
    }
    if (!request.getModelId().isEmpty() && !ID.matcher(request.getModelId()).matches()) {
      violations.add(
          "model_id",
          "The value may be up to 63 characters, and valid characters are [a-z0-9_-]. The first"
              + " character cannot be a number or hyphen.");
    }
    aliases("model.version_aliases", model.getVersionAliasesList(), violations);
    violations.refuse();
  }

  /**
   * Checks the aliases of a merge, those to remove with a hyphen before them.
   *
   * @throws ApiException INVALID_ARGUMENT with everything that is wrong
   */
  static void check(Collection<String> merged) {
    Violations violations = new Violations();
    if (merged.isEmpty()) {
      violations.add("version_aliases", Violations.REQUIRED);
    }
    aliases(
        "version_aliases",
        merged.stream().map(alias -> alias.replaceFirst("^-", "")).toList(),
        violations);
    violations.refuse();
  }

  private static void aliases(String field, List<String> aliases, Violations violations) {
    aliases.stream()
        .filter(alias -> !ALIAS.matcher(alias).matches())
        .forEach(
            alias ->
                violations.add(
                    field,
                    "Version alias \""
                        + alias
                        + "\" must match [a-z][a-zA-Z0-9-]{0,126}[a-z-0-9]."));
  }

  /**
   * Checks an evaluation.
   *
   * @throws ApiException INVALID_ARGUMENT with everything that is wrong
   */
  static void check(ModelEvaluation evaluation) {
    Violations violations = new Violations();
    String schema = evaluation.getMetricsSchemaUri();
    if (schema.isEmpty()) {
      violations.add("model_evaluation.metrics_schema_uri", Violations.REQUIRED);
    } else if (!schema.startsWith(SCHEMAS)) {
      violations.add(
          "model_evaluation.metrics_schema_uri", "Schema \"" + schema + "\" is not supported.");
    }
    if (!evaluation.getMetrics().hasStructValue()) {
      violations.add("model_evaluation.metrics", Violations.REQUIRED);
    } else if (schema.contains("/classification_metrics_")) {
      classification(evaluation.getMetrics().getStructValue(), violations);
    }
    violations.refuse();
  }

  private static void classification(Struct metrics, Violations violations) {
    String field = "model_evaluation.metrics";
    metrics.getFieldsMap().keySet().stream()
        .filter(name -> !CLASSIFICATION.contains(name))
        .forEach(name -> violations.add(field, "Property \"" + name + "\" is not in the schema."));
    Struct matrix =
        metrics.getFieldsOrDefault("confusionMatrix", Value.getDefaultInstance()).getStructValue();
    int classes = list(matrix, "annotationSpecs").size();
    var rows = list(matrix, "rows");
    boolean square =
        rows.size() == classes
            && rows.stream().allMatch(row -> row.getListValue().getValuesCount() == classes);
    if (!square) {
      violations.add(
          field + ".confusionMatrix.rows",
          "The number of rows and columns must be the size of annotationSpecs.");
    }
  }

  private static List<Value> list(Struct struct, String name) {
    return struct
        .getFieldsOrDefault(name, Value.getDefaultInstance())
        .getListValue()
        .getValuesList();
  }
}

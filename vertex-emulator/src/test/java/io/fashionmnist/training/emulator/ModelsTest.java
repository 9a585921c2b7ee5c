package io.fashionmnist.training.emulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.api.gax.core.NoCredentialsProvider;
import com.google.api.gax.rpc.FailedPreconditionException;
import com.google.api.gax.rpc.InvalidArgumentException;
import com.google.api.gax.rpc.NotFoundException;
import com.google.api.gax.rpc.PermissionDeniedException;
import com.google.cloud.aiplatform.v1.ListModelVersionsRequest;
import com.google.cloud.aiplatform.v1.ListModelsRequest;
import com.google.cloud.aiplatform.v1.Model;
import com.google.cloud.aiplatform.v1.ModelContainerSpec;
import com.google.cloud.aiplatform.v1.ModelEvaluation;
import com.google.cloud.aiplatform.v1.ModelServiceClient;
import com.google.cloud.aiplatform.v1.ModelServiceSettings;
import com.google.cloud.aiplatform.v1.UploadModelRequest;
import com.google.cloud.aiplatform.v1.UploadModelResponse;
import com.google.longrunning.Operation;
import com.google.protobuf.FieldMask;
import com.google.protobuf.Value;
import com.google.protobuf.util.JsonFormat;
import io.fashionmnist.training.emulator.config.EmulatorSettings;
import io.fashionmnist.training.emulator.fault.Fault;
import io.fashionmnist.training.emulator.fault.FaultKind;
import io.fashionmnist.training.emulator.fault.FaultRule;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Model Registry, by Google's Java client over gRPC, and over REST. */
class ModelsTest {
  private static final String PARENT = "projects/my-project/locations/us-central1";
  private static final String FASHION = PARENT + "/models/fashion";
  private static final Model MODEL =
      Model.newBuilder()
          .setDisplayName("Fashion")
          .setArtifactUri("gs://bucket/model")
          .setContainerSpec(ModelContainerSpec.newBuilder().setImageUri("us-docker.pkg.dev/p/i"))
          .build();
  private static final String METRICS =
      """
      {"logLoss": 0.25, "confusionMatrix": {"annotationSpecs": [{"displayName": "shirt"}], "rows": [[3]]}}
      """;

  @TempDir private Path folder;
  private final VirtualClock clock = new VirtualClock();
  private VertexEmulator emulator;
  private ModelServiceClient models;

  @BeforeEach
  void start() throws Exception {
    emulator =
        VertexEmulator.start(
            EmulatorSettings.defaults()
                .withState(folder.resolve("state.json"))
                .withBuckets(Map.of("elsewhere", "us-west1")),
            clock);
    models =
        ModelServiceClient.create(
            ModelServiceSettings.newBuilder()
                .setEndpoint("localhost:" + emulator.port())
                .setCredentialsProvider(NoCredentialsProvider.create())
                .setTransportChannelProvider(
                    ModelServiceSettings.defaultGrpcTransportProviderBuilder()
                        .setChannelConfigurator(channel -> channel.usePlaintext())
                        .build())
                .build());
  }

  @AfterEach
  void stop() {
    models.close();
    emulator.close();
  }

  @Test
  void theFirstVersionIsTheDefaultUntilAnotherIs() throws Exception {
    UploadModelResponse first = first();
    assertThat(first.getModel()).matches("projects/\\d{12}/locations/us-central1/models/fashion");
    assertThat(first.getModelVersionId()).isEqualTo("1");
    assertThat(next(MODEL).getModelVersionId()).isEqualTo("2");
    assertThat(models.getModel(FASHION).getVersionId()).isEqualTo("1");

    models.mergeVersionAliases(FASHION + "@2", List.of("default"));

    assertThat(models.getModel(FASHION).getVersionId()).isEqualTo("2");
    assertThat(aliases()).containsExactly("1=[]", "2=[default]");
    assertThatThrownBy(() -> models.mergeVersionAliases(FASHION + "@2", List.of("-default")))
        .isInstanceOf(FailedPreconditionException.class);
  }

  @Test
  void anAliasIsOneVersionsAlone() throws Exception {
    first();
    next(MODEL.toBuilder().addVersionAliases("champion").build());
    assertThat(models.getModel(FASHION + "@champion").getVersionId()).isEqualTo("2");

    models.mergeVersionAliases(FASHION + "@1", List.of("champion", "golden"));
    assertThat(aliases()).containsExactly("1=[default, champion, golden]", "2=[]");

    // Added and removed at once, it stays as it is.
    models.mergeVersionAliases(FASHION + "@1", List.of("-champion", "golden", "-golden"));
    assertThat(aliases()).containsExactly("1=[default, golden]", "2=[]");
    assertThatThrownBy(() -> models.getModel(FASHION + "@champion"))
        .isInstanceOf(NotFoundException.class);
    assertThatThrownBy(() -> models.mergeVersionAliases(FASHION + "@1", List.of("2nd")))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("Version alias \"2nd\" must match");
  }

  @Test
  void versionsAreFoundByTheirOwnLabelsAndThoseOfTheirModel() throws Exception {
    first();
    next(MODEL.toBuilder().putLabels("run", "b").build());
    next(MODEL.toBuilder().putLabels("run", "c").build());
    models.updateModel(
        Model.newBuilder().setName(FASHION).putLabels("run", "a").putLabels("team", "x").build(),
        FieldMask.newBuilder().addPaths("labels").build());

    assertThat(versions("labels.run=b")).containsExactly("2");
    assertThat(versions("labels.run=a")).containsExactly("1");
    assertThat(versions("labels.team:*")).containsExactly("1", "2", "3");
    assertThat(listed("labels.team=x AND model=fashion")).containsExactly("fashion");
    assertThat(listed("model!=fashion")).isEmpty();
    assertThat(listed("display_name=\"Other\"")).isEmpty();
  }

  @Test
  void pagesAndMasksAreKept() throws Exception {
    first();
    for (int version = 2; version <= 5; version++) {
      next(MODEL);
    }
    var page =
        models
            .listModelVersions(
                ListModelVersionsRequest.newBuilder()
                    .setName(FASHION)
                    .setPageSize(2)
                    .setOrderBy("create_time desc")
                    .setReadMask(FieldMask.newBuilder().addPaths("version_id"))
                    .build())
            .getPage();
    assertThat(page.getPageElementCount()).isEqualTo(2);
    assertThat(page.hasNextPage()).isTrue();
    assertThat(page.getValues())
        .allSatisfy(
            model -> {
              assertThat(model.getVersionId()).isNotEmpty();
              assertThat(model.getDisplayName()).isEmpty();
            });
    assertThat(versions("")).containsExactly("1", "2", "3", "4", "5");
  }

  @Test
  void whatBelongsToVersionsCannotBeChangedInTheModel() throws Exception {
    first();
    assertThatThrownBy(
            () ->
                models.updateModel(
                    Model.newBuilder().setName(FASHION).setVersionDescription("x").build(),
                    FieldMask.newBuilder().addPaths("version_description").build()))
        .isInstanceOf(FailedPreconditionException.class);
    models.updateModel(
        Model.newBuilder().setName(FASHION + "@1").setVersionDescription("x").build(),
        FieldMask.newBuilder().addPaths("version_description").build());
    assertThat(models.getModel(FASHION).getVersionDescription()).isEqualTo("x");
  }

  @Test
  void allMistakesOfAnUploadAreTold() {
    assertThatThrownBy(
            () ->
                upload(
                    UploadModelRequest.newBuilder()
                        .setModelId("1st")
                        .setModel(
                            Model.newBuilder()
                                .setArtifactUri("/tmp/model")
                                .putLabels("A", "b")
                                .addVersionAliases("7"))
                        .build()))
        .hasMessageContaining("1.Field: model.display_name; Message: Required field is not set.")
        .hasMessageContaining("Label key \"A\" is invalid.")
        .hasMessageContaining("model.container_spec.image_uri")
        .hasMessageContaining("must start with gs://")
        .hasMessageContaining("The first character cannot be a number or hyphen.")
        .hasMessageContaining("Version alias \"7\" must match");
    assertThatThrownBy(
            () ->
                upload(
                    UploadModelRequest.newBuilder()
                        .setModel(MODEL.toBuilder().setArtifactUri("gs://elsewhere/model"))
                        .build()))
        .hasMessageContaining("is in location `us-west1`");
    assertThatThrownBy(() -> next(MODEL)).hasMessageContaining("does not exist");
  }

  @Test
  void onlyWhatIsNotNeededCanBeDeleted() throws Exception {
    first();
    assertThatThrownBy(() -> models.deleteModelVersionAsync(FASHION + "@1").get())
        .hasMessageContaining("The only version");
    next(MODEL);
    assertThatThrownBy(() -> models.deleteModelVersionAsync(FASHION + "@1").get())
        .hasMessageContaining("The default version");
    models.deleteModelVersionAsync(FASHION + "@2").get();
    assertThat(next(MODEL).getModelVersionId()).as("numbers are not used again").isEqualTo("3");
    models.deleteModelAsync(FASHION).get();
    assertThatThrownBy(() -> models.getModel(FASHION)).isInstanceOf(NotFoundException.class);
  }

  @Test
  void anEvaluationIsAVersions() throws Exception {
    first();
    next(MODEL);
    ModelEvaluation imported = models.importModelEvaluation(FASHION + "@2", evaluation(METRICS));
    assertThat(imported.getName()).matches("projects/\\d+/.*/models/fashion@2/evaluations/\\d+");
    assertThat(models.getModelEvaluation(imported.getName())).isEqualTo(imported);
    assertThat(models.listModelEvaluations(FASHION + "@2").iterateAll()).containsExactly(imported);
    assertThat(models.listModelEvaluations(FASHION).iterateAll()).isEmpty();
    assertThatThrownBy(
            () ->
                models.importModelEvaluation(
                    FASHION, evaluation(METRICS.replace("[[3]]", "[[3, 1]]"))))
        .hasMessageContaining("must be the size of annotationSpecs");
    assertThatThrownBy(
            () -> models.importModelEvaluation(FASHION, evaluation("{\"accuracy\": 0.5}")))
        .hasMessageContaining("Property \"accuracy\" is not in the schema");
  }

  @Test
  void faultsHappenToUploadsToo() throws Exception {
    emulator.faults().add(FaultRule.times(1, Fault.of(FaultKind.PERMISSION_DENIED)));
    assertThatThrownBy(() -> models.getModel(FASHION))
        .isInstanceOf(PermissionDeniedException.class)
        .hasMessageContaining("'aiplatform.models.get'");

    emulator
        .faults()
        .add(FaultRule.times(1, Fault.of(FaultKind.OPERATION_LAG, Duration.ofSeconds(30))));
    Operation begun = models.uploadModelCallable().call(request().setModelId("fashion").build());
    assertThat(begun.getDone()).isFalse();
    assertThat(listed("")).isEmpty();
    clock.pass(Duration.ofSeconds(31));
    Operation done = models.getOperationsClient().getOperation(begun.getName());
    assertThat(done.getResponse().unpack(UploadModelResponse.class).getModelVersionId())
        .isEqualTo("1");
    assertThat(listed("")).containsExactly("fashion");

    emulator
        .faults()
        .add(FaultRule.times(1, Fault.of(FaultKind.FAILED, Duration.ZERO)).on("UploadModel"));
    Operation failed = models.uploadModelCallable().call(request().setParentModel(FASHION).build());
    assertThat(failed.getError().getMessage()).contains("Internal error");
    assertThat(versions("")).containsExactly("1");
  }

  @Test
  void modelsOutliveARestart() throws Exception {
    first();
    next(MODEL.toBuilder().addVersionAliases("champion").build());
    models.importModelEvaluation(FASHION + "@2", evaluation(METRICS));
    var before = emulator.models().snapshot();
    try (VertexEmulator again =
        VertexEmulator.start(
            EmulatorSettings.defaults().withState(folder.resolve("state.json")), clock)) {
      assertThat(again.models().snapshot()).isEqualTo(before);
      Rest rest = new Rest(again);
      assertThat(rest.get("/v1/" + FASHION + "@champion").get("versionId").asText()).isEqualTo("2");
      assertThat(rest.get("/v1/" + FASHION + "%402/evaluations").get("modelEvaluations"))
          .hasSize(1);
      assertThat(rest.get("/v1/" + FASHION + ":listVersions").get("models")).hasSize(2);
      assertThat(rest.call("GET", "/v1/" + FASHION + "@9", "", 404).at("/error/message").asText())
          .contains("does not exist");
    }
  }

  private UploadModelResponse first() throws Exception {
    return upload(
        request().setModelId("fashion").setModel(MODEL.toBuilder().putLabels("run", "a")).build());
  }

  private UploadModelResponse next(Model model) throws Exception {
    return upload(request().setParentModel(FASHION).setModel(model).build());
  }

  private static UploadModelRequest.Builder request() {
    return UploadModelRequest.newBuilder().setParent(PARENT).setModel(MODEL);
  }

  private UploadModelResponse upload(UploadModelRequest request) throws Exception {
    return models.uploadModelAsync(request.toBuilder().setParent(PARENT).build()).get();
  }

  private static ModelEvaluation evaluation(String metrics) throws Exception {
    Value.Builder value = Value.newBuilder();
    JsonFormat.parser().merge(metrics, value);
    return ModelEvaluation.newBuilder()
        .setDisplayName("test")
        .setMetricsSchemaUri(
            "gs://google-cloud-aiplatform/schema/modelevaluation/classification_metrics_1.0.0.yaml")
        .setMetrics(value)
        .build();
  }

  private List<String> aliases() {
    return all(models.listModelVersions(FASHION).iterateAll()).stream()
        .map(model -> model.getVersionId() + "=" + model.getVersionAliasesList())
        .toList();
  }

  private List<String> versions(String filter) {
    return all(
            models
                .listModelVersions(
                    ListModelVersionsRequest.newBuilder()
                        .setName(FASHION)
                        .setFilter(filter)
                        .build())
                .iterateAll())
        .stream()
        .map(Model::getVersionId)
        .toList();
  }

  private List<String> listed(String filter) {
    return all(
            models
                .listModels(
                    ListModelsRequest.newBuilder().setParent(PARENT).setFilter(filter).build())
                .iterateAll())
        .stream()
        .map(model -> model.getName().substring(model.getName().lastIndexOf('/') + 1))
        .toList();
  }

  private static List<Model> all(Iterable<Model> models) {
    return StreamSupport.stream(models.spliterator(), false).toList();
  }
}

package io.fashionmnist.training.emulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.api.gax.core.NoCredentialsProvider;
import com.google.api.gax.rpc.AbortedException;
import com.google.api.gax.rpc.AlreadyExistsException;
import com.google.api.gax.rpc.InvalidArgumentException;
import com.google.api.gax.rpc.NotFoundException;
import com.google.api.gax.rpc.UnavailableException;
import com.google.cloud.aiplatform.v1.AddContextArtifactsAndExecutionsRequest;
import com.google.cloud.aiplatform.v1.Artifact;
import com.google.cloud.aiplatform.v1.Context;
import com.google.cloud.aiplatform.v1.ListArtifactsRequest;
import com.google.cloud.aiplatform.v1.ListContextsRequest;
import com.google.cloud.aiplatform.v1.MetadataServiceClient;
import com.google.cloud.aiplatform.v1.MetadataServiceSettings;
import com.google.cloud.aiplatform.v1.MetadataStore;
import com.google.cloud.aiplatform.v1.Scalar;
import com.google.cloud.aiplatform.v1.Tensorboard;
import com.google.cloud.aiplatform.v1.TensorboardExperiment;
import com.google.cloud.aiplatform.v1.TensorboardRun;
import com.google.cloud.aiplatform.v1.TensorboardServiceClient;
import com.google.cloud.aiplatform.v1.TensorboardServiceSettings;
import com.google.cloud.aiplatform.v1.TensorboardTimeSeries;
import com.google.cloud.aiplatform.v1.TensorboardTimeSeries.ValueType;
import com.google.cloud.aiplatform.v1.TimeSeriesData;
import com.google.cloud.aiplatform.v1.TimeSeriesDataPoint;
import com.google.protobuf.FieldMask;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.fashionmnist.training.emulator.config.EmulatorSettings;
import io.fashionmnist.training.emulator.fault.Fault;
import io.fashionmnist.training.emulator.fault.FaultKind;
import io.fashionmnist.training.emulator.fault.FaultRule;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Experiments are made of, by Google's Java clients over gRPC, and over REST. */
class ExperimentsTest {
  private static final String PARENT = "projects/my-project/locations/us-central1";
  private static final String STORE = PARENT + "/metadataStores/default";

  @TempDir private Path folder;
  private VertexEmulator emulator;
  private MetadataServiceClient metadata;
  private TensorboardServiceClient tensorboards;

  @BeforeEach
  void start() throws Exception {
    emulator =
        VertexEmulator.start(EmulatorSettings.defaults().withState(folder.resolve("state.json")));
    String endpoint = "localhost:" + emulator.port();
    metadata =
        MetadataServiceClient.create(
            MetadataServiceSettings.newBuilder()
                .setEndpoint(endpoint)
                .setCredentialsProvider(NoCredentialsProvider.create())
                .setTransportChannelProvider(
                    MetadataServiceSettings.defaultGrpcTransportProviderBuilder()
                        .setChannelConfigurator(channel -> channel.usePlaintext())
                        .build())
                .build());
    tensorboards =
        TensorboardServiceClient.create(
            TensorboardServiceSettings.newBuilder()
                .setEndpoint(endpoint)
                .setCredentialsProvider(NoCredentialsProvider.create())
                .setTransportChannelProvider(
                    TensorboardServiceSettings.defaultGrpcTransportProviderBuilder()
                        .setChannelConfigurator(channel -> channel.usePlaintext())
                        .build())
                .build());
  }

  @AfterEach
  void stop() {
    metadata.close();
    tensorboards.close();
    emulator.close();
  }

  @Test
  void aStoreIsMadeOnceAndByALongRunningOperation() throws Exception {
    assertThatThrownBy(() -> metadata.getMetadataStore(STORE))
        .isInstanceOf(NotFoundException.class);
    assertThatThrownBy(() -> context("run-one")).isInstanceOf(NotFoundException.class);
    MetadataStore store = store();
    assertThat(store.getName())
        .matches("projects/\\d{12}/locations/us-central1/metadataStores/default");
    assertThat(metadata.getMetadataStore(STORE)).isEqualTo(store);
    assertThatThrownBy(this::store)
        .hasRootCauseMessage(
            "ALREADY_EXISTS: MetadataStore with name \"" + store.getName() + "\" already exists");
  }

  @Test
  void anUpdateWithAnOldEtagIsAborted() throws Exception {
    store();
    Context read = context("run-one");
    Context written = metadata.updateContext(accuracy(read, 0.5), mask());
    assertThat(Long.parseLong(written.getEtag())).isGreaterThan(Long.parseLong(read.getEtag()));
    assertThatThrownBy(() -> metadata.updateContext(accuracy(read, 0.75), mask()))
        .isInstanceOf(AbortedException.class)
        .hasMessageContaining(
            "Specified Context `etag`: `%s` does not match server `etag`: `%s`"
                .formatted(read.getEtag(), written.getEtag()));
    assertThat(metadata.getContext(read.getName()).getMetadata()).isEqualTo(written.getMetadata());
    // Without an etag the last one wins.
    metadata.updateContext(accuracy(read, 0.75).toBuilder().clearEtag().build(), mask());
    assertThat(list("metadata.accuracy.number_value > 0.7")).containsExactly("run-one");
  }

  @Test
  void contextsAreFoundByTheirParentsSchemaAndTimes() throws Exception {
    store();
    Context parent = context("fashion");
    Context child = context("fashion-one");
    context("fashion-two");
    metadata.addContextChildren(STORE + "/contexts/fashion", List.of(child.getName()));
    // Being put somewhere is no change that a client would have to read before it writes.
    assertThat(metadata.getContext(child.getName()).getEtag()).isEqualTo(child.getEtag());
    assertThat(
            list(
                "(schema_title=\"system.ExperimentRun\" OR schema_title=\"system.PipelineRun\") AND"
                    + " parent_contexts:\""
                    + STORE
                    + "/contexts/fashion\""))
        .containsExactly("fashion-one");
    assertThat(list("child_contexts:\"" + child.getName() + "\"")).containsExactly("fashion");
    assertThat(list("create_time > \"2100-01-01T00:00:00Z\"")).isEmpty();
    assertThat(
            ids(
                metadata.listContexts(
                    ListContextsRequest.newBuilder()
                        .setParent(STORE)
                        .setPageSize(2)
                        .setOrderBy("display_name desc")
                        .build())))
        .containsExactly("fashion-two", "fashion-one", "fashion");
    assertThatThrownBy(() -> list("colour=red"))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("colour");
    metadata.deleteContextAsync(parent.getName()).get();
    assertThat(metadata.getContext(child.getName()).getParentContextsList()).isEmpty();
  }

  @Test
  void idsAreTheServicesOwn() throws Exception {
    store();
    assertThatThrownBy(() -> context("run_one")).hasMessageContaining("/[a-z][0-9]-/");
    assertThatThrownBy(() -> context("one")).hasMessageContaining("4-128 characters");
    context("fashion");
    assertThatThrownBy(() -> context("fashion")).isInstanceOf(AlreadyExistsException.class);
  }

  @Test
  void artifactsBelongToContexts() throws Exception {
    store();
    Context run = context("fashion-one");
    Artifact artifact =
        metadata.createArtifact(
            STORE,
            Artifact.newBuilder().setSchemaTitle("google.ClassificationMetrics").build(),
            "fashion-one-matrix");
    var both =
        AddContextArtifactsAndExecutionsRequest.newBuilder()
            .setContext(run.getName())
            .addArtifacts(artifact.getName())
            .build();
    metadata.addContextArtifactsAndExecutions(both);
    metadata.addContextArtifactsAndExecutions(both);
    assertThat(metadata.queryContextLineageSubgraph(run.getName()).getArtifactsList())
        .containsExactly(artifact);
    assertThat(
            metadata
                .listArtifacts(
                    ListArtifactsRequest.newBuilder()
                        .setParent(STORE)
                        .setFilter("in_context(\"" + STORE + "/contexts/fashion-one\")")
                        .build())
                .iterateAll())
        .containsExactly(artifact);
  }

  @Test
  void pointsAtOneStepReplaceEachOther() throws Exception {
    TensorboardTimeSeries loss = series("loss");
    String run = loss.getName().replaceFirst("/timeSeries/.*", "");
    assertThatThrownBy(() -> tensorboards.createTensorboardTimeSeries(run, scalars("loss")))
        .isInstanceOf(AlreadyExistsException.class);
    tensorboards.writeTensorboardRunData(run, List.of(points(loss, 0.75, 0.5)));
    tensorboards.writeTensorboardRunData(run, List.of(points(loss, 0.8)));
    TimeSeriesData read =
        tensorboards.readTensorboardTimeSeriesData(loss.getName()).getTimeSeriesData();
    assertThat(read.getValuesList())
        .extracting(point -> point.getScalar().getValue())
        .containsExactly(0.8, 0.5);
    assertThat(tensorboards.getTensorboardTimeSeries(loss.getName()).getMetadata().getMaxStep())
        .isEqualTo(2);
    assertThatThrownBy(
            () ->
                tensorboards.writeTensorboardRunData(
                    run,
                    List.of(points(loss, 0.1).toBuilder().setValueType(ValueType.TENSOR).build())))
        .isInstanceOf(InvalidArgumentException.class);
    tensorboards.deleteTensorboardRunAsync(run).get();
    assertThatThrownBy(() -> tensorboards.readTensorboardTimeSeriesData(loss.getName()))
        .isInstanceOf(NotFoundException.class);
  }

  @Test
  void thereIsOneDefaultTensorboard() throws Exception {
    Tensorboard first = tensorboard("first");
    Tensorboard second = tensorboard("second");
    assertThat(tensorboards.getTensorboard(first.getName()).getIsDefault()).isFalse();
    assertThat(tensorboards.getTensorboard(second.getName()).getIsDefault()).isTrue();
  }

  @Test
  void faultsHitTheseCallsToo() throws Exception {
    store();
    emulator.faults().add(FaultRule.times(1, Fault.of(FaultKind.UNAVAILABLE)).on("CreateContext"));
    emulator
        .faults()
        .add(FaultRule.times(1, Fault.of(FaultKind.PERMISSION_DENIED)).on("AddContextChildren"));
    emulator
        .faults()
        .add(
            FaultRule.times(1, Fault.of(FaultKind.DEADLINE_EXCEEDED_AFTER_COMMIT))
                .on("UpdateContext"));
    assertThatThrownBy(() -> context("fashion")).isInstanceOf(UnavailableException.class);
    Context made = context("fashion");
    assertThatThrownBy(() -> metadata.addContextChildren(made.getName(), List.of()))
        .hasMessageContaining("'aiplatform.contexts.addContextChildren' denied");
    assertThatThrownBy(() -> metadata.updateContext(accuracy(made, 0.5), mask()));
    assertThat(list("metadata.accuracy.number_value=0.5")).containsExactly("fashion");
    assertThat(emulator.calls().count("CreateContext", "us-central1")).isEqualTo(2);
  }

  @Test
  void errorsOverRestAreGooglesOwn() throws Exception {
    store();
    Rest rest = new Rest(emulator);
    JsonNode error = rest.call("GET", "/v1/" + STORE + "/contexts/missing", "", 404).get("error");
    assertThat(error.get("status").asText()).isEqualTo("NOT_FOUND");
    assertThat(error.get("message").asText()).contains("contexts/missing");
    Context made = context("fashion");
    metadata.updateContext(accuracy(made, 0.5), mask());
    JsonNode aborted =
        rest.call(
                "PATCH",
                "/v1/" + made.getName(),
                "{\"etag\": \"" + made.getEtag() + "\", \"description\": \"late\"}",
                409)
            .get("error");
    assertThat(aborted.get("status").asText()).isEqualTo("ABORTED");
  }

  @Test
  void allOfItOutlivesARestart() throws Exception {
    store();
    Context run = context("fashion-one");
    context("fashion");
    metadata.addContextChildren(STORE + "/contexts/fashion", List.of(run.getName()));
    TensorboardTimeSeries loss = series("loss");
    tensorboards.writeTensorboardRunData(
        loss.getName().replaceFirst("/timeSeries/.*", ""), List.of(points(loss, 0.5)));
    var before = emulator.metadata().snapshot();
    var curves = emulator.tensorboards().snapshot();
    stop();
    start();
    assertThat(emulator.metadata().snapshot()).isEqualTo(before);
    assertThat(emulator.tensorboards().snapshot()).isEqualTo(curves);
    assertThat(curves.points()).hasSize(1);
    // Etags go on growing.
    Context changed = metadata.updateContext(accuracy(run, 0.5), mask());
    assertThat(Long.parseLong(changed.getEtag())).isGreaterThan(Long.parseLong(run.getEtag()));
  }

  private MetadataStore store() throws Exception {
    return metadata
        .createMetadataStoreAsync(PARENT, MetadataStore.getDefaultInstance(), "default")
        .get();
  }

  private Context context(String id) {
    return metadata.createContext(
        STORE,
        Context.newBuilder()
            .setDisplayName(id)
            .setSchemaTitle("system.ExperimentRun")
            .setSchemaVersion("0.0.1")
            .build(),
        id);
  }

  private List<String> list(String filter) {
    return ids(
        metadata.listContexts(
            ListContextsRequest.newBuilder().setParent(STORE).setFilter(filter).build()));
  }

  private static List<String> ids(MetadataServiceClient.ListContextsPagedResponse response) {
    return StreamSupport.stream(response.iterateAll().spliterator(), false)
        .map(each -> each.getName().substring(each.getName().lastIndexOf('/') + 1))
        .toList();
  }

  private static Context accuracy(Context context, double value) {
    return context.toBuilder()
        .setMetadata(
            Struct.newBuilder()
                .putFields("accuracy", Value.newBuilder().setNumberValue(value).build()))
        .build();
  }

  private static FieldMask mask() {
    return FieldMask.getDefaultInstance();
  }

  private Tensorboard tensorboard(String name) throws Exception {
    return tensorboards
        .createTensorboardAsync(
            PARENT, Tensorboard.newBuilder().setDisplayName(name).setIsDefault(true).build())
        .get();
  }

  private TensorboardTimeSeries series(String name) throws Exception {
    TensorboardExperiment experiment =
        tensorboards.createTensorboardExperiment(
            tensorboard("curves").getName(), TensorboardExperiment.getDefaultInstance(), "fashion");
    TensorboardRun run =
        tensorboards.createTensorboardRun(
            experiment.getName(), TensorboardRun.newBuilder().setDisplayName("one").build(), "one");
    return tensorboards.createTensorboardTimeSeries(run.getName(), scalars(name));
  }

  private static TensorboardTimeSeries scalars(String name) {
    return TensorboardTimeSeries.newBuilder()
        .setDisplayName(name)
        .setValueType(ValueType.SCALAR)
        .setPluginName("scalars")
        .build();
  }

  private static TimeSeriesData points(TensorboardTimeSeries series, double... values) {
    TimeSeriesData.Builder data =
        TimeSeriesData.newBuilder()
            .setTensorboardTimeSeriesId(
                series.getName().substring(series.getName().lastIndexOf('/') + 1))
            .setValueType(ValueType.SCALAR);
    for (int i = 0; i < values.length; i++) {
      data.addValues(
          TimeSeriesDataPoint.newBuilder()
              .setStep(i + 1)
              .setScalar(Scalar.newBuilder().setValue(values[i])));
    }
    return data.build();
  }
}

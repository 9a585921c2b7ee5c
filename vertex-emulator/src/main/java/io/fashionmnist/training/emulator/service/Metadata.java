package io.fashionmnist.training.emulator.service;

import com.google.cloud.aiplatform.v1.AddContextArtifactsAndExecutionsRequest;
import com.google.cloud.aiplatform.v1.AddContextArtifactsAndExecutionsResponse;
import com.google.cloud.aiplatform.v1.AddContextChildrenRequest;
import com.google.cloud.aiplatform.v1.AddContextChildrenResponse;
import com.google.cloud.aiplatform.v1.AddExecutionEventsRequest;
import com.google.cloud.aiplatform.v1.AddExecutionEventsResponse;
import com.google.cloud.aiplatform.v1.Artifact;
import com.google.cloud.aiplatform.v1.Context;
import com.google.cloud.aiplatform.v1.CreateArtifactRequest;
import com.google.cloud.aiplatform.v1.CreateContextRequest;
import com.google.cloud.aiplatform.v1.CreateExecutionRequest;
import com.google.cloud.aiplatform.v1.CreateMetadataStoreOperationMetadata;
import com.google.cloud.aiplatform.v1.CreateMetadataStoreRequest;
import com.google.cloud.aiplatform.v1.DeleteArtifactRequest;
import com.google.cloud.aiplatform.v1.DeleteContextRequest;
import com.google.cloud.aiplatform.v1.DeleteExecutionRequest;
import com.google.cloud.aiplatform.v1.Execution;
import com.google.cloud.aiplatform.v1.GetArtifactRequest;
import com.google.cloud.aiplatform.v1.GetContextRequest;
import com.google.cloud.aiplatform.v1.GetExecutionRequest;
import com.google.cloud.aiplatform.v1.GetMetadataStoreRequest;
import com.google.cloud.aiplatform.v1.LineageSubgraph;
import com.google.cloud.aiplatform.v1.ListArtifactsRequest;
import com.google.cloud.aiplatform.v1.ListArtifactsResponse;
import com.google.cloud.aiplatform.v1.ListContextsRequest;
import com.google.cloud.aiplatform.v1.ListContextsResponse;
import com.google.cloud.aiplatform.v1.ListExecutionsRequest;
import com.google.cloud.aiplatform.v1.ListExecutionsResponse;
import com.google.cloud.aiplatform.v1.ListMetadataStoresRequest;
import com.google.cloud.aiplatform.v1.ListMetadataStoresResponse;
import com.google.cloud.aiplatform.v1.MetadataServiceGrpc;
import com.google.cloud.aiplatform.v1.MetadataStore;
import com.google.cloud.aiplatform.v1.QueryContextLineageSubgraphRequest;
import com.google.cloud.aiplatform.v1.QueryExecutionInputsAndOutputsRequest;
import com.google.cloud.aiplatform.v1.RemoveContextChildrenRequest;
import com.google.cloud.aiplatform.v1.RemoveContextChildrenResponse;
import com.google.cloud.aiplatform.v1.UpdateArtifactRequest;
import com.google.cloud.aiplatform.v1.UpdateContextRequest;
import com.google.cloud.aiplatform.v1.UpdateExecutionRequest;
import com.google.longrunning.Operation;
import com.google.protobuf.Message;
import com.google.protobuf.Struct;
import io.fashionmnist.training.emulator.error.ApiException;
import io.fashionmnist.training.emulator.metadata.MetadataBook;
import io.fashionmnist.training.emulator.metadata.MetadataFields;
import io.fashionmnist.training.emulator.resource.MessageFields;
import io.fashionmnist.training.emulator.resource.Page;
import io.fashionmnist.training.emulator.resource.ResourceName;
import io.fashionmnist.training.emulator.resource.Resources;
import io.grpc.stub.StreamObserver;
import java.util.Collection;
import java.util.List;
import java.util.UUID;

/** {@code google.cloud.aiplatform.v1.MetadataService}: what Experiments are made of. */
public final class Metadata extends MetadataServiceGrpc.MetadataServiceImplBase {
  private static final String STORES = "metadataStores";
  private static final String CONTEXTS = "contexts";
  private static final String ARTIFACTS = "artifacts";
  private static final String EXECUTIONS = "executions";
  private static final Page.Sizes SIZES = new Page.Sizes(100, 1_000);
  private static final int SHORTEST_ID = 4;
  private static final int LARGEST_METADATA = 200_000;

  private final ResourceCalls calls;
  private final MetadataBook book;

  /** With how calls are answered and where all is kept. */
  public Metadata(ResourceCalls calls, MetadataBook book) {
    this.calls = calls;
    this.book = book;
  }

  @Override
  public void createMetadataStore(
      CreateMetadataStoreRequest request, StreamObserver<Operation> out) {
    calls.writeAt(
        "CreateMetadataStore",
        request.getParent(),
        out,
        parent -> {
          String id =
              ResourceCalls.id("metadata_store_id", request.getMetadataStoreId(), SHORTEST_ID);
          String name = parent + "/" + STORES + "/" + id;
          MetadataStore store = book.stores().create(name, request.getMetadataStore());
          return calls.done(
              name,
              CreateMetadataStoreOperationMetadata.newBuilder()
                  .setGenericMetadata(calls.now())
                  .build(),
              store);
        });
  }

  @Override
  public void getMetadataStore(GetMetadataStoreRequest request, StreamObserver<MetadataStore> out) {
    calls.read(
        "GetMetadataStore",
        () -> ResourceName.parse(request.getName(), STORES),
        out,
        book.stores()::get);
  }

  @Override
  public void listMetadataStores(
      ListMetadataStoresRequest request, StreamObserver<ListMetadataStoresResponse> out) {
    calls.readAt(
        "ListMetadataStores",
        request.getParent(),
        out,
        parent ->
            Lists.answer(
                ListMetadataStoresResponse.getDefaultInstance(),
                book.stores()
                    .list(parent + "/" + STORES, Lists.asked(request), SIZES, MessageFields::new)));
  }

  @Override
  public void createContext(CreateContextRequest request, StreamObserver<Context> out) {
    calls.write(
        "CreateContext",
        () -> ResourceName.parse(request.getParent(), STORES),
        out,
        store -> {
          checkMetadata(request.getContext().getMetadata());
          return book.contexts()
              .create(
                  inStore(store, CONTEXTS, "context_id", request.getContextId()),
                  request.getContext().toBuilder().clearParentContexts().build());
        });
  }

  @Override
  public void getContext(GetContextRequest request, StreamObserver<Context> out) {
    calls.read("GetContext", () -> context(request.getName()), out, book.contexts()::get);
  }

  @Override
  public void listContexts(ListContextsRequest request, StreamObserver<ListContextsResponse> out) {
    calls.read(
        "ListContexts",
        () -> ResourceName.parse(request.getParent(), STORES),
        out,
        store ->
            Lists.answer(
                ListContextsResponse.getDefaultInstance(),
                page(book.contexts(), store, CONTEXTS, Lists.asked(request))));
  }

  @Override
  public void updateContext(UpdateContextRequest request, StreamObserver<Context> out) {
    Context update = request.getContext();
    calls.write(
        "UpdateContext",
        () -> context(update.getName()),
        out,
        name -> {
          checkMetadata(update.getMetadata());
          return request.getAllowMissing() && !book.contexts().has(name)
              ? book.contexts().create(name, update)
              : book.contexts().update(name, update, request.getUpdateMask());
        });
  }

  @Override
  public void deleteContext(DeleteContextRequest request, StreamObserver<Operation> out) {
    calls.delete(
        "DeleteContext",
        () -> context(request.getName()),
        out,
        name -> {
          Context known = book.contexts().get(name);
          if (!request.getEtag().isEmpty() && !request.getEtag().equals(known.getEtag())) {
            throw ApiException.failedPrecondition("The etag does not match: " + known.getEtag());
          }
          book.delete(name);
        });
  }

  @Override
  public void addContextChildren(
      AddContextChildrenRequest request, StreamObserver<AddContextChildrenResponse> out) {
    calls.write(
        "AddContextChildren",
        () -> context(request.getContext()),
        out,
        parent -> {
          book.addChildren(parent, canonical(request.getChildContextsList()));
          return AddContextChildrenResponse.getDefaultInstance();
        });
  }

  @Override
  public void removeContextChildren(
      RemoveContextChildrenRequest request, StreamObserver<RemoveContextChildrenResponse> out) {
    calls.write(
        "RemoveContextChildren",
        () -> context(request.getContext()),
        out,
        parent -> {
          book.removeChildren(parent, canonical(request.getChildContextsList()));
          return RemoveContextChildrenResponse.getDefaultInstance();
        });
  }

  @Override
  public void addContextArtifactsAndExecutions(
      AddContextArtifactsAndExecutionsRequest request,
      StreamObserver<AddContextArtifactsAndExecutionsResponse> out) {
    calls.write(
        "AddContextArtifactsAndExecutions",
        () -> context(request.getContext()),
        out,
        context -> {
          book.addMembers(
              context,
              canonical(request.getArtifactsList()),
              canonical(request.getExecutionsList()));
          return AddContextArtifactsAndExecutionsResponse.getDefaultInstance();
        });
  }

  @Override
  public void queryContextLineageSubgraph(
      QueryContextLineageSubgraphRequest request, StreamObserver<LineageSubgraph> out) {
    calls.read(
        "QueryContextLineageSubgraph", () -> context(request.getContext()), out, book::lineage);
  }

  @Override
  public void createArtifact(CreateArtifactRequest request, StreamObserver<Artifact> out) {
    calls.write(
        "CreateArtifact",
        () -> ResourceName.parse(request.getParent(), STORES),
        out,
        store -> {
          checkMetadata(request.getArtifact().getMetadata());
          return book.artifacts()
              .create(
                  inStore(store, ARTIFACTS, "artifact_id", request.getArtifactId()),
                  request.getArtifact());
        });
  }

  @Override
  public void getArtifact(GetArtifactRequest request, StreamObserver<Artifact> out) {
    calls.read("GetArtifact", () -> artifact(request.getName()), out, book.artifacts()::get);
  }

  @Override
  public void listArtifacts(
      ListArtifactsRequest request, StreamObserver<ListArtifactsResponse> out) {
    calls.read(
        "ListArtifacts",
        () -> ResourceName.parse(request.getParent(), STORES),
        out,
        store ->
            Lists.answer(
                ListArtifactsResponse.getDefaultInstance(),
                page(book.artifacts(), store, ARTIFACTS, Lists.asked(request))));
  }

  @Override
  public void updateArtifact(UpdateArtifactRequest request, StreamObserver<Artifact> out) {
    Artifact update = request.getArtifact();
    calls.write(
        "UpdateArtifact",
        () -> artifact(update.getName()),
        out,
        name -> {
          checkMetadata(update.getMetadata());
          return request.getAllowMissing() && !book.artifacts().has(name)
              ? book.artifacts().create(name, update)
              : book.artifacts().update(name, update, request.getUpdateMask());
        });
  }

  @Override
  public void deleteArtifact(DeleteArtifactRequest request, StreamObserver<Operation> out) {
    calls.delete(
        "DeleteArtifact",
        () -> artifact(request.getName()),
        out,
        name -> book.delete(book.artifacts().get(name).getName()));
  }

  @Override
  public void createExecution(CreateExecutionRequest request, StreamObserver<Execution> out) {
    calls.write(
        "CreateExecution",
        () -> ResourceName.parse(request.getParent(), STORES),
        out,
        store -> {
          checkMetadata(request.getExecution().getMetadata());
          return book.executions()
              .create(
                  inStore(store, EXECUTIONS, "execution_id", request.getExecutionId()),
                  request.getExecution());
        });
  }

  @Override
  public void getExecution(GetExecutionRequest request, StreamObserver<Execution> out) {
    calls.read("GetExecution", () -> execution(request.getName()), out, book.executions()::get);
  }

  @Override
  public void listExecutions(
      ListExecutionsRequest request, StreamObserver<ListExecutionsResponse> out) {
    calls.read(
        "ListExecutions",
        () -> ResourceName.parse(request.getParent(), STORES),
        out,
        store ->
            Lists.answer(
                ListExecutionsResponse.getDefaultInstance(),
                page(book.executions(), store, EXECUTIONS, Lists.asked(request))));
  }

  @Override
  public void updateExecution(UpdateExecutionRequest request, StreamObserver<Execution> out) {
    Execution update = request.getExecution();
    calls.write(
        "UpdateExecution",
        () -> execution(update.getName()),
        out,
        name -> {
          checkMetadata(update.getMetadata());
          return request.getAllowMissing() && !book.executions().has(name)
              ? book.executions().create(name, update)
              : book.executions().update(name, update, request.getUpdateMask());
        });
  }

  @Override
  public void deleteExecution(DeleteExecutionRequest request, StreamObserver<Operation> out) {
    calls.delete(
        "DeleteExecution",
        () -> execution(request.getName()),
        out,
        name -> book.delete(book.executions().get(name).getName()));
  }

  @Override
  public void addExecutionEvents(
      AddExecutionEventsRequest request, StreamObserver<AddExecutionEventsResponse> out) {
    calls.write(
        "AddExecutionEvents",
        () -> execution(request.getExecution()),
        out,
        name -> {
          book.addEvents(
              name,
              request.getEventsList().stream()
                  .map(event -> event.toBuilder().setArtifact(canonical(event.getArtifact())))
                  .map(event -> event.setEventTime(calls.now().getCreateTime()).build())
                  .toList());
          return AddExecutionEventsResponse.getDefaultInstance();
        });
  }

  @Override
  public void queryExecutionInputsAndOutputs(
      QueryExecutionInputsAndOutputsRequest request, StreamObserver<LineageSubgraph> out) {
    calls.read(
        "QueryExecutionInputsAndOutputs",
        () -> execution(request.getExecution()),
        out,
        book::inputsAndOutputs);
  }

  private <T extends Message> Page<T> page(
      Resources<T> resources, String store, String collection, Page.Request asked) {
    book.stores().get(store);
    return resources.list(
        store + "/" + collection,
        asked,
        SIZES,
        each ->
            new MetadataFields(
                book,
                calls.projects(),
                each.getField(each.getDescriptorForType().findFieldByName("name")).toString(),
                each));
  }

  private String inStore(String store, String collection, String field, String id) {
    book.stores().get(store);
    return store
        + "/"
        + collection
        + "/"
        + (id.isEmpty() ? UUID.randomUUID() : ResourceCalls.id(field, id, SHORTEST_ID));
  }

  private String canonical(String name) {
    return ResourceName.canonical(name, calls.projects());
  }

  private List<String> canonical(Collection<String> names) {
    return names.stream().map(this::canonical).toList();
  }

  private static void checkMetadata(Struct metadata) {
    if (metadata.getSerializedSize() > LARGEST_METADATA) {
      throw ApiException.invalidArgument("The size of the field metadata should not exceed 200KB.");
    }
  }

  private static ResourceName context(String name) {
    return ResourceName.parse(name, STORES, CONTEXTS);
  }

  private static ResourceName artifact(String name) {
    return ResourceName.parse(name, STORES, ARTIFACTS);
  }

  private static ResourceName execution(String name) {
    return ResourceName.parse(name, STORES, EXECUTIONS);
  }
}

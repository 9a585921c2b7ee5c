package io.fashionmnist.training.trainer.tracking;

import com.google.api.gax.rpc.AbortedException;
import com.google.api.gax.rpc.AlreadyExistsException;
import com.google.api.gax.rpc.NotFoundException;
import com.google.cloud.aiplatform.v1.AddContextArtifactsAndExecutionsRequest;
import com.google.cloud.aiplatform.v1.Artifact;
import com.google.cloud.aiplatform.v1.Context;
import com.google.cloud.aiplatform.v1.MetadataServiceClient;
import com.google.cloud.aiplatform.v1.MetadataStore;
import com.google.protobuf.FieldMask;
import com.google.protobuf.Struct;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** What is asked of MetadataService. Each call may be made again, whatever became of the first. */
final class MetadataCalls {
  private static final int TRIES = 5;

  private final MetadataServiceClient client;
  private final TrackingTarget target;

  MetadataCalls(MetadataServiceClient client, TrackingTarget target) {
    this.client = client;
    this.target = target;
  }

  /** Makes the project's store where there is none. */
  void ensureStore() throws Exception {
    try {
      client.getMetadataStore(target.store());
    } catch (NotFoundException _) {
      Operations.await(
          client.createMetadataStoreAsync(
              target.parent(), MetadataStore.getDefaultInstance(), "default"));
    }
  }

  /** The context of that id, made like this where there is none. */
  Context context(String id, Context wanted) {
    try {
      return client.getContext(target.store() + "/contexts/" + id);
    } catch (NotFoundException _) {
      return createContext(id, wanted);
    }
  }

  /** A context, if there is one of that name. */
  Optional<Context> find(String name) {
    try {
      return Optional.of(client.getContext(name));
    } catch (NotFoundException _) {
      return Optional.empty();
    }
  }

  private Context createContext(String id, Context wanted) {
    try {
      return client.createContext(target.store(), wanted, id);
    } catch (AlreadyExistsException _) {
      return client.getContext(target.store() + "/contexts/" + id);
    }
  }

  /**
   * Lays metadata over a context's own. Where somebody else has changed the context meanwhile, it
   * is read again, five times at most.
   *
   * @param further changes what else is to be changed
   */
  void update(String name, Struct metadata, UnaryOperator<Context.Builder> further) {
    for (int attempt = 1; ; attempt++) {
      Context known = client.getContext(name);
      Context.Builder changed =
          known.toBuilder().setMetadata(Structs.merge(known.getMetadata(), metadata));
      try {
        client.updateContext(further.apply(changed).build(), FieldMask.getDefaultInstance());
        return;
      } catch (AbortedException e) {
        if (attempt == TRIES) {
          throw e;
        }
      }
    }
  }

  /** Makes an artifact, or overwrites the one of that id, and puts it into a context. */
  void putArtifact(String id, Artifact artifact, String context) {
    String name = target.store() + "/artifacts/" + id;
    try {
      client.createArtifact(target.store(), artifact, id);
    } catch (AlreadyExistsException _) {
      client.updateArtifact(
          artifact.toBuilder().setName(name).build(), FieldMask.getDefaultInstance());
    }
    client.addContextArtifactsAndExecutions(
        AddContextArtifactsAndExecutionsRequest.newBuilder()
            .setContext(context)
            .addArtifacts(name)
            .build());
  }

  /** Puts a context below another. */
  void addChild(String parent, String child) {
    client.addContextChildren(parent, List.of(child));
  }
}

package io.fashionmnist.training.operator.backend.vertex;

import io.fashionmnist.training.api.v1alpha1.FashionTrainingJob;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.IndexerResourceCache;
import io.javaoperatorsdk.operator.processing.event.source.inbound.SimpleInboundEventSource;
import java.util.Objects;
import java.util.Optional;

/** Tells the reconciler that a custom job has changed. */
final class JobChanges extends SimpleInboundEventSource<FashionTrainingJob> {
  private volatile Optional<IndexerResourceCache<FashionTrainingJob>> resources = Optional.empty();

  /** Where the resources are cached. */
  void lookIn(IndexerResourceCache<FashionTrainingJob> cache) {
    resources = Optional.of(cache);
  }

  /** Whether the resource that an attempt belongs to is in the cache. */
  boolean knows(JobOwner owner) {
    return cached(owner).isPresent();
  }

  /** Whether an attempt is its resource's live one, by the cache. */
  boolean live(JobOwner owner) {
    return cached(owner)
        .filter(job -> Objects.equals(owner.attempt(), job.currentStatus().activeAttempt()))
        .isPresent();
  }

  private Optional<FashionTrainingJob> cached(JobOwner owner) {
    return resources
        .flatMap(cache -> cache.get(new ResourceID(owner.name(), owner.namespace())))
        .filter(job -> job.getMetadata().getUid().equals(owner.uid()));
  }

  /** Asks for a pass over the job that an attempt belongs to. */
  void tell(JobOwner owner) {
    if (isRunning()) {
      propagateEvent(new ResourceID(owner.name(), owner.namespace()));
    }
  }
}

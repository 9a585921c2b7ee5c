package io.fashionmnist.training.operator.registry;

import io.fashionmnist.training.api.v1alpha1.FashionTrainingJob;
import io.fashionmnist.training.operator.backend.vertex.JobOwner;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.inbound.SimpleInboundEventSource;

/** Tells the reconciler that the registry has answered. */
public final class RegistryNews extends SimpleInboundEventSource<FashionTrainingJob> {
  void tell(JobOwner owner) {
    if (isRunning()) {
      propagateEvent(new ResourceID(owner.name(), owner.namespace()));
    }
  }
}

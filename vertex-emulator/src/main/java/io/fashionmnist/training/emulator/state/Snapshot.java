package io.fashionmnist.training.emulator.state;

import io.fashionmnist.training.emulator.fault.FaultRule;
import io.fashionmnist.training.emulator.job.TrainingJob;
import io.fashionmnist.training.emulator.metadata.MetadataSnapshot;
import io.fashionmnist.training.emulator.model.ModelSnapshot;
import io.fashionmnist.training.emulator.quota.QuotaLimit;
import io.fashionmnist.training.emulator.tensorboard.TensorboardSnapshot;
import java.util.List;

/** All that is kept over a restart. What a file of an earlier version lacks is empty. */
public record Snapshot(
    List<TrainingJob> jobs,
    List<QuotaLimit> limits,
    List<FaultRule> faults,
    MetadataSnapshot metadata,
    TensorboardSnapshot tensorboards,
    ModelSnapshot models) {
  public Snapshot {
    metadata = metadata == null ? MetadataSnapshot.empty() : metadata;
    tensorboards = tensorboards == null ? TensorboardSnapshot.empty() : tensorboards;
    models = models == null ? ModelSnapshot.empty() : models;
  }
}

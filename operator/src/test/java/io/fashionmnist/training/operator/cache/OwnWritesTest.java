package io.fashionmnist.training.operator.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJob;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJobSpec;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJobStatus;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OwnWritesTest {
  private final OwnWrites writes = new OwnWrites();

  @Test
  void whatWasWrittenCountsUntilTheCacheHasIt() {
    FashionTrainingJob written = job("uid", 12);
    writes.add(written);

    assertThat(writes.newest(job("uid", 9)).getMetadata().getResourceVersion()).isEqualTo("12");
    FashionTrainingJob cached = job("uid", 13);
    assertThat(writes.newest(cached)).isSameAs(cached);
  }

  @Test
  void oneMadeAgainUnderItsNameIsAnother() {
    writes.add(job("first", 12));

    FashionTrainingJob other = job("second", 10);
    assertThat(writes.newest(other)).isSameAs(other);
  }

  @Test
  void nothingIsKeptThatACacheLeavesOut() {
    FashionTrainingJob written = job("uid", 12);
    written.getMetadata().setManagedFields(List.of(new ManagedFieldsEntry()));
    written.getMetadata().setAnnotations(Map.of("applied", "all of it once more"));
    written.setStatus(over());
    writes.add(written);

    FashionTrainingJob kept = writes.newest(job("uid", 9));

    assertThat(kept.getMetadata().getManagedFields()).isEmpty();
    assertThat(kept.getMetadata().getAnnotations()).isNullOrEmpty();
    assertThat(kept.currentStatus().training()).isNull();
    assertThat(written.currentStatus().training()).as("the answer itself stays").isNotNull();
    assertThat(written.getMetadata().getManagedFields()).hasSize(1);
  }

  private static FashionTrainingJobStatus over() {
    return Serialization.unmarshal(
        "phase: Succeeded\nattemptCount: 1\ntraining: {epoch: 3}\n",
        FashionTrainingJobStatus.class);
  }

  private static FashionTrainingJob job(String uid, int version) {
    FashionTrainingJob job = new FashionTrainingJob();
    job.setMetadata(
        new ObjectMetaBuilder()
            .withName("job")
            .withUid(uid)
            .withResourceVersion(Integer.toString(version))
            .build());
    job.setSpec(new FashionTrainingJobSpec(null, null, null, null, null, null, null, null, null));
    return job;
  }
}

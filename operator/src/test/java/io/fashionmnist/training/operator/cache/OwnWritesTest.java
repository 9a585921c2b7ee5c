package io.fashionmnist.training.operator.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJob;
import org.junit.jupiter.api.Test;

class OwnWritesTest {
  private final OwnWrites writes = new OwnWrites();

  @Test
  void whatWasWrittenCountsUntilTheCacheHasIt() {
    FashionTrainingJob written = job("uid", 12);
    writes.add(written);

    assertThat(writes.newest(job("uid", 9))).isSameAs(written);
    FashionTrainingJob cached = job("uid", 13);
    assertThat(writes.newest(cached)).isSameAs(cached);
  }

  @Test
  void oneMadeAgainUnderItsNameIsAnother() {
    writes.add(job("first", 12));

    FashionTrainingJob other = job("second", 10);
    assertThat(writes.newest(other)).isSameAs(other);
  }

  private static FashionTrainingJob job(String uid, int version) {
    FashionTrainingJob job = new FashionTrainingJob();
    job.setMetadata(
        new ObjectMetaBuilder()
            .withName("job")
            .withUid(uid)
            .withResourceVersion(Integer.toString(version))
            .build());
    return job;
  }
}

package io.fashionmnist.training.operator.cache;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJob;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What was written last to each resource, until the cache has it too: a pass that comes in between
 * would decide on what is over, and its write be refused.
 */
public final class OwnWrites {
  /** Far more than passes run at once; what is older, the cache has long seen. */
  private static final int KEPT = 1_024;

  private final Map<String, FashionTrainingJob> newest =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, FashionTrainingJob> eldest) {
          return size() > KEPT;
        }
      };

  /**
   * Remembers a resource as the API server has answered it, without what the cache leaves out too.
   */
  public synchronized void add(FashionTrainingJob written) {
    newest.put(written.getMetadata().getUid(), trimmed(written));
  }

  private static FashionTrainingJob trimmed(FashionTrainingJob written) {
    FashionTrainingJob copy = new FashionTrainingJob();
    copy.setMetadata(
        new ObjectMetaBuilder(written.getMetadata())
            .withManagedFields(List.of())
            .withAnnotations(Map.of())
            .build());
    copy.setSpec(written.getSpec());
    copy.setStatus(written.getStatus());
    return JobStore.trim(copy);
  }

  /** The newer of the cache's and the one written last. */
  public synchronized FashionTrainingJob newest(FashionTrainingJob cached) {
    FashionTrainingJob written = newest.get(cached.getMetadata().getUid());
    if (written == null) {
      return cached;
    }
    if (version(cached) < version(written)) {
      return written;
    }
    newest.remove(cached.getMetadata().getUid());
    return cached;
  }

  /** Versions of one resource grow, as numbers: see the API conventions, "resource versions". */
  private static long version(FashionTrainingJob job) {
    return Long.parseLong(job.getMetadata().getResourceVersion());
  }
}

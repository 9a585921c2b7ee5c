package io.fashionmnist.training.trainer.tracking;

import com.google.cloud.aiplatform.v1.Context;
import java.util.Map;
import java.util.Optional;

/** Ends the run of the attempt before, should that one not have done it. */
final class Closing {
  private final Optional<EarlierRun> earlier;
  private final int attempt;
  private boolean done;

  /**
   * @param attempt the number of this attempt: only an earlier one's run is over for sure
   */
  Closing(Optional<EarlierRun> earlier, int attempt) {
    this.earlier = earlier;
    this.attempt = attempt;
  }

  /** Does so once; after a failure it is to be asked again. */
  void close(MetadataCalls metadata) throws Exception {
    if (done || earlier.isEmpty()) {
      return;
    }
    Optional<RunIdentity> run =
        new IdentityFile(earlier.get().results())
            .read()
            .filter(identity -> identity.attempt() < attempt);
    if (run.isPresent()) {
      Optional<Context> context = metadata.find(run.get().context());
      if (context.filter(each -> unended(each, run.get())).isPresent()) {
        RunRecord.State state =
            earlier.get().suspended() ? RunRecord.State.CANCELLED : RunRecord.State.FAILED;
        metadata.update(
            run.get().context(),
            Structs.of(Map.of("_state", state.name())),
            changed ->
                changed.setDescription(
                    "ended without a word; attempt %d went on".formatted(attempt)));
      }
    }
    done = true;
  }

  private static boolean unended(Context context, RunIdentity run) {
    return context.getLabelsOrDefault(RunOpening.OWNER, "").equals(run.owner())
        && context
            .getMetadata()
            .getFieldsOrDefault("_state", com.google.protobuf.Value.getDefaultInstance())
            .getStringValue()
            .equals(RunRecord.State.RUNNING.name());
  }
}

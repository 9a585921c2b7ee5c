package io.fashionmnist.training.trainer.train;

import io.fashionmnist.training.api.training.EarlyStoppingConfig;
import io.fashionmnist.training.api.training.EpochMetrics;
import java.util.List;
import java.util.Optional;

/** Which epoch was the best, and whether it is time to stop; pure, by the validation loss. */
public record EarlyStopping(EarlyStoppingConfig config) {

  /** The last epoch that was better than all before it; empty before the first. */
  public Optional<EpochMetrics> best(List<EpochMetrics> history) {
    Optional<EpochMetrics> best = Optional.empty();
    for (EpochMetrics epoch : history) {
      if (best.isEmpty()
          || epoch.validationLoss() < best.get().validationLoss() - config.minDelta()) {
        best = Optional.of(epoch);
      }
    }
    return best;
  }

  /** Whether the best epoch lies so far back that training ends. */
  public boolean reached(List<EpochMetrics> history) {
    return config.patience() > 0
        && best(history)
            .map(best -> history.getLast().epoch() - best.epoch() >= config.patience())
            .orElse(false);
  }
}

package io.fashionmnist.training.operator.metric;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;

/** Counts and times the passes over jobs. */
public final class Passes {
  private final MeterRegistry registry;

  public Passes(MeterRegistry registry) {
    this.registry = registry;
  }

  /** A pass begins. */
  public Pass begin() {
    return new Pass(Timer.start(registry));
  }

  /** A pass that is under way. */
  public final class Pass {
    private final Timer.Sample sample;

    private Pass(Timer.Sample sample) {
      this.sample = sample;
    }

    /**
     * It is over.
     *
     * @param decision what was decided, one of a few words
     * @param result Done, Conflict, Gone or Error
     */
    public void end(String decision, String result) {
      sample.stop(
          Timer.builder("fashion.training.pass")
              .tags("decision", decision, "result", result)
              .serviceLevelObjectives(Buckets.PASS)
              .register(registry));
    }
  }
}

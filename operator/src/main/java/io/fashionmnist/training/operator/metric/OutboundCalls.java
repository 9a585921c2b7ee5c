package io.fashionmnist.training.operator.metric;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;

/** Counts and times what is asked of Google's services, each try by itself. */
public final class OutboundCalls {
  private final MeterRegistry registry;

  public OutboundCalls(MeterRegistry registry) {
    this.registry = registry;
  }

  /**
   * One call is over.
   *
   * @param service such as JobService
   * @param method such as CreateCustomJob
   * @param result OK, or the code of the failure, such as PERMISSION_DENIED
   */
  public void ended(String service, String method, String result, Duration took) {
    Timer.builder("fashion.training.outbound.call")
        .tags("service", service, "method", method, "result", result)
        .serviceLevelObjectives(Buckets.CALL)
        .register(registry)
        .record(took);
  }
}

package io.fashionmnist.training.operator.quota;

import io.fashionmnist.training.operator.metric.GaugeSource;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** What the ledger knows, as gauges. What is not known has no value. */
public final class QuotaGauges implements GaugeSource {
  private static final List<String> LABELS = List.of("project", "region", "metric");

  private final QuotaLedger ledger;
  private final InstantSource clock;

  public QuotaGauges(QuotaLedger ledger, InstantSource clock) {
    this.ledger = ledger;
    this.clock = clock;
  }

  @Override
  public List<Gauge> gauges() {
    List<QuotaState> all = ledger.snapshot();
    List<QuotaState> metrics =
        all.stream().filter(each -> QuotaDemand.isMetric(each.metric())).toList();
    List<QuotaState> shapes =
        all.stream().filter(each -> !QuotaDemand.isMetric(each.metric())).toList();
    Instant now = clock.instant();
    return List.of(
        gauge("limit", "Limit of a quota; +Inf: none.", metrics, QuotaGauges::limit),
        gauge(
            "usage",
            "Usage of a quota as Cloud Monitoring tells it, up to a day old.",
            metrics,
            each ->
                each.usage().isPresent()
                    ? Optional.of((double) each.usage().getAsLong())
                    : Optional.empty()),
        gauge(
            "reserved",
            "What this operator's attempts take of a quota.",
            metrics,
            each -> Optional.of((double) each.reserved())),
        gauge(
            "blocked",
            "1 while no job is tried there, for one was refused.",
            metrics,
            each -> blocked(each, now)),
        new Gauge(
            "fashion_training_machines_sold_out",
            "1 while no job is tried on machines of which the region had none left.",
            List.of("project", "region", "machine"),
            samples(shapes, each -> blocked(each, now))));
  }

  private static Gauge gauge(
      String name,
      String help,
      List<QuotaState> states,
      Function<QuotaState, Optional<Double>> of) {
    return new Gauge("fashion_training_quota_" + name, help, LABELS, samples(states, of));
  }

  private static List<Sample> samples(
      List<QuotaState> states, Function<QuotaState, Optional<Double>> of) {
    return states.stream()
        .flatMap(
            each ->
                of.apply(each).stream()
                    .map(
                        value ->
                            new Sample(
                                List.of(
                                    each.scope().project(), each.scope().region(), each.metric()),
                                value)))
        .toList();
  }

  private static Optional<Double> limit(QuotaState state) {
    return switch (state.limit()) {
      case Limit.Of(long amount) -> Optional.of((double) amount);
      case Limit.Unlimited _ -> Optional.of(Double.POSITIVE_INFINITY);
      case Limit.Unknown _ -> Optional.empty();
    };
  }

  private static Optional<Double> blocked(QuotaState state, Instant now) {
    return Optional.of(
        state.blockedUntil().filter(until -> until.isAfter(now)).isPresent() ? 1.0 : 0.0);
  }
}

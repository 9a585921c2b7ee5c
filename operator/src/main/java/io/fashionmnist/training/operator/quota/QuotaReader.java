package io.fashionmnist.training.operator.quota;

import com.google.api.cloudquotas.v1.QuotaInfo;
import com.google.api.gax.rpc.ApiException;
import com.google.monitoring.v3.ListTimeSeriesRequest;
import com.google.monitoring.v3.TimeSeries;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;

/**
 * Tells the ledger what limits and usage are, now and then, on a thread of its own: no pass ever
 * waits for it. What can't be read is unknown, which blocks nobody; why is logged once.
 *
 * <p>Limits need {@code roles/cloudquotas.viewer}, usage {@code
 * roles/serviceusage.serviceUsageViewer} on the project.
 */
public final class QuotaReader {
  private static final Logger LOG = Logger.getLogger(QuotaReader.class);
  private static final String LIMITS = "limits of %s (roles/cloudquotas.viewer)";
  private static final String USAGE = "quota usage of %s (roles/serviceusage.serviceUsageViewer)";

  /** Where it is read. */
  public interface Source {
    /** The training quotas of a project. */
    List<QuotaInfo> limits(String project) throws IOException;

    /** The answer of Cloud Monitoring. */
    List<TimeSeries> usage(ListTimeSeriesRequest question) throws IOException;
  }

  /** A project's limits as they were read; empty when they could not be. */
  private record Reading(Instant time, Optional<List<QuotaInfo>> infos) {}

  private record Use(QuotaScope scope, String metric) {}

  private interface Read<T> {
    T get() throws IOException;
  }

  private final Source source;
  private final QuotaLedger ledger;
  private final InstantSource clock;
  private final Duration interval;
  private final Map<String, Reading> readings = new ConcurrentHashMap<>();
  private final Map<Use, Instant> usages = new HashMap<>();
  private final Map<String, String> causes = new HashMap<>();

  /**
   * @param interval how long a reading holds
   */
  public QuotaReader(Source source, QuotaLedger ledger, InstantSource clock, Duration interval) {
    this.source = source;
    this.ledger = ledger;
    this.clock = clock;
    this.interval = interval;
  }

  /**
   * Reads what is due. Called every few seconds by one thread.
   *
   * @param wanted the metrics that jobs take, by where
   */
  public synchronized void refresh(Map<QuotaScope, Set<String>> wanted) {
    wanted.forEach(
        (scope, metrics) -> {
          ledger.limits(
              scope,
              reading(scope.project())
                  .infos()
                  .map(infos -> QuotaInfos.limits(infos, scope.region()))
                  .orElse(Map.of()));
          metrics.forEach(metric -> readUsage(new Use(scope, metric)));
        });
  }

  /** The names of a project's training metrics; none while they are not known. */
  public Set<String> metrics(String project) {
    return Optional.ofNullable(readings.get(project))
        .flatMap(Reading::infos)
        .map(QuotaInfos::metrics)
        .orElse(Set.of());
  }

  private Reading reading(String project) {
    Instant now = clock.instant();
    Reading known = readings.get(project);
    if (known != null && known.time().plus(interval).isAfter(now)) {
      return known;
    }
    Reading fresh = new Reading(now, read(LIMITS.formatted(project), () -> source.limits(project)));
    readings.put(project, fresh);
    return fresh;
  }

  private void readUsage(Use use) {
    Instant now = clock.instant();
    Instant last = usages.get(use);
    if (last != null && last.plus(interval).isAfter(now)) {
      return;
    }
    usages.put(use, now);
    var question = QuotaUsage.question(use.scope(), use.metric(), now);
    ledger.usage(
        use.scope(),
        use.metric(),
        read(USAGE.formatted(use.scope().project()), () -> source.usage(question))
            .map(series -> OptionalLong.of(QuotaUsage.answer(series)))
            .orElse(OptionalLong.empty()));
  }

  private <T> Optional<T> read(String what, Read<T> read) {
    try {
      T value = read.get();
      causes.remove(what);
      return Optional.of(value);
    } catch (ApiException e) {
      unreadable(what, e.getStatusCode().getCode().name(), e);
    } catch (IOException e) {
      unreadable(what, String.valueOf(e.getMessage()), e);
    }
    return Optional.empty();
  }

  private void unreadable(String what, String cause, Exception e) {
    if (!cause.equals(causes.put(what, cause))) {
      LOG.warnf("Could not read the %s, so that nothing is known of it: %s", what, e.getMessage());
    }
  }
}

package io.fashionmnist.training.operator.quota;

import com.google.monitoring.v3.Aggregation;
import com.google.monitoring.v3.ListTimeSeriesRequest;
import com.google.monitoring.v3.TimeInterval;
import com.google.monitoring.v3.TimeSeries;
import com.google.protobuf.Duration;
import com.google.protobuf.Timestamp;
import java.time.Instant;
import java.util.Collection;

/**
 * The question of how much of a quota is in use, and its answer. Pure. A value may be a day old: it
 * advises.
 *
 * @see <a href="https://cloud.google.com/monitoring/alerts/using-quota-metrics">Quota metrics</a>
 */
final class QuotaUsage {
  /** A value that does not change is repeated once a day. */
  private static final java.time.Duration WINDOW = java.time.Duration.ofHours(25);

  private QuotaUsage() {}

  static ListTimeSeriesRequest question(QuotaScope scope, String metric, Instant now) {
    return ListTimeSeriesRequest.newBuilder()
        .setName("projects/" + scope.project())
        .setFilter(
            ("metric.type=\"serviceruntime.googleapis.com/quota/allocation/usage\""
                    + " AND resource.type=\"consumer_quota\""
                    + " AND metric.label.quota_metric=\"%s%s\""
                    + " AND resource.label.project_id=\"%s\""
                    + " AND resource.label.location=\"%s\""
                    + " AND resource.label.service=\"aiplatform.googleapis.com\"")
                .formatted(QuotaInfos.SERVICE, metric, scope.project(), scope.region()))
        .setInterval(
            TimeInterval.newBuilder()
                .setStartTime(timestamp(now.minus(WINDOW)))
                .setEndTime(timestamp(now)))
        .setAggregation(
            Aggregation.newBuilder()
                .setAlignmentPeriod(Duration.newBuilder().setSeconds(60))
                .setPerSeriesAligner(Aggregation.Aligner.ALIGN_NEXT_OLDER))
        .setView(ListTimeSeriesRequest.TimeSeriesView.FULL)
        .build();
  }

  /**
   * The newest value, of several series the largest; where nothing was counted, nothing is used.
   */
  static long answer(Collection<TimeSeries> series) {
    return series.stream()
        .filter(each -> each.getPointsCount() > 0)
        // Points come newest first.
        .mapToLong(each -> each.getPoints(0).getValue().getInt64Value())
        .max()
        .orElse(0);
  }

  private static Timestamp timestamp(Instant instant) {
    return Timestamp.newBuilder().setSeconds(instant.getEpochSecond()).build();
  }
}

package io.fashionmnist.training.emulator.service;

import com.google.api.Metric;
import com.google.api.MonitoredResource;
import com.google.monitoring.v3.ListTimeSeriesRequest;
import com.google.monitoring.v3.ListTimeSeriesResponse;
import com.google.monitoring.v3.MetricServiceGrpc;
import com.google.monitoring.v3.Point;
import com.google.monitoring.v3.TimeInterval;
import com.google.monitoring.v3.TimeSeries;
import com.google.monitoring.v3.TypedValue;
import com.google.protobuf.Timestamp;
import io.fashionmnist.training.emulator.error.ApiException;
import io.fashionmnist.training.emulator.error.ServiceTexts;
import io.fashionmnist.training.emulator.fault.Call;
import io.fashionmnist.training.emulator.filter.Compare;
import io.fashionmnist.training.emulator.filter.Filter;
import io.fashionmnist.training.emulator.filter.FilterException;
import io.fashionmnist.training.emulator.filter.FilterParser;
import io.fashionmnist.training.emulator.job.JobScheduler;
import io.fashionmnist.training.emulator.job.Projects;
import io.fashionmnist.training.emulator.job.Times;
import io.fashionmnist.training.emulator.quota.Consumer;
import io.fashionmnist.training.emulator.quota.QuotaBook;
import io.grpc.stub.StreamObserver;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;

/**
 * {@code google.monitoring.v3.MetricService}, for one metric: what is held of each quota. Nothing
 * held has no series, and the one point is the last full minute's.
 */
public final class UsageMetrics extends MetricServiceGrpc.MetricServiceImplBase {
  private static final String TYPE = "serviceruntime.googleapis.com/quota/allocation/usage";

  private final CallDesk desk;
  private final QuotaBook quota;
  private final JobScheduler jobs;
  private final Projects projects;
  private final InstantSource clock;

  /** With where calls pass and what is held. */
  public UsageMetrics(
      CallDesk desk, QuotaBook quota, JobScheduler jobs, Projects projects, InstantSource clock) {
    this.desk = desk;
    this.quota = quota;
    this.jobs = jobs;
    this.projects = projects;
    this.clock = clock;
  }

  @Override
  public void listTimeSeries(
      ListTimeSeriesRequest request, StreamObserver<ListTimeSeriesResponse> out) {
    Requests.parse(
        out,
        () -> project(request.getName()),
        project ->
            desk.answer(
                new Call("ListTimeSeries", project, "global"), out, _ -> series(project, request)));
  }

  private ListTimeSeriesResponse series(String project, ListTimeSeriesRequest request) {
    if (!request.hasInterval() || !request.getInterval().hasEndTime()) {
      throw ApiException.invalidArgument("Field interval.endTime had an invalid value: required.");
    }
    jobs.tick();
    Timestamp minute = Times.timestamp(clock.instant().truncatedTo(ChronoUnit.MINUTES));
    ListTimeSeriesResponse.Builder response = ListTimeSeriesResponse.newBuilder();
    try {
      Filter filter = FilterParser.parse(request.getFilter());
      for (Consumer consumer : quota.consumers()) {
        if (consumer.project().equals(projects.number(project))) {
          quota
              .usage(consumer)
              .forEach(
                  (metric, value) -> {
                    TimeSeries series = series(project, consumer, metric, value, minute);
                    if (filter.matches((f, o, v) -> compare(series, f, o, v))) {
                      response.addTimeSeries(series);
                    }
                  });
        }
      }
    } catch (FilterException e) {
      throw ApiException.invalidArgument("Field filter had an invalid value: " + e.getMessage());
    }
    return response.build();
  }

  private static TimeSeries series(
      String project, Consumer consumer, String metric, long value, Timestamp at) {
    return TimeSeries.newBuilder()
        .setMetric(
            Metric.newBuilder()
                .setType(TYPE)
                .putLabels("quota_metric", ServiceTexts.METRIC_PREFIX + metric))
        .setResource(
            MonitoredResource.newBuilder()
                .setType("consumer_quota")
                .putLabels("project_id", project)
                .putLabels("location", consumer.region())
                .putLabels("service", "aiplatform.googleapis.com"))
        .addPoints(
            Point.newBuilder()
                .setInterval(TimeInterval.newBuilder().setStartTime(at).setEndTime(at))
                .setValue(TypedValue.newBuilder().setInt64Value(value)))
        .build();
  }

  private static boolean compare(
      TimeSeries series, String field, Filter.Operator operator, String value) {
    String[] parts = field.split("\\.", 3);
    boolean label = parts.length == 3 && parts[1].matches("labels?");
    if (label && parts[0].equals("metric")) {
      return Compare.text(series.getMetric().getLabelsOrDefault(parts[2], ""), operator, value);
    }
    if (label && parts[0].equals("resource")) {
      return Compare.text(series.getResource().getLabelsOrDefault(parts[2], ""), operator, value);
    }
    return switch (field) {
      case "metric.type" -> Compare.text(series.getMetric().getType(), operator, value);
      case "resource.type" -> Compare.text(series.getResource().getType(), operator, value);
      case "project" ->
          Compare.text(series.getResource().getLabelsOrDefault("project_id", ""), operator, value);
      default -> throw new FilterException("the field \"" + field + "\" is unknown");
    };
  }

  private static String project(String name) {
    if (!name.matches("projects/[^/]+")) {
      throw ApiException.invalidArgument("Name must begin with 'projects/': " + name);
    }
    return name.substring("projects/".length());
  }
}

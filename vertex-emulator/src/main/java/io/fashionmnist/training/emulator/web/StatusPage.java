package io.fashionmnist.training.emulator.web;

import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.server.annotation.Blocking;
import com.linecorp.armeria.server.annotation.Get;
import io.fashionmnist.training.emulator.fault.FaultPlan;
import io.fashionmnist.training.emulator.fault.FaultRule;
import io.fashionmnist.training.emulator.job.JobScheduler;
import io.fashionmnist.training.emulator.job.TrainingJob;
import io.fashionmnist.training.emulator.quota.Consumer;
import io.fashionmnist.training.emulator.quota.QuotaBook;
import io.fashionmnist.training.emulator.quota.QuotaLimit;
import io.fashionmnist.training.emulator.service.CallLog;
import io.fashionmnist.training.emulator.service.CallLog.CallCount;
import java.util.List;
import java.util.Map;

/** The page at {@code /}: jobs, quota, faults and calls, anew every two seconds. */
@Blocking
public final class StatusPage {
  private static final String HEAD =
      """
      <!doctype html><html lang="en"><meta charset="utf-8"><meta http-equiv="refresh" content="2">
      <meta name="viewport" content="width=device-width"><title>Vertex AI emulator</title>
      <style>body{font:14px system-ui,sans-serif;margin:2em;color:#222}h2{margin:1.5em 0 .3em}
      table{border-collapse:collapse}th,td{text-align:left;padding:.25em 1.2em .25em 0;border-bottom:1px solid #ddd}
      </style><h1>Vertex AI emulator</h1>
      """;

  private final JobScheduler jobs;
  private final QuotaBook quota;
  private final FaultPlan faults;
  private final CallLog calls;

  /** With what it shows. */
  public StatusPage(JobScheduler jobs, QuotaBook quota, FaultPlan faults, CallLog calls) {
    this.jobs = jobs;
    this.quota = quota;
    this.faults = faults;
    this.calls = calls;
  }

  /** The page. */
  @Get("/")
  public HttpResponse page() {
    HtmlTable table = new HtmlTable(HEAD);
    table.begin("Jobs", "Job", "Name", "Region", "State", "Created", "Error");
    for (TrainingJob job : jobs.jobs().reversed()) {
      table.link("/admin/jobs/" + job.id() + "/log", job.id());
      table.row(
          job.resource().getDisplayName(),
          job.consumer().region(),
          job.resource().getState().name().replace("JOB_STATE_", ""),
          job.createdAt().toString(),
          job.resource().getError().getMessage());
    }
    table.begin("Held", "Project", "Region", "Metric", "Held", "Limit");
    for (Consumer consumer : quota.consumers()) {
      for (Map.Entry<String, Long> held : quota.usage(consumer).entrySet()) {
        table.row(
            consumer.project(),
            consumer.region(),
            held.getKey(),
            held.getValue().toString(),
            limit(consumer.region(), held.getKey()));
      }
    }
    table.begin("Limits", "Region", "Metric", "Limit");
    for (QuotaLimit limit : quota.limits()) {
      table.row(limit.region(), limit.metric(), String.valueOf(limit.value()));
    }
    table.begin("Faults", "Name", "Fault", "Call", "Region", "Left");
    List<FaultRule> rules = faults.rules();
    for (FaultRule rule : rules) {
      table.row(
          rule.name(),
          rule.fault().kind().text(),
          rule.call(),
          rule.region().orElse("*"),
          rule.count().isPresent() ? String.valueOf(rule.count().getAsInt()) : "");
    }
    table.begin("Calls", "Method", "Region", "Answer", "Count");
    for (CallCount count : calls.counts()) {
      table.row(count.method(), count.region(), count.code(), String.valueOf(count.count()));
    }
    return HttpResponse.of(MediaType.HTML_UTF_8, table.end());
  }

  private String limit(String region, String metric) {
    var limit = quota.limit(region, metric);
    return limit.isPresent() ? String.valueOf(limit.getAsLong()) : "";
  }
}

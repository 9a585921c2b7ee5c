package io.fashionmnist.training.emulator.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fashionmnist.training.emulator.fault.FaultRule;
import io.fashionmnist.training.emulator.job.TrainingJob;
import io.fashionmnist.training.emulator.quota.Consumer;
import io.fashionmnist.training.emulator.quota.OverQuota;
import io.fashionmnist.training.emulator.quota.QuotaBook;
import io.fashionmnist.training.emulator.quota.QuotaLimit;
import io.fashionmnist.training.emulator.service.CallLog.CallCount;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What the administration answers. */
final class AdminJson {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private AdminJson() {}

  static ObjectNode quotas(QuotaBook quota, OverQuota overQuota) {
    ObjectNode body = JSON.objectNode();
    body.put("overQuota", overQuota.name().toLowerCase(Locale.ROOT));
    ObjectNode limits = body.putObject("limits");
    for (QuotaLimit limit : quota.limits()) {
      limits.withObjectProperty(limit.region()).put(limit.metric(), limit.value());
    }
    ArrayNode usage = body.putArray("usage");
    for (Consumer consumer : quota.consumers()) {
      ObjectNode entry = usage.addObject();
      entry.put("project", consumer.project());
      entry.put("region", consumer.region());
      ObjectNode metrics = entry.putObject("metrics");
      quota.usage(consumer).forEach(metrics::put);
    }
    return body;
  }

  static ArrayNode faults(List<FaultRule> rules) {
    ArrayNode body = JSON.arrayNode();
    rules.forEach(rule -> body.add(fault(rule)));
    return body;
  }

  static ObjectNode fault(FaultRule rule) {
    ObjectNode body = JSON.objectNode();
    body.put("name", rule.name());
    body.put("fault", rule.fault().kind().text());
    body.put("call", rule.call());
    rule.region().ifPresent(region -> body.put("region", region));
    rule.project().ifPresent(project -> body.put("project", project));
    rule.metric().ifPresent(metric -> body.put("metric", metric));
    body.put("probability", rule.probability());
    rule.count().ifPresent(count -> body.put("count", count));
    if (rule.fault().delay().isPositive()) {
      body.put("delay", rule.fault().delay().toMillis() + "ms");
    }
    rule.fault().code().ifPresent(code -> body.put("code", code.name()));
    rule.fault().message().ifPresent(message -> body.put("message", message));
    return body;
  }

  static ArrayNode jobs(List<TrainingJob> jobs) {
    ArrayNode body = JSON.arrayNode();
    for (TrainingJob job : jobs) {
      ObjectNode entry = body.addObject();
      entry.put("id", job.id());
      entry.put("name", job.resource().getName());
      entry.put("displayName", job.resource().getDisplayName());
      entry.put("region", job.consumer().region());
      entry.put("state", job.resource().getState().name());
      entry.put("createTime", job.createdAt().toString());
      entry.put("admitted", job.admittedAt().isPresent());
      entry.put("restarts", job.restart());
      if (job.resource().hasError()) {
        entry
            .putObject("error")
            .put("code", job.resource().getError().getCode())
            .put("message", job.resource().getError().getMessage());
      }
      ObjectNode demand = entry.putObject("demand");
      job.demand().amounts().forEach(demand::put);
      entry.set("labels", texts(job.resource().getLabelsMap()));
      ArrayNode faults = entry.putArray("faults");
      job.faults().forEach(fault -> faults.add(fault.kind().text()));
    }
    return body;
  }

  static ArrayNode calls(List<CallCount> counts) {
    ArrayNode body = JSON.arrayNode();
    for (CallCount count : counts) {
      body.addObject()
          .put("method", count.method())
          .put("region", count.region())
          .put("code", count.code())
          .put("count", count.count());
    }
    return body;
  }

  static ObjectNode texts(Map<String, String> texts) {
    ObjectNode body = JSON.objectNode();
    texts.forEach(body::put);
    return body;
  }
}

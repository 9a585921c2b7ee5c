package io.fashionmnist.training.emulator.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.google.cloud.aiplatform.v1.JobState;
import com.google.rpc.Code;
import com.google.rpc.Status;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.server.annotation.Blocking;
import com.linecorp.armeria.server.annotation.Default;
import com.linecorp.armeria.server.annotation.Delete;
import com.linecorp.armeria.server.annotation.Get;
import com.linecorp.armeria.server.annotation.Param;
import com.linecorp.armeria.server.annotation.Post;
import com.linecorp.armeria.server.annotation.Put;
import io.fashionmnist.training.emulator.StandingClock;
import io.fashionmnist.training.emulator.config.SettingsException;
import io.fashionmnist.training.emulator.config.SettingsReader;
import io.fashionmnist.training.emulator.executor.Run;
import io.fashionmnist.training.emulator.fault.FaultPlan;
import io.fashionmnist.training.emulator.fault.FaultRule;
import io.fashionmnist.training.emulator.job.Admission;
import io.fashionmnist.training.emulator.job.Buckets;
import io.fashionmnist.training.emulator.job.JobEvent;
import io.fashionmnist.training.emulator.job.JobScheduler;
import io.fashionmnist.training.emulator.quota.OverQuota;
import io.fashionmnist.training.emulator.quota.QuotaBook;
import io.fashionmnist.training.emulator.service.CallLog;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/** The administration, below {@code /admin}. */
@Blocking
public final class AdminApi {
  private final QuotaBook quota;
  private final FaultPlan faults;
  private final JobScheduler jobs;
  private final CallLog calls;
  private final Buckets buckets;
  private final InstantSource clock;

  /** With what it looks at and changes. */
  public AdminApi(
      QuotaBook quota,
      FaultPlan faults,
      JobScheduler jobs,
      CallLog calls,
      Buckets buckets,
      InstantSource clock) {
    this.quota = quota;
    this.faults = faults;
    this.jobs = jobs;
    this.calls = calls;
    this.buckets = buckets;
    this.clock = clock;
  }

  /** Limits, what is held, and what happens to jobs over quota. */
  @Get("/admin/quotas")
  public HttpResponse quotas() {
    return json(AdminJson.quotas(quota, jobs.admission().overQuota()));
  }

  /** Sets limits: {@code {region: {metric: limit}}}; others stay. */
  @Put("/admin/quotas")
  public HttpResponse setQuotas(String body) {
    return change(
        () -> {
          SettingsReader.quotas(body).forEach(quota::setLimit);
          return quotas();
        });
  }

  /** Forgets a limit. */
  @Delete("/admin/quotas/{region}/{metric}")
  public HttpResponse removeQuota(@Param String region, @Param String metric) {
    return change(
        () -> {
          quota.removeLimit(region, metric);
          return quotas();
        });
  }

  /** Sets what happens to jobs over quota: {@code reject}, {@code fail} or {@code queue}. */
  @Put("/admin/over-quota/{way}")
  public HttpResponse setOverQuota(@Param String way) {
    Optional<OverQuota> known =
        Arrays.stream(OverQuota.values())
            .filter(value -> value.name().equals(way.toUpperCase(Locale.ROOT)))
            .findFirst();
    if (known.isEmpty()) {
      return refuse(HttpStatus.BAD_REQUEST, "the way must be reject, fail or queue");
    }
    jobs.admission(new Admission(known.get(), jobs.admission().failsAfter()));
    return quotas();
  }

  /** Rules of faults, with what is left of their counts. */
  @Get("/admin/faults")
  public HttpResponse faults() {
    return json(AdminJson.faults(faults.rules()));
  }

  /** Adds a rule, or replaces the one of its name. */
  @Post("/admin/faults")
  public HttpResponse addFault(String body) {
    return change(
        () -> {
          FaultRule rule = SettingsReader.fault(body);
          faults.add(rule);
          return json(AdminJson.fault(rule));
        });
  }

  /** Removes all rules. */
  @Delete("/admin/faults")
  public HttpResponse clearFaults() {
    return change(
        () -> {
          faults.clear();
          return faults();
        });
  }

  /** Removes a rule. */
  @Delete("/admin/faults/{name}")
  public HttpResponse removeFault(@Param String name) {
    return change(
        () ->
            faults.remove(name)
                ? faults()
                : refuse(HttpStatus.NOT_FOUND, "no fault is named " + name));
  }

  /** All jobs, with what clients do not see. */
  @Get("/admin/jobs")
  public HttpResponse jobs() {
    return json(AdminJson.jobs(jobs.jobs()));
  }

  /** What a job wrote. */
  @Get("/admin/jobs/{id}/log")
  public HttpResponse log(@Param String id) {
    Optional<Run> run = jobs.run(id);
    return run.map(found -> HttpResponse.of(MediaType.PLAIN_TEXT_UTF_8, found.log()))
        .orElseGet(() -> refuse(HttpStatus.NOT_FOUND, "no log of a job " + id));
  }

  /** Forces a state, such as {@code FAILED}, with an error; or {@code PREEMPTED}. */
  @Post("/admin/jobs/{id}/state/{state}")
  public HttpResponse force(
      @Param String id,
      @Param String state,
      @Param @Default("0") int code,
      @Param @Default("") String message) {
    String name = state.toUpperCase(Locale.ROOT);
    if (name.equals("PREEMPTED")) {
      return jobs.preempt(id) ? jobs() : refuse(HttpStatus.NOT_FOUND, "no job " + id);
    }
    Optional<JobState> known =
        Arrays.stream(JobState.values())
            .filter(value -> value.name().equals("JOB_STATE_" + name.replace("JOB_STATE_", "")))
            .findFirst();
    if (known.isEmpty() || Code.forNumber(code) == null) {
      return refuse(HttpStatus.BAD_REQUEST, "no JobState or no google.rpc.Code");
    }
    Status error = Status.newBuilder().setCode(code).setMessage(message).build();
    return jobs.happen(id, new JobEvent.Forced(clock.instant(), known.get(), error))
        ? jobs()
        : refuse(HttpStatus.NOT_FOUND, "no job " + id);
  }

  /** Counts of calls by method, region and outcome. */
  @Get("/admin/calls")
  public HttpResponse calls() {
    return json(AdminJson.calls(calls.counts()));
  }

  /** Begins counting at zero. */
  @Delete("/admin/calls")
  public HttpResponse clearCalls() {
    calls.clear();
    return calls();
  }

  /** The time. */
  @Get("/admin/clock")
  public HttpResponse clock() {
    return json(TextNode.valueOf(clock.instant().toString()));
  }

  /** Sets a time that stands; what was to happen until then has happened. */
  @Put("/admin/clock/{time}")
  public HttpResponse setClock(@Param String time) {
    if (!(clock instanceof StandingClock standing)) {
      return refuse(
          HttpStatus.CONFLICT, "the time is the machine's; start with a setting clock: TIME");
    }
    try {
      standing.set(Instant.parse(time));
    } catch (DateTimeParseException e) {
      return refuse(HttpStatus.BAD_REQUEST, time + " must be a time such as 2026-01-01T00:00:00Z");
    }
    jobs.tick();
    return clock();
  }

  /** Where buckets are, as far as that was told. */
  @Get("/admin/buckets")
  public HttpResponse buckets() {
    return json(AdminJson.texts(buckets.locations()));
  }

  /** Tells where a bucket is. */
  @Put("/admin/buckets/{bucket}/{location}")
  public HttpResponse setBucket(@Param String bucket, @Param String location) {
    buckets.put(bucket, location);
    return buckets();
  }

  private HttpResponse change(Supplier<HttpResponse> work) {
    try {
      HttpResponse response = work.get();
      jobs.changed();
      return response;
    } catch (SettingsException e) {
      return refuse(HttpStatus.BAD_REQUEST, e.getMessage());
    }
  }

  private static HttpResponse json(JsonNode body) {
    return HttpResponse.of(MediaType.JSON_UTF_8, body.toPrettyString() + "\n");
  }

  private static HttpResponse refuse(HttpStatus status, String message) {
    return HttpResponse.of(status, MediaType.PLAIN_TEXT_UTF_8, message + "\n");
  }
}

package io.fashionmnist.training.operator.backend.vertex;

import com.google.api.gax.rpc.UnaryCallable;
import com.google.cloud.aiplatform.v1.CancelCustomJobRequest;
import com.google.cloud.aiplatform.v1.CreateCustomJobRequest;
import com.google.cloud.aiplatform.v1.CustomJob;
import com.google.cloud.aiplatform.v1.DeleteCustomJobRequest;
import com.google.cloud.aiplatform.v1.GetCustomJobRequest;
import com.google.cloud.aiplatform.v1.JobServiceClient;
import com.google.cloud.aiplatform.v1.ListCustomJobsRequest;
import com.google.protobuf.FieldMask;
import io.fashionmnist.training.operator.metric.OutboundCalls;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Vertex AI's job service. Each call has a deadline and blocks its caller, who is on a virtual
 * thread; a region that is slow holds up no other. Whatever fails is a {@link VertexCallException}.
 *
 * @see <a
 *     href="https://github.com/googleapis/googleapis/blob/master/google/cloud/aiplatform/v1/job_service.proto">job_service.proto</a>
 */
public final class VertexApi implements JobCalls {
  /** The longest that a create may take: who looks later than that sees what became of it. */
  public static final Duration CREATE_TIME = Duration.ofSeconds(20);

  private static final Duration CALL_TIME = JobServices.READ_TIME;

  /** The service names no largest page; one that it finds too large it makes smaller. */
  private static final int PAGE = 1_000;

  /** A list shows how jobs stand; what they were made of nobody asks. */
  private static final FieldMask LISTED =
      FieldMask.newBuilder()
          .addPaths("name")
          .addPaths("display_name")
          .addPaths("state")
          .addPaths("create_time")
          .addPaths("start_time")
          .addPaths("end_time")
          .addPaths("update_time")
          .addPaths("error")
          .addPaths("labels")
          .build();

  private final JobServices services;
  private final RegionCalls calls = new RegionCalls();

  /**
   * @param localEndpoint host:port of a server in plain text that needs no credentials, instead of
   *     Google's
   * @param calls is told of each call
   */
  public VertexApi(Optional<String> localEndpoint, OutboundCalls calls) {
    services = new JobServices(localEndpoint, calls);
  }

  @Override
  public CustomJob create(VertexRegion region, CustomJob job, Duration within) {
    var request =
        CreateCustomJobRequest.newBuilder().setParent(region.parent()).setCustomJob(job).build();
    Duration time = within.compareTo(CREATE_TIME) < 0 ? within : CREATE_TIME;
    return call(region, time, request, JobServiceClient::createCustomJobCallable);
  }

  @Override
  public Optional<CustomJob> get(VertexRegion region, String name) {
    var request = GetCustomJobRequest.newBuilder().setName(name).build();
    return RegionCalls.unlessGone(
        () -> call(region, CALL_TIME, request, JobServiceClient::getCustomJobCallable));
  }

  @Override
  public List<CustomJob> list(VertexRegion region, String filter) {
    List<CustomJob> all = new ArrayList<>();
    var request =
        ListCustomJobsRequest.newBuilder()
            .setParent(region.parent())
            .setFilter(filter)
            .setPageSize(PAGE)
            .setReadMask(LISTED);
    do {
      var page = call(region, CALL_TIME, request.build(), JobServiceClient::listCustomJobsCallable);
      all.addAll(page.getCustomJobsList());
      request.setPageToken(page.getNextPageToken());
    } while (!request.getPageToken().isEmpty());
    return all;
  }

  @Override
  public void cancel(VertexRegion region, String name) {
    var request = CancelCustomJobRequest.newBuilder().setName(name).build();
    RegionCalls.unlessGone(
        () -> call(region, CALL_TIME, request, JobServiceClient::cancelCustomJobCallable));
  }

  @Override
  public void delete(VertexRegion region, String name) {
    var request = DeleteCustomJobRequest.newBuilder().setName(name).build();
    RegionCalls.unlessGone(
        () -> call(region, CALL_TIME, request, JobServiceClient::deleteCustomJobCallable));
  }

  @Override
  public void close() {
    services.close();
  }

  private <Q, A> A call(
      VertexRegion region,
      Duration time,
      Q request,
      Function<JobServiceClient, UnaryCallable<Q, A>> method) {
    return calls.call(region, time, request, () -> method.apply(services.in(region.region())));
  }
}

package io.fashionmnist.training.operator.backend.vertex;

import com.google.cloud.aiplatform.v1.CancelCustomJobRequest;
import com.google.cloud.aiplatform.v1.CreateCustomJobRequest;
import com.google.cloud.aiplatform.v1.CustomJob;
import com.google.cloud.aiplatform.v1.GetCustomJobRequest;
import com.google.cloud.aiplatform.v1.JobServiceGrpc;
import com.google.cloud.aiplatform.v1.ListCustomJobsRequest;
import com.google.cloud.aiplatform.v1.ListCustomJobsResponse;
import com.google.protobuf.Empty;
import io.grpc.Context;
import io.grpc.Grpc;
import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.TimeUnit;

/** JobService on a real port: pages of two, failures in the order they were asked for. */
final class FakeJobService extends JobServiceGrpc.JobServiceImplBase implements AutoCloseable {
  final List<CustomJob> jobs = new ArrayList<>();
  final List<ListCustomJobsRequest> lists = new ArrayList<>();
  final List<String> cancelled = new ArrayList<>();
  final Queue<Status> failures = new ArrayDeque<>();
  boolean silent;
  int calls;
  Optional<Duration> timeGiven = Optional.empty();
  private final Server server;

  FakeJobService() {
    try {
      server =
          Grpc.newServerBuilderForPort(0, InsecureServerCredentials.create())
              .addService(this)
              .build()
              .start();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  String endpoint() {
    return "localhost:" + server.getPort();
  }

  @Override
  public synchronized void createCustomJob(
      CreateCustomJobRequest request, StreamObserver<CustomJob> out) {
    CustomJob job =
        request.getCustomJob().toBuilder()
            .setName("projects/123/locations/r/customJobs/" + (jobs.size() + 1))
            .build();
    if (!failed(out)) {
      jobs.add(job);
      answer(out, job);
    }
  }

  @Override
  public synchronized void getCustomJob(
      GetCustomJobRequest request, StreamObserver<CustomJob> out) {
    if (failed(out)) {
      return;
    }
    jobs.stream()
        .filter(job -> JobNames.id(job.getName()).equals(JobNames.id(request.getName())))
        .findFirst()
        .ifPresentOrElse(
            job -> answer(out, job),
            () -> out.onError(Status.NOT_FOUND.withDescription("gone").asRuntimeException()));
  }

  @Override
  public synchronized void listCustomJobs(
      ListCustomJobsRequest request, StreamObserver<ListCustomJobsResponse> out) {
    lists.add(request);
    if (failed(out)) {
      return;
    }
    int from = request.getPageToken().isEmpty() ? 0 : Integer.parseInt(request.getPageToken());
    int to = Math.min(jobs.size(), from + 2);
    answer(
        out,
        ListCustomJobsResponse.newBuilder()
            .addAllCustomJobs(jobs.subList(from, to))
            .setNextPageToken(to < jobs.size() ? Integer.toString(to) : "")
            .build());
  }

  @Override
  public synchronized void cancelCustomJob(
      CancelCustomJobRequest request, StreamObserver<Empty> out) {
    if (!failed(out)) {
      cancelled.add(request.getName());
      answer(out, Empty.getDefaultInstance());
    }
  }

  private boolean failed(StreamObserver<?> out) {
    calls++;
    timeGiven =
        Optional.ofNullable(Context.current().getDeadline())
            .map(deadline -> Duration.ofMillis(deadline.timeRemaining(TimeUnit.MILLISECONDS)));
    if (silent) {
      return true;
    }
    Status failure = failures.poll();
    if (failure == null) {
      return false;
    }
    out.onError(failure.asRuntimeException());
    return true;
  }

  private static <T> void answer(StreamObserver<T> out, T answer) {
    out.onNext(answer);
    out.onCompleted();
  }

  @Override
  public void close() {
    server.shutdownNow();
  }
}

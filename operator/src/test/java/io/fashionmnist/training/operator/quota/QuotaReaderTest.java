package io.fashionmnist.training.operator.quota;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.api.cloudquotas.v1.CloudQuotasGrpc;
import com.google.api.cloudquotas.v1.ListQuotaInfosRequest;
import com.google.api.cloudquotas.v1.ListQuotaInfosResponse;
import com.google.api.cloudquotas.v1.QuotaInfo;
import com.google.monitoring.v3.ListTimeSeriesRequest;
import com.google.monitoring.v3.ListTimeSeriesResponse;
import com.google.monitoring.v3.MetricServiceGrpc;
import com.google.monitoring.v3.Point;
import com.google.monitoring.v3.TimeSeries;
import com.google.monitoring.v3.TypedValue;
import io.fashionmnist.training.operator.metric.OutboundCalls;
import io.grpc.Grpc;
import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The reader with its clients against both services on a real port. */
class QuotaReaderTest {
  private static final QuotaScope EAST = new QuotaScope("p", "us-east1");
  private static final String CPUS = "custom_model_training_cpus";
  private static final Map<QuotaScope, Set<String>> WANTED = Map.of(EAST, Set.of(CPUS));
  private static final Duration INTERVAL = Duration.ofMinutes(10);

  private final List<ListQuotaInfosRequest> quotaCalls = new ArrayList<>();
  private final List<ListTimeSeriesRequest> usageCalls = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();
  private final Handler handler = handler(warnings);
  private final VirtualClock clock = new VirtualClock();
  private final QuotaLedger ledger = new QuotaLedger(clock, new Random(1));
  private List<QuotaInfo> infos =
      List.of(QuotaInfosTest.info(QuotaInfosTest.applying(42, "us-east1")));
  private List<TimeSeries> series = List.of();
  private Optional<Status> failure = Optional.empty();
  private Server server;
  private QuotaClients clients;
  private QuotaReader reader;

  @BeforeEach
  void open() throws IOException {
    server =
        Grpc.newServerBuilderForPort(0, InsecureServerCredentials.create())
            .addService(new Quotas())
            .addService(new Metrics())
            .build()
            .start();
    clients =
        new QuotaClients(
            Optional.of("localhost:" + server.getPort()),
            new OutboundCalls(new SimpleMeterRegistry()));
    reader = new QuotaReader(clients, ledger, clock, INTERVAL);
    Logger.getLogger(QuotaReader.class.getName()).addHandler(handler);
  }

  @AfterEach
  void close() {
    Logger.getLogger(QuotaReader.class.getName()).removeHandler(handler);
    clients.close();
    server.shutdownNow();
  }

  @Test
  void limitsAndUsageReachTheLedger() {
    series = List.of(seriesOf(40, 12), TimeSeries.getDefaultInstance());
    reader.refresh(WANTED);
    QuotaState state = ledger.snapshot().getFirst();
    assertThat(state.limit()).isEqualTo(new Limit.Of(42));
    assertThat(state.usage()).isEqualTo(OptionalLong.of(40));
    assertThat(reader.metrics("p")).containsExactly(CPUS);
    assertThat(quotaCalls.getFirst().getParent())
        .isEqualTo("projects/p/locations/global/services/aiplatform.googleapis.com");
    assertThat(usageCalls.getFirst().getFilter())
        .contains("quota_metric=\"aiplatform.googleapis.com/" + CPUS + "\"")
        .contains("location=\"us-east1\"");
  }

  @Test
  void whereNothingWasCountedNothingIsUsed() {
    reader.refresh(WANTED);
    assertThat(ledger.snapshot().getFirst().usage()).isEqualTo(OptionalLong.of(0));
  }

  @Test
  void aReadingHoldsForItsInterval() {
    reader.refresh(WANTED);
    clock.advance(INTERVAL.minusSeconds(1));
    reader.refresh(Map.of(EAST, Set.of(CPUS), new QuotaScope("p", "us-west1"), Set.of()));
    assertThat(quotaCalls).hasSize(1);
    assertThat(usageCalls).hasSize(1);
    clock.advance(Duration.ofSeconds(1));
    reader.refresh(WANTED);
    assertThat(quotaCalls).hasSize(2);
    assertThat(usageCalls).hasSize(2);
  }

  @Test
  void anUnreadableQuotaIsUnknownAndIsLoggedOnce() {
    reader.refresh(WANTED);
    failure = Optional.of(Status.PERMISSION_DENIED.withDescription("no such right"));
    for (int times = 0; times < 3; times++) {
      clock.advance(INTERVAL);
      reader.refresh(WANTED);
    }
    assertThat(ledger.snapshot()).allMatch(state -> state.limit() instanceof Limit.Unknown);
    assertThat(ledger.snapshot()).allMatch(state -> state.usage().isEmpty());
    assertThat(reader.metrics("p")).isEmpty();
    assertThat(warnings).as("one of limits, one of usage").hasSize(2);
    failure = Optional.empty();
    clock.advance(INTERVAL);
    reader.refresh(WANTED);
    assertThat(ledger.snapshot().getFirst().limit()).isEqualTo(new Limit.Of(42));
  }

  private static TimeSeries seriesOf(long... newestFirst) {
    TimeSeries.Builder series = TimeSeries.newBuilder();
    for (long value : newestFirst) {
      series.addPoints(Point.newBuilder().setValue(TypedValue.newBuilder().setInt64Value(value)));
    }
    return series.build();
  }

  private static Handler handler(List<String> messages) {
    return new Handler() {
      @Override
      public void publish(LogRecord record) {
        messages.add(record.getMessage());
      }

      @Override
      public void flush() {}

      @Override
      public void close() {}
    };
  }

  private <T> void answer(StreamObserver<T> out, T answer) {
    if (failure.isPresent()) {
      out.onError(failure.get().asRuntimeException());
      return;
    }
    out.onNext(answer);
    out.onCompleted();
  }

  private final class Quotas extends CloudQuotasGrpc.CloudQuotasImplBase {
    @Override
    public void listQuotaInfos(
        ListQuotaInfosRequest request, StreamObserver<ListQuotaInfosResponse> out) {
      quotaCalls.add(request);
      answer(out, ListQuotaInfosResponse.newBuilder().addAllQuotaInfos(infos).build());
    }
  }

  private final class Metrics extends MetricServiceGrpc.MetricServiceImplBase {
    @Override
    public void listTimeSeries(
        ListTimeSeriesRequest request, StreamObserver<ListTimeSeriesResponse> out) {
      usageCalls.add(request);
      answer(out, ListTimeSeriesResponse.newBuilder().addAllTimeSeries(series).build());
    }
  }
}

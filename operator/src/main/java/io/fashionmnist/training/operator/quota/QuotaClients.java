package io.fashionmnist.training.operator.quota;

import com.google.api.cloudquotas.v1.CloudQuotasClient;
import com.google.api.cloudquotas.v1.CloudQuotasSettings;
import com.google.api.cloudquotas.v1.QuotaInfo;
import com.google.api.gax.core.InstantiatingExecutorProvider;
import com.google.api.gax.core.NoCredentialsProvider;
import com.google.api.gax.grpc.InstantiatingGrpcChannelProvider;
import com.google.api.gax.retrying.RetrySettings;
import com.google.api.gax.rpc.ClientSettings;
import com.google.api.gax.rpc.StatusCode;
import com.google.api.gax.rpc.UnaryCallSettings;
import com.google.cloud.monitoring.v3.MetricServiceClient;
import com.google.cloud.monitoring.v3.MetricServiceSettings;
import com.google.monitoring.v3.ListTimeSeriesRequest;
import com.google.monitoring.v3.TimeSeries;
import io.fashionmnist.training.operator.metric.OutboundCalls;
import io.fashionmnist.training.operator.outbound.MeteredChannel;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Cloud Quotas and Cloud Monitoring, each connected to when first asked. */
public final class QuotaClients implements QuotaReader.Source, AutoCloseable {
  private static final Duration READ_TIME = Duration.ofSeconds(30);

  private final Optional<String> local;
  private final MeteredChannel metered;
  private Optional<CloudQuotasClient> quotas = Optional.empty();
  private Optional<MetricServiceClient> metrics = Optional.empty();

  /**
   * @param localEndpoint host:port of a server in plain text that needs no credentials and serves
   *     both, instead of Google's
   * @param calls is told of each call
   */
  public QuotaClients(Optional<String> localEndpoint, OutboundCalls calls) {
    local = localEndpoint;
    metered = new MeteredChannel(calls);
  }

  @Override
  public List<QuotaInfo> limits(String project) throws IOException {
    List<QuotaInfo> all = new ArrayList<>();
    String parent =
        "projects/%s/locations/global/services/aiplatform.googleapis.com".formatted(project);
    for (QuotaInfo info : quotas().listQuotaInfos(parent).iterateAll()) {
      if (QuotaInfos.ofTraining(info)) {
        all.add(info);
      }
    }
    return all;
  }

  @Override
  public List<TimeSeries> usage(ListTimeSeriesRequest question) throws IOException {
    List<TimeSeries> all = new ArrayList<>();
    metrics().listTimeSeries(question).iterateAll().forEach(all::add);
    return all;
  }

  private synchronized CloudQuotasClient quotas() throws IOException {
    if (quotas.isEmpty()) {
      var settings = CloudQuotasSettings.newBuilder();
      reach(settings, CloudQuotasSettings.defaultGrpcTransportProviderBuilder());
      limitTime(settings.listQuotaInfosSettings());
      quotas = Optional.of(CloudQuotasClient.create(settings.build()));
    }
    return quotas.get();
  }

  private synchronized MetricServiceClient metrics() throws IOException {
    if (metrics.isEmpty()) {
      var settings = MetricServiceSettings.newBuilder();
      reach(settings, MetricServiceSettings.defaultGrpcTransportProviderBuilder());
      limitTime(settings.listTimeSeriesSettings());
      metrics = Optional.of(MetricServiceClient.create(settings.build()));
    }
    return metrics.get();
  }

  /** One thread in the background; the local server, if there is one, without credentials. */
  private void reach(
      ClientSettings.Builder<?, ?> settings, InstantiatingGrpcChannelProvider.Builder transport) {
    settings.setBackgroundExecutorProvider(
        InstantiatingExecutorProvider.newBuilder().setExecutorThreadCount(1).build());
    transport.setInterceptorProvider(() -> List.of(metered));
    if (local.isPresent()) {
      settings.setEndpoint(local.get()).setCredentialsProvider(NoCredentialsProvider.create());
      transport.setChannelConfigurator(channel -> channel.usePlaintext());
    }
    settings.setTransportChannelProvider(transport.build());
  }

  private static void limitTime(UnaryCallSettings.Builder<?, ?> call) {
    call.setRetryableCodes(Set.of(StatusCode.Code.UNAVAILABLE));
    call.setRetrySettings(
        RetrySettings.newBuilder()
            .setInitialRetryDelayDuration(Duration.ofSeconds(1))
            .setRetryDelayMultiplier(2)
            .setMaxRetryDelayDuration(Duration.ofSeconds(8))
            .setInitialRpcTimeoutDuration(READ_TIME)
            .setMaxRpcTimeoutDuration(READ_TIME)
            .setTotalTimeoutDuration(READ_TIME)
            .build());
  }

  @Override
  public synchronized void close() {
    quotas.ifPresent(CloudQuotasClient::close);
    metrics.ifPresent(MetricServiceClient::close);
    quotas = Optional.empty();
    metrics = Optional.empty();
  }
}

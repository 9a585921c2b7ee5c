package io.fashionmnist.training.emulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.api.cloudquotas.v1.CloudQuotasClient;
import com.google.api.cloudquotas.v1.CloudQuotasSettings;
import com.google.api.cloudquotas.v1.DimensionsInfo;
import com.google.api.cloudquotas.v1.QuotaInfo;
import com.google.api.gax.core.NoCredentialsProvider;
import com.google.api.gax.rpc.NotFoundException;
import com.google.cloud.monitoring.v3.MetricServiceClient;
import com.google.cloud.monitoring.v3.MetricServiceSettings;
import com.google.monitoring.v3.ListTimeSeriesRequest;
import com.google.monitoring.v3.TimeInterval;
import com.google.monitoring.v3.TimeSeries;
import com.google.protobuf.util.Timestamps;
import io.fashionmnist.training.emulator.config.EmulatorSettings;
import io.fashionmnist.training.emulator.quota.OverQuota;
import io.fashionmnist.training.emulator.quota.QuotaLimit;
import java.time.Duration;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Google's Java clients of Cloud Quotas and Cloud Monitoring over gRPC. */
class QuotaClientsTest {
  private static final String SERVICE =
      "projects/p/locations/global/services/aiplatform.googleapis.com";

  private final VirtualClock clock = new VirtualClock();
  private final VertexEmulator emulator =
      VertexEmulator.start(
          EmulatorSettings.defaults()
              .withQuotas(
                  OverQuota.REJECT,
                  new QuotaLimit("us-central1", "custom_model_training_cpus", 42),
                  new QuotaLimit("*", "custom_model_training_cpus", 8),
                  new QuotaLimit("*", "custom_model_training_preemptible_cpus", 1)),
          clock);

  @AfterEach
  void stop() {
    emulator.close();
  }

  @Test
  void limitsAreListed() throws Exception {
    try (CloudQuotasClient client =
        CloudQuotasClient.create(
            CloudQuotasSettings.newBuilder()
                .setEndpoint("localhost:" + emulator.port())
                .setCredentialsProvider(NoCredentialsProvider.create())
                .setTransportChannelProvider(
                    CloudQuotasSettings.defaultGrpcTransportProviderBuilder()
                        .setChannelConfigurator(channel -> channel.usePlaintext())
                        .build())
                .build())) {
      List<QuotaInfo> all =
          StreamSupport.stream(client.listQuotaInfos(SERVICE).iterateAll().spliterator(), false)
              .toList();
      assertThat(all)
          .extracting(QuotaInfo::getMetric)
          .containsExactly(
              "aiplatform.googleapis.com/custom_model_training_cpus",
              "aiplatform.googleapis.com/custom_model_training_preemptible_cpus");
      QuotaInfo cpus =
          client.getQuotaInfo(SERVICE + "/quotaInfos/CustomModelTrainingCPUsPerProjectPerRegion");
      assertThat(cpus).isEqualTo(all.getFirst());
      assertThat(value(cpus, "us-central1")).containsExactly(42L);
      assertThat(value(cpus, "us-west1")).containsExactly(8L);
      assertThatThrownBy(() -> client.getQuotaInfo(SERVICE + "/quotaInfos/Other"))
          .isInstanceOf(NotFoundException.class);
    }
  }

  @Test
  void usageIsASeries() throws Exception {
    new Rest(emulator).create(JobRequests.job("one", "n1-standard-4"), 200);
    try (MetricServiceClient client =
        MetricServiceClient.create(
            MetricServiceSettings.newBuilder()
                .setEndpoint("localhost:" + emulator.port())
                .setCredentialsProvider(NoCredentialsProvider.create())
                .setTransportChannelProvider(
                    MetricServiceSettings.defaultGrpcTransportProviderBuilder()
                        .setChannelConfigurator(channel -> channel.usePlaintext())
                        .build())
                .build())) {
      ListTimeSeriesRequest request =
          ListTimeSeriesRequest.newBuilder()
              .setName("projects/p")
              .setFilter(
                  "metric.type=\"serviceruntime.googleapis.com/quota/allocation/usage\" AND"
                      + " resource.type=\"consumer_quota\" AND"
                      + " metric.label.quota_metric=\"aiplatform.googleapis.com/custom_model_training_cpus\""
                      + " AND resource.label.project_id=\"p\" AND"
                      + " resource.label.location=\"us-central1\" AND"
                      + " resource.label.service=\"aiplatform.googleapis.com\"")
              .setInterval(
                  TimeInterval.newBuilder()
                      .setStartTime(Timestamps.EPOCH)
                      .setEndTime(Timestamps.fromMillis(clock.millis())))
              .build();
      TimeSeries series = client.listTimeSeries(request).iterateAll().iterator().next();
      assertThat(series.getPoints(0).getValue().getInt64Value()).isEqualTo(4);
      clock.pass(Duration.ofMinutes(5));
      assertThat(client.listTimeSeries(request).iterateAll()).isEmpty();
    }
  }

  private static List<Long> value(QuotaInfo info, String region) {
    return info.getDimensionsInfosList().stream()
        .filter(each -> each.getApplicableLocationsList().contains(region))
        .map(DimensionsInfo::getDetails)
        .map(details -> details.getValue())
        .toList();
  }
}

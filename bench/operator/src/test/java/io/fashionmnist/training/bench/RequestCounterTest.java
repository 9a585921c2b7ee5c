package io.fashionmnist.training.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.fashionmnist.training.bench.RequestCounter.Counts;
import io.fashionmnist.training.bench.RequestCounter.Kind;
import org.junit.jupiter.api.Test;

class RequestCounterTest {
  private static final String BEFORE =
      """
      # TYPE apiserver_flowcontrol_dispatched_requests_total counter
      apiserver_flowcontrol_dispatched_requests_total{flow_schema="bench-status",priority_level="workload-low"} 10
      """;
  private static final String AFTER =
      """
      apiserver_flowcontrol_dispatched_requests_total{flow_schema="bench-status",priority_level="workload-low"} 1.2e+01
      apiserver_flowcontrol_dispatched_requests_total{flow_schema="bench-leases",priority_level="workload-low"} 5
      apiserver_flowcontrol_dispatched_requests_total{flow_schema="bench-reads",priority_level="workload-low"} 3
      apiserver_flowcontrol_dispatched_requests_total{flow_schema="service-accounts",priority_level="workload-low"} 9
      apiserver_flowcontrol_rejected_requests_total{flow_schema="bench-events",priority_level="workload-low",reason="queue-full"} 1
      apiserver_flowcontrol_rejected_requests_total{flow_schema="bench-events",priority_level="workload-low",reason="time-out"} 2
      apiserver_request_total{code="409",component="apiserver",dry_run="",group="g",resource="fashiontrainingjobs",scope="resource",subresource="status",verb="APPLY",version="v1"} 7
      apiserver_request_total{code="409",component="apiserver",dry_run="",group="batch",resource="jobs",scope="resource",subresource="status",verb="PUT",version="v1"} 9
      """;

  @Test
  void onlyItsOwnCount() {
    Counts counts = RequestCounter.parse(AFTER).since(RequestCounter.parse(BEFORE));
    assertThat(counts.of(Kind.STATUS)).isEqualTo(2);
    assertThat(counts.of(Kind.READS)).isEqualTo(3);
    assertThat(counts.allRefused()).isEqualTo(3);
    assertThat(counts.conflicts()).isEqualTo(7);
  }

  @Test
  void aLeaseIsNoWrite() {
    assertThat(RequestCounter.parse(AFTER).writes()).isEqualTo(12);
    assertThat(RequestCounter.parse(AFTER).of(Kind.LEASES)).isEqualTo(5);
  }
}

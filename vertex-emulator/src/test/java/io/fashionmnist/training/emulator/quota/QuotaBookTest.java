package io.fashionmnist.training.emulator.quota;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** The accounts are right after anything that jobs may do. */
class QuotaBookTest {
  private static final Consumer HERE = new Consumer("1", "us-central1");
  private static final Consumer THERE = new Consumer("1", "us-west1");

  private sealed interface Step {
    record Hold(String job, Consumer where, Demand demand) implements Step {}

    record Release(String job) implements Step {}

    record Limit(QuotaLimit limit) implements Step {}
  }

  @Property(tries = 500)
  void usageIsWhatLiveJobsHoldAndFitsAtAdmission(@ForAll("steps") List<Step> steps) {
    QuotaBook book = new QuotaBook();
    Map<String, Step.Hold> live = new HashMap<>();
    for (Step step : steps) {
      switch (step) {
        case Step.Hold hold -> {
          boolean before = live.containsKey(hold.job());
          List<String> exceeded = book.hold(hold.job(), hold.where(), hold.demand());
          if (!before && exceeded.isEmpty()) {
            live.put(hold.job(), hold);
            hold.demand()
                .amounts()
                .keySet()
                .forEach(metric -> assertWithinLimit(book, hold.where(), metric));
          }
        }
        case Step.Release(var job) -> {
          book.release(job);
          live.remove(job);
        }
        case Step.Limit(var limit) -> book.setLimit(limit);
      }
      for (Consumer consumer : List.of(HERE, THERE)) {
        assertThat(book.usage(consumer)).isEqualTo(sum(live, consumer));
        assertThat(book.usage(consumer).values()).allMatch(value -> value >= 0);
      }
    }
    live.keySet().forEach(book::release);
    assertThat(book.consumers()).isEmpty();
    assertThat(book.usage(HERE)).isEmpty();
  }

  private static void assertWithinLimit(QuotaBook book, Consumer consumer, String metric) {
    book.limit(consumer.region(), metric)
        .ifPresent(
            limit -> {
              if (limit != QuotaLimit.UNLIMITED) {
                assertThat(book.usage(consumer).get(metric)).isLessThanOrEqualTo(limit);
              }
            });
  }

  private static Map<String, Long> sum(Map<String, Step.Hold> live, Consumer consumer) {
    Map<String, Long> sum = new TreeMap<>();
    for (Step.Hold hold : live.values()) {
      if (hold.where().equals(consumer)) {
        hold.demand().amounts().forEach((metric, amount) -> sum.merge(metric, amount, Long::sum));
      }
    }
    return sum;
  }

  @Provide
  Arbitrary<List<Step>> steps() {
    Arbitrary<String> job = Arbitraries.of("a", "b", "c", "d", "e");
    Arbitrary<Consumer> where = Arbitraries.of(HERE, THERE);
    Arbitrary<String> metric = Arbitraries.of("cpus", "gpus", "ssd");
    Arbitrary<Demand> demand =
        Combinators.combine(
                metric,
                Arbitraries.longs().between(0, 16),
                metric,
                Arbitraries.longs().between(0, 16))
            .as((m1, n1, m2, n2) -> Demand.NONE.plus(m1, n1).plus(m2, n2));
    Arbitrary<Step> hold = Combinators.combine(job, where, demand).as(Step.Hold::new);
    Arbitrary<Step> release = job.map(Step.Release::new);
    Arbitrary<Step> limit =
        Combinators.combine(
                Arbitraries.of("*", "us-central1", "us-west1"),
                metric,
                Arbitraries.longs().between(-1, 32))
            .as((region, name, value) -> new Step.Limit(new QuotaLimit(region, name, value)));
    return Arbitraries.oneOf(hold, hold, release, limit).list().ofMaxSize(40);
  }
}

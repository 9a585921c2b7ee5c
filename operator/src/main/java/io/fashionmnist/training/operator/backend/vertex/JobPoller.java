package io.fashionmnist.training.operator.backend.vertex;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jboss.logging.Logger;

/**
 * Lists the custom jobs of each region in turn, as long as someone's attempt lives there: one list
 * for all jobs, however many.
 */
final class JobPoller implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(JobPoller.class);
  private static final double JITTER = 0.2;

  private final VertexApi api;
  private final String installation;
  private final Duration interval;
  private final InstantSource clock;
  private final RandomGenerator random;
  private final ScheduledExecutorService timer;
  private final Listener listener;
  private final ConcurrentHashMap<VertexRegion, Region> regions = new ConcurrentHashMap<>();

  /** Who is told of each list. */
  interface Listener {
    /**
     * A region was listed.
     *
     * @param changed attempts that stand otherwise than in the list before
     */
    void listed(VertexRegion region, RegionView view, Set<JobOwner> changed);
  }

  /**
   * What is known of a region.
   *
   * @param view the last list
   * @param trouble why no later one could be had
   */
  record Known(Optional<RegionView> view, Optional<Trouble> trouble) {}

  /** A region that does not answer. */
  record Trouble(Instant since, String message) {}

  private static final class Region {
    private final Set<JobOwner> watched = ConcurrentHashMap.newKeySet();
    private volatile Known known = new Known(Optional.empty(), Optional.empty());
  }

  JobPoller(
      VertexApi api,
      String installation,
      Duration interval,
      InstantSource clock,
      RandomGenerator random,
      ScheduledExecutorService timer,
      Listener listener) {
    this.api = api;
    this.installation = installation;
    this.interval = interval;
    this.clock = clock;
    this.random = random;
    this.timer = timer;
    this.listener = listener;
  }

  /** Keeps an eye on an attempt; returns what is known of its region. */
  Known watch(VertexRegion region, JobOwner owner) {
    return regions.compute(
            region,
            (_, before) -> {
              Region of = before == null ? new Region() : before;
              of.watched.add(owner);
              if (before == null) {
                timer.execute(() -> Thread.startVirtualThread(() -> poll(region)));
              }
              return of;
            })
        .known;
  }

  /** The attempt is over. */
  void forget(VertexRegion region, JobOwner owner) {
    Optional.ofNullable(regions.get(region)).ifPresent(of -> of.watched.remove(owner));
  }

  /**
   * A list of one attempt's jobs, asked for now.
   *
   * @throws VertexCallException if it can't be had
   */
  RegionView now(VertexRegion region, JobOwner owner) {
    Instant at = clock.instant();
    return RegionView.of(at, installation, api.list(region, JobLabels.filter(installation, owner)));
  }

  private void poll(VertexRegion region) {
    Region of = regions.computeIfPresent(region, (_, each) -> each.watched.isEmpty() ? null : each);
    if (of == null) {
      return;
    }
    try {
      list(region, of);
    } catch (VertexCallException e) {
      Instant since = of.known.trouble().map(Trouble::since).orElseGet(clock::instant);
      if (of.known.trouble().isEmpty()) {
        LOG.warnf("%s can't be listed: %s", region.parent(), e.getMessage());
      }
      of.known = new Known(of.known.view(), Optional.of(new Trouble(since, e.failure().message())));
    } catch (RuntimeException e) {
      LOG.errorf(e, "After a list of %s", region.parent());
    } finally {
      again(region);
    }
  }

  private void list(VertexRegion region, Region of) {
    Instant at = clock.instant();
    RegionView later =
        RegionView.of(at, installation, api.list(region, JobLabels.filter(installation)));
    RegionView before = of.known.view().orElse(new RegionView(at, Map.of()));
    boolean first = of.known.view().isEmpty();
    boolean recovered = of.known.trouble().isPresent();
    of.known = new Known(Optional.of(later), Optional.empty());
    // Who waits for a first word, or for the region to answer again, is told even of no news.
    listener.listed(
        region, later, first || recovered ? Set.copyOf(of.watched) : before.changed(later));
  }

  private void again(VertexRegion region) {
    long jitter = (long) (interval.toMillis() * JITTER * (random.nextDouble() - 0.5));
    if (!timer.isShutdown()) {
      timer.schedule(
          () -> Thread.startVirtualThread(() -> poll(region)),
          interval.toMillis() + jitter,
          TimeUnit.MILLISECONDS);
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}

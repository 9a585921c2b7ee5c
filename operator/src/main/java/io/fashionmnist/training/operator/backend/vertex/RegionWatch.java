package io.fashionmnist.training.operator.backend.vertex;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Which regions are listed, for whose sake, and what follows each list. A region in which nothing
 * lives any more is listed for a little longer: a list may show late what nobody waits for.
 */
final class RegionWatch {
  /** As long as a created job may be invisible. */
  private static final Duration LINGER = VertexBackend.SETTLED;

  /** How long after a list an endpoint is taken to be there. */
  private static final Duration ANSWERED = Duration.ofMinutes(1);

  /** A region that refuses to list, and where nobody here was ever known to live, is given up. */
  private static final Duration GIVEN_UP = Duration.ofMinutes(10);

  private final JobPoller poller;
  private final InstantSource clock;
  private final Consumer<JobOwner> tell;
  private final Predicate<JobOwner> known;
  private final Consumer<JobOwner> gone;
  private final BiConsumer<VertexRegion, PolledJobs> listed;
  private final ConcurrentHashMap<VertexRegion, Region> regions = new ConcurrentHashMap<>();

  /** A region that is watched. */
  private static final class Region {
    private final Set<JobOwner> owners = ConcurrentHashMap.newKeySet();
    private final Instant since;

    /** Whether it may well not exist: one of many that fit a pattern, or a slip of the pen. */
    private final boolean guessed;

    private volatile boolean inhabited;
    private volatile Optional<PolledJobs> handled = Optional.empty();
    private volatile boolean failing;
    private volatile Instant until;

    Region(Instant since, Instant now, boolean guessed) {
      this.since = since;
      this.guessed = guessed;
      until = now.plus(LINGER);
    }
  }

  /**
   * What is known of a region.
   *
   * @param jobs the newest list
   * @param trouble why there is no newer one
   */
  record Known(Optional<PolledJobs> jobs, Optional<Trouble> trouble) {}

  /** A region that does not answer. */
  record Trouble(Instant since, VertexFailure failure) {}

  /**
   * @param tell asks for a look at an attempt
   * @param known whether an attempt's resource is there
   * @param gone is told of attempts that nobody will end, their resource being gone
   * @param listed is called after each list
   */
  RegionWatch(
      JobPoller poller,
      InstantSource clock,
      Consumer<JobOwner> tell,
      Predicate<JobOwner> known,
      Consumer<JobOwner> gone,
      BiConsumer<VertexRegion, PolledJobs> listed) {
    this.poller = poller;
    this.clock = clock;
    this.tell = tell;
    this.known = known;
    this.gone = gone;
    this.listed = listed;
  }

  /**
   * Keeps an eye on an attempt; returns what is known of its region.
   *
   * @param created whether its custom job may have been created
   */
  Known watch(VertexRegion region, JobOwner owner, boolean created) {
    Region of =
        regions.compute(
            region,
            (_, before) -> {
              Region each = before == null ? region(lately(region), !created) : before;
              each.owners.add(owner);
              each.inhabited |= created;
              return each;
            });
    Optional<PolledJobs> jobs = poller.latest(region).filter(list -> fresh(of, list));
    Instant since = jobs.map(PolledJobs::takenAt).orElse(of.since);
    return new Known(jobs, poller.failure(region).map(failure -> new Trouble(since, failure)));
  }

  /**
   * Why a region's endpoint does not answer; it is asked now unless it has answered lately, or is
   * being asked again and again for others' sake. What it refuses is an answer.
   */
  Optional<VertexFailure> silence(VertexRegion region) {
    Optional<VertexFailure> failure = poller.failure(region);
    if (failure.isPresent() ? !regions.containsKey(region) : lately(region).isEmpty()) {
      failure = asked(region);
    }
    return failure.filter(VertexFailure.ServiceFault.class::isInstance);
  }

  private Optional<VertexFailure> asked(VertexRegion region) {
    try {
      poller.fresh(region);
      return Optional.empty();
    } catch (VertexCallException e) {
      return Optional.of(e.failure());
    }
  }

  /** A list from before anybody looked shows too little. */
  private static boolean fresh(Region region, PolledJobs list) {
    return region.handled.isPresent() || !list.takenAt().isBefore(region.since);
  }

  /** The attempt is over. */
  void forget(VertexRegion region, JobOwner owner) {
    regions.computeIfPresent(
        region,
        (_, of) -> {
          of.owners.remove(owner);
          of.until = clock.instant().plus(LINGER);
          return of;
        });
  }

  /** Has a look at a region, whether anything is known to live there or not. */
  void visit(VertexRegion region) {
    regions.computeIfAbsent(region, _ -> region(Optional.empty(), false));
  }

  /** Has a look at a region that may well not exist. */
  void glance(VertexRegion region) {
    regions.computeIfAbsent(region, _ -> region(Optional.empty(), true));
  }

  private Region region(Optional<PolledJobs> list, boolean guessed) {
    Instant now = clock.instant();
    return new Region(list.map(PolledJobs::takenAt).orElse(now), now, guessed);
  }

  /** A list that was asked for just before, for the endpoint's sake. */
  private Optional<PolledJobs> lately(VertexRegion region) {
    return poller
        .latest(region)
        .filter(list -> list.takenAt().plus(ANSWERED).isAfter(clock.instant()));
  }

  /** Lists what is due, and follows up what was listed. Called again and again. */
  void tick() {
    poller.poll(Set.copyOf(regions.keySet()));
    regions.forEach(
        (region, of) -> poller.latest(region).ifPresent(list -> followUp(region, of, list)));
    regions.forEach((region, of) -> of.failing |= poller.failure(region).isPresent());
    Set.copyOf(regions.keySet())
        .forEach(
            region -> regions.computeIfPresent(region, (_, of) -> idle(region, of) ? null : of));
  }

  /**
   * Only a list that must show whatever was created tells that nothing lives: until there is one,
   * what was given up without having been seen to end is looked for.
   */
  private boolean idle(VertexRegion region, Region of) {
    boolean empty =
        of.handled
            .filter(list -> list.takenAt().isAfter(of.until))
            .filter(list -> list.jobs().stream().noneMatch(PolledJob::live))
            .isPresent();
    return of.owners.isEmpty() && (empty || hopeless(region, of));
  }

  private boolean hopeless(VertexRegion region, Region of) {
    boolean silent =
        poller.failure(region).filter(VertexFailure.ServiceFault.class::isInstance).isPresent();
    return !of.inhabited
        && of.handled.isEmpty()
        && (of.guessed || !silent)
        && of.since.plus(GIVEN_UP).isBefore(clock.instant());
  }

  private void followUp(VertexRegion region, Region of, PolledJobs list) {
    if (!fresh(of, list)
        || of.handled.map(PolledJobs::takenAt).equals(Optional.of(list.takenAt()))) {
      return;
    }
    // Who waits for a first word, or for the region to answer again, is told even of no news.
    boolean awaited = of.handled.isEmpty() || of.failing;
    of.handled = Optional.of(list);
    of.failing = false;
    List<JobOwner> unseen =
        of.owners.stream()
            .filter(
                owner -> list.of(owner.uid(), owner.attempt()).filter(PolledJob::live).isEmpty())
            .toList();
    // What a list of the living does not show may have ended between two of them.
    (awaited ? of.owners : unseen).forEach(tell);
    listed.accept(region, list);
    unseen.stream()
        .filter(owner -> !known.test(owner))
        .forEach(
            owner -> {
              forget(region, owner);
              gone.accept(owner);
            });
  }
}

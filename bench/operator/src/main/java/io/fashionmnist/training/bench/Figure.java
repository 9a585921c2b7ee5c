package io.fashionmnist.training.bench;

/** What is measured, in the table's order: its line, its digits, and what is aimed at. */
enum Figure {
  JOBS_PER_SECOND("jobs/s, first create to last status", 1, "≥ 60"),
  CHILD_P50("create to child, p50, s", 2, ""),
  CHILD_P99("create to child, p99, s", 2, "< 10"),
  POD_P50("create to pod, p50, s", 2, ""),
  POD_P99("create to pod, p99, s", 2, ""),
  DONE_P50("pod's end to status, p50, s", 2, ""),
  CPU_MILLIS("processor time per job, ms", 1, "≤ 15"),
  WRITES("writes per job", 1, ""),
  CONFLICTS("of these, on a stale view (409)", 1, ""),
  READS("reads per job", 1, ""),
  REFUSED("requests turned away as too many, per job", 2, ""),
  READY_SECONDS("start to ready, s", 1, "≤ 4"),
  RSS_START("RSS after the start, MB", 0, "≤ 260"),
  RSS_RUN("RSS after the run, MB", 0, ""),
  RSS_PEAK("RSS at its highest in the run, MB", 0, ""),
  RSS_IDLE("RSS with all of them running, MB", 0, ""),
  IDLE_WRITES("writes while all of them run", 0, "0"),
  IDLE_LEASES("of the Lease, besides", 0, ""),
  RSS_FINISHED("RSS with the finished ones, MB", 0, "≤ 350"),
  LATER_JOBS_PER_SECOND("jobs/s on the way there", 1, ""),
  LATER_CPU_MILLIS("processor time per job on the way there, ms", 1, ""),
  RESTART_SECONDS("start to ready with the finished ones, s", 1, ""),
  RESTART_RSS("RSS after that start, MB", 0, ""),
  RESTART_WRITES("writes after that start", 0, "0");

  private final String title;
  private final int digits;
  private final String target;

  Figure(String title, int digits, String target) {
    this.title = title;
    this.digits = digits;
    this.target = target;
  }

  String title() {
    return title;
  }

  String target() {
    return target;
  }

  String format(double value) {
    return ("%,." + digits + "f").formatted(value);
  }
}

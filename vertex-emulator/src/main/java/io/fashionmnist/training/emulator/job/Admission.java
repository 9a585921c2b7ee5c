package io.fashionmnist.training.emulator.job;

import io.fashionmnist.training.emulator.quota.OverQuota;
import java.time.Duration;

/**
 * What happens to jobs over quota.
 *
 * @param overQuota the way
 * @param failsAfter how long a job that will fail for quota stays queued
 */
public record Admission(OverQuota overQuota, Duration failsAfter) {}

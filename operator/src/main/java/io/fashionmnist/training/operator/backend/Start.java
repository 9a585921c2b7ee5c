package io.fashionmnist.training.operator.backend;

import io.fashionmnist.training.api.v1alpha1.Attempt;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJob;
import io.fashionmnist.training.api.v1alpha1.Placement;
import io.fashionmnist.training.operator.placement.PlacementPlan;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * An attempt to start.
 *
 * @param failuresLeft how many failures are left to the job
 * @param timeLeft how long the job may still take, if that is limited
 * @param resumeFrom folders of earlier attempts' results, the newest first: the first that has a
 *     checkpoint is continued
 * @param until when it must have been made in the cluster: who was held up makes nothing later
 */
public record Start(
    FashionTrainingJob job,
    PlacementPlan plan,
    Attempt attempt,
    Placement placement,
    int failuresLeft,
    Optional<Duration> timeLeft,
    List<String> resumeFrom,
    Instant until) {}

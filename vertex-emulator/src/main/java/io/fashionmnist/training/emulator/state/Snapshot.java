package io.fashionmnist.training.emulator.state;

import io.fashionmnist.training.emulator.fault.FaultRule;
import io.fashionmnist.training.emulator.job.TrainingJob;
import io.fashionmnist.training.emulator.quota.QuotaLimit;
import java.util.List;

/** All that is kept over a restart. */
public record Snapshot(List<TrainingJob> jobs, List<QuotaLimit> limits, List<FaultRule> faults) {}

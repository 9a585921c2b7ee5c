package io.fashionmnist.training.operator.web;

import io.fashionmnist.training.api.v1alpha1.FashionTrainingJob;
import java.util.List;

/**
 * Jobs, as the API server lists them.
 *
 * @param cut whether there are more
 */
record JobList(List<FashionTrainingJob> jobs, boolean cut) {}

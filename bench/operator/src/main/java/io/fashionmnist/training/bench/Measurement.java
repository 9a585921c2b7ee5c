package io.fashionmnist.training.bench;

import java.util.Map;

/**
 * What one contender's run gave.
 *
 * @param finished how many jobs had finished in the end; 0 if that was not measured
 * @param besides processor time per job of the programs beside the operator, in ms, by name
 */
record Measurement(
    Contender contender,
    int jobs,
    int finished,
    int idleSeconds,
    Map<Figure, Double> figures,
    Map<String, Double> besides) {}

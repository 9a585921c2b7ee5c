package io.fashionmnist.training.trainer.tracking;

import io.fashionmnist.training.trainer.storage.Folder;

/**
 * The attempt that a run goes on from, which may have ended without a word: out of memory, killed,
 * its machine lost. Nobody else would say so of its run.
 *
 * @param results its output
 * @param suspended whether it was stopped on request
 */
public record EarlierRun(Folder results, boolean suspended) {}

package io.fashionmnist.training.operator.progress;

/** The pod whose token came with a post. */
record Reporter(String namespace, String pod, String podUid) {}

package io.fashionmnist.training.trainer.cli;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where progress is posted to while training runs.
 *
 * @param url an {@code http} or {@code https} address
 * @param tokenFile holds a bearer token; it may be replaced during the run
 * @param caFile PEM certificates to trust in place of the system's
 */
public record ProgressReceiver(URI url, Optional<Path> tokenFile, Optional<Path> caFile) {}

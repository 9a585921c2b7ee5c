package io.fashionmnist.training.operator.backend;

import java.util.Optional;

/**
 * What an attempt is called before its backend has been asked.
 *
 * @param location project and region on Vertex AI
 * @param externalName the name, if it does not depend on the backend's answer
 */
public record AttemptName(Optional<String> location, Optional<String> externalName) {}

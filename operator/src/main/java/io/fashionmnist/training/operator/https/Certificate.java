package io.fashionmnist.training.operator.https;

import java.time.Instant;

/**
 * A server's certificate with what it rests on, all PEM.
 *
 * @param authority the certificate that clients trust
 * @param authorityKey what the authority signs with; empty when it is someone else's
 * @param chain the server's certificate, and those between it and the authority
 * @param key the server's private key
 * @param renewAt when to have another one
 */
public record Certificate(
    String authority, String authorityKey, String chain, String key, Instant renewAt) {}

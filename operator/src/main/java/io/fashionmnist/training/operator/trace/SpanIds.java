package io.fashionmnist.training.operator.trace;

import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanId;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * What spans are called: the trace as the resource's uid without hyphens, a span by what it is of.
 * After a restart they are the same, and nobody has to remember them.
 */
final class SpanIds {
  private SpanIds() {}

  /** A span of a job. */
  static SpanContext of(String uid, String what) {
    return SpanContext.create(
        uid.replace("-", ""), spanId(uid, what), TraceFlags.getSampled(), TraceState.getDefault());
  }

  private static String spanId(String uid, String what) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256")
              .digest((uid + "/" + what).getBytes(StandardCharsets.UTF_8));
      // All zeros means none.
      return SpanId.fromLong(Math.max(1, ByteBuffer.wrap(digest).getLong() & Long.MAX_VALUE));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }
}

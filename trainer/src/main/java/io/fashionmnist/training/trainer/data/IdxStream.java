package io.fashionmnist.training.trainer.data;

import io.fashionmnist.training.trainer.BadInputException;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * An IDX file read once, from its start to its end, gzipped or plain (told by its first bytes).
 *
 * <p>The format: two zero bytes, a byte for the type of the elements, a byte for the number of
 * dimensions, one big-endian 32-bit size per dimension, then the elements. What is wrong with the
 * file is a {@link BadInputException} that names it; what may work later is an {@link IOException}.
 *
 * <p>See <a href="http://yann.lecun.com/exdb/mnist/">the format's description</a>.
 */
final class IdxStream implements AutoCloseable {
  static final int UBYTE = 0x08;
  static final int SHORT = 0x0B;
  static final int INT = 0x0C;

  private static final int BUFFER = 1 << 16;
  private static final int GZIP_MAGIC = 0x1f8b;

  private final String uri;
  private final InputStream in;
  private final boolean gzip;
  private long position;
  private boolean cut;

  /**
   * Takes over {@code raw}, which is closed with this.
   *
   * @param uri names the file in errors
   */
  IdxStream(String uri, InputStream raw) throws IOException {
    this.uri = uri;
    InputStream buffered = new BufferedInputStream(new NamedStream(uri, raw), BUFFER);
    try {
      this.gzip = startsWithGzipMagic(buffered);
      if (!gzip && uri.endsWith(".gz")) {
        throw bad(
            "is named .gz but is not gzip; fetch it again, or rename it if it is not compressed");
      }
      this.in = gzip ? unpack(buffered) : buffered;
    } catch (Throwable e) {
      raw.close();
      throw e;
    }
  }

  private static boolean startsWithGzipMagic(InputStream in) throws IOException {
    in.mark(2);
    int magic = in.read() << 8 | in.read();
    in.reset();
    return magic == GZIP_MAGIC;
  }

  private InputStream unpack(InputStream in) throws IOException {
    try {
      return new GZIPInputStream(in, BUFFER);
    } catch (EOFException e) {
      throw bad("is truncated within its gzip header; fetch it again", e);
    } catch (ZipException e) {
      throw corrupt(e);
    }
  }

  /** The four bytes that tell type and number of dimensions, for example 0x00000803. */
  int magic() throws IOException {
    return headerInt();
  }

  /** The size of the next dimension, unsigned. */
  long size() throws IOException {
    return Integer.toUnsignedLong(headerInt());
  }

  private int headerInt() throws IOException {
    byte[] bytes = new byte[Integer.BYTES];
    if (read(bytes, bytes.length) < bytes.length) {
      throw bad(
          "is truncated: it ends after %,d bytes, within its header; fetch it again"
              .formatted(position));
    }
    return ByteBuffer.wrap(bytes).getInt();
  }

  /**
   * Reads the next {@code length} bytes, or fewer where the file ends.
   *
   * @return how many were read
   */
  int read(byte[] target, int length) throws IOException {
    if (Thread.interrupted()) {
      throw new InterruptedIOException("interrupted while reading " + uri);
    }
    int done = 0;
    try {
      for (int read = 0; done < length && read >= 0; done += Math.max(read, 0)) {
        read = in.read(target, done, length - done);
      }
    } catch (EOFException e) {
      // A gzip stream without its end: what it held so far counts as found.
      cut = true;
    } catch (ZipException e) {
      throw corrupt(e);
    }
    position += done;
    return done;
  }

  /** The file ended too early for what its header announces. */
  BadInputException truncated(long expected) {
    return bad(
        "is truncated: %,d bytes expected%s, %,d found; fetch it again"
            .formatted(expected, gzip ? " unpacked" : "", position));
  }

  /** Makes sure that nothing follows; for gzip this also checks the checksum. */
  void expectEnd() throws IOException {
    long expected = position;
    boolean more = read(new byte[1], 1) > 0;
    if (cut) {
      throw bad("is truncated: its gzip stream has no end; fetch it again");
    }
    if (more) {
      throw bad(
          "goes on after the %,d bytes that its header announces; fetch it again"
              .formatted(expected));
    }
  }

  private BadInputException corrupt(ZipException e) {
    return bad("is damaged: %s; fetch it again".formatted(e.getMessage()), e);
  }

  /** An error in this file; {@code problem} continues the sentence after its name. */
  BadInputException bad(String problem) {
    return new BadInputException(uri + " " + problem);
  }

  private BadInputException bad(String problem, IOException cause) {
    return new BadInputException(uri + " " + problem, cause);
  }

  @Override
  public void close() throws IOException {
    in.close();
  }

  /** Says of a failure which file could not be read; a disk's own say "Input/output error". */
  private static final class NamedStream extends FilterInputStream {
    private final String uri;

    NamedStream(String uri, InputStream in) {
      super(in);
      this.uri = uri;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      try {
        return in.read(target, offset, length);
      } catch (IOException e) {
        if (String.valueOf(e.getMessage()).contains(uri)) {
          throw e;
        }
        throw new IOException("Cannot read %s: %s".formatted(uri, e.getMessage()), e);
      }
    }
  }
}

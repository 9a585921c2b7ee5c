package io.fashionmnist.training.trainer.model;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * The process's standard error leads nowhere while this is open, also for native code; for
 * libraries whose notes no setting switches off. To be held for moments only.
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/dup.2.html">dup(2)</a>
 */
@SuppressWarnings("restricted") // Native access is what TensorFlow is for.
final class MutedStandardError implements AutoCloseable {
  private static final int STANDARD_ERROR = 2;
  private static final int WRITE_ONLY = 1;

  private final MethodHandle dup2 = system("dup2", ValueLayout.JAVA_INT, ValueLayout.JAVA_INT);
  private final MethodHandle close = system("close", ValueLayout.JAVA_INT);
  private final int saved;

  MutedStandardError() {
    try (Arena arena = Arena.ofConfined()) {
      saved = (int) system("dup", ValueLayout.JAVA_INT).invokeExact(STANDARD_ERROR);
      MemorySegment path = arena.allocateFrom("/dev/null");
      int nowhere =
          (int)
              system("open", ValueLayout.ADDRESS, ValueLayout.JAVA_INT)
                  .invokeExact(path, WRITE_ONLY);
      int _ = (int) dup2.invokeExact(nowhere, STANDARD_ERROR);
      int _ = (int) close.invokeExact(nowhere);
    } catch (Throwable e) {
      throw new IllegalStateException("Standard error could not be muted", e);
    }
  }

  /** A function of the C library that returns an int. */
  private static MethodHandle system(String name, ValueLayout... arguments) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(
        linker.defaultLookup().findOrThrow(name),
        FunctionDescriptor.of(ValueLayout.JAVA_INT, arguments));
  }

  @Override
  public void close() {
    try {
      int _ = (int) dup2.invokeExact(saved, STANDARD_ERROR);
      int _ = (int) close.invokeExact(saved);
    } catch (Throwable e) {
      throw new IllegalStateException("Standard error could not be restored", e);
    }
  }
}

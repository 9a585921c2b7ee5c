package io.fashionmnist.training.operator.log;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jboss.logmanager.ExtLogRecord;

/** The lines that a class logs, each as the keys that it has. */
public final class LoggedKeys implements AutoCloseable {
  private final List<Map<String, String>> lines = new CopyOnWriteArrayList<>();
  private final Logger logger;
  private final Handler handler =
      new Handler() {
        @Override
        public void publish(LogRecord line) {
          lines.add(ExtLogRecord.wrap(line).getMdcCopy());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  private LoggedKeys(Logger logger) {
    this.logger = logger;
    logger.addHandler(handler);
  }

  public static LoggedKeys of(Class<?> type) {
    return new LoggedKeys(Logger.getLogger(type.getName()));
  }

  public List<Map<String, String>> lines() {
    return lines;
  }

  @Override
  public void close() {
    logger.removeHandler(handler);
  }
}

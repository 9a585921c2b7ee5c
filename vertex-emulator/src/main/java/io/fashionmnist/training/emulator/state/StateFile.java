package io.fashionmnist.training.emulator.state;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import com.google.cloud.aiplatform.v1.CustomJob;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import com.google.rpc.Status;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.function.Supplier;

/** The file that a snapshot is kept in; it is replaced whole, so it is never half written. */
public final class StateFile {
  private final Path file;
  private final ObjectMapper json =
      JsonMapper.builder()
          .addModule(new Jdk8Module())
          .addModule(new JavaTimeModule())
          .addModule(
              new SimpleModule()
                  .addSerializer(new MessageWriter())
                  .addDeserializer(
                      CustomJob.class, new MessageReader<>(CustomJob.class, CustomJob::newBuilder))
                  .addDeserializer(
                      Status.class, new MessageReader<>(Status.class, Status::newBuilder)))
          .build();

  /** With a file that need not be there yet. */
  public StateFile(Path file) {
    this.file = file.toAbsolutePath();
  }

  /** What was kept; empty when nothing was. */
  public Optional<Snapshot> read() {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      return Optional.of(json.readValue(file.toFile(), Snapshot.class));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the state in " + file, e);
    }
  }

  /** Keeps a snapshot. */
  public synchronized void write(Snapshot snapshot) {
    try {
      Files.createDirectories(file.getParent());
      Path part = file.resolveSibling(file.getFileName() + ".part");
      json.writeValue(part.toFile(), snapshot);
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write the state to " + file, e);
    }
  }

  private static final class MessageWriter extends StdSerializer<Message> {
    MessageWriter() {
      super(Message.class);
    }

    @Override
    public void serialize(Message message, JsonGenerator out, SerializerProvider provider)
        throws IOException {
      out.writeRawValue(JsonFormat.printer().omittingInsignificantWhitespace().print(message));
    }
  }

  private static final class MessageReader<T extends Message> extends StdDeserializer<T> {
    private final transient Class<T> type;
    private final transient Supplier<? extends Message.Builder> builders;

    MessageReader(Class<T> type, Supplier<? extends Message.Builder> builders) {
      super(type);
      this.type = type;
      this.builders = builders;
    }

    @Override
    public T deserialize(JsonParser in, DeserializationContext context) throws IOException {
      Message.Builder builder = builders.get();
      JsonFormat.parser().merge(in.readValueAsTree().toString(), builder);
      return type.cast(builder.build());
    }
  }
}

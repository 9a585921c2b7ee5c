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
import com.google.cloud.aiplatform.v1.Artifact;
import com.google.cloud.aiplatform.v1.Context;
import com.google.cloud.aiplatform.v1.CustomJob;
import com.google.cloud.aiplatform.v1.Event;
import com.google.cloud.aiplatform.v1.Execution;
import com.google.cloud.aiplatform.v1.MetadataStore;
import com.google.cloud.aiplatform.v1.Model;
import com.google.cloud.aiplatform.v1.ModelEvaluation;
import com.google.cloud.aiplatform.v1.Tensorboard;
import com.google.cloud.aiplatform.v1.TensorboardExperiment;
import com.google.cloud.aiplatform.v1.TensorboardRun;
import com.google.cloud.aiplatform.v1.TensorboardTimeSeries;
import com.google.cloud.aiplatform.v1.TimeSeriesData;
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
          .addModule(messages())
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

  private static SimpleModule messages() {
    SimpleModule module = new SimpleModule().addSerializer(new MessageWriter());
    read(module, CustomJob.class, CustomJob::newBuilder);
    read(module, Status.class, Status::newBuilder);
    read(module, MetadataStore.class, MetadataStore::newBuilder);
    read(module, Context.class, Context::newBuilder);
    read(module, Artifact.class, Artifact::newBuilder);
    read(module, Execution.class, Execution::newBuilder);
    read(module, Event.class, Event::newBuilder);
    read(module, Tensorboard.class, Tensorboard::newBuilder);
    read(module, TensorboardExperiment.class, TensorboardExperiment::newBuilder);
    read(module, TensorboardRun.class, TensorboardRun::newBuilder);
    read(module, TensorboardTimeSeries.class, TensorboardTimeSeries::newBuilder);
    read(module, TimeSeriesData.class, TimeSeriesData::newBuilder);
    read(module, Model.class, Model::newBuilder);
    read(module, ModelEvaluation.class, ModelEvaluation::newBuilder);
    return module;
  }

  private static <T extends Message> void read(
      SimpleModule module, Class<T> type, Supplier<? extends Message.Builder> builders) {
    module.addDeserializer(type, new MessageReader<>(type, builders));
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

package io.fashionmnist.training.emulator.service;

import com.google.cloud.aiplatform.v1.CreateMetadataStoreOperationMetadata;
import com.google.cloud.aiplatform.v1.CreateTensorboardOperationMetadata;
import com.google.cloud.aiplatform.v1.DeleteOperationMetadata;
import com.google.cloud.aiplatform.v1.MetadataStore;
import com.google.cloud.aiplatform.v1.Tensorboard;
import com.google.cloud.aiplatform.v1.UpdateTensorboardOperationMetadata;
import com.google.cloud.aiplatform.v1.UploadModelOperationMetadata;
import com.google.cloud.aiplatform.v1.UploadModelResponse;
import com.google.protobuf.Empty;
import com.google.protobuf.Message;
import com.google.protobuf.TypeRegistry;
import com.google.protobuf.util.JsonFormat;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import com.linecorp.armeria.common.grpc.GrpcJsonMarshaller;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.MethodDescriptor.PrototypeMarshaller;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Messages as JSON, with protobuf's own rules; details of errors and operations are known by type.
 */
final class JsonMessages implements GrpcJsonMarshaller {
  /** All messages that may stand in an {@code Any}. */
  static final TypeRegistry TYPES =
      TypeRegistry.newBuilder()
          .add(ErrorInfo.getDescriptor())
          .add(BadRequest.getDescriptor())
          .add(DeleteOperationMetadata.getDescriptor())
          .add(Empty.getDescriptor())
          .add(CreateMetadataStoreOperationMetadata.getDescriptor())
          .add(MetadataStore.getDescriptor())
          .add(CreateTensorboardOperationMetadata.getDescriptor())
          .add(UpdateTensorboardOperationMetadata.getDescriptor())
          .add(Tensorboard.getDescriptor())
          .add(UploadModelOperationMetadata.getDescriptor())
          .add(UploadModelResponse.getDescriptor())
          .build();

  private final JsonFormat.Printer printer = JsonFormat.printer().usingTypeRegistry(TYPES);
  // A client may be newer than the definitions here.
  private final JsonFormat.Parser parser =
      JsonFormat.parser().usingTypeRegistry(TYPES).ignoringUnknownFields();

  @Override
  public <T> void serializeMessage(Marshaller<T> marshaller, T message, OutputStream out)
      throws IOException {
    out.write(printer.print((Message) message).getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public <T> T deserializeMessage(Marshaller<T> marshaller, InputStream in) throws IOException {
    PrototypeMarshaller<T> prototypes = (PrototypeMarshaller<T>) marshaller;
    Message.Builder builder = ((Message) prototypes.getMessagePrototype()).newBuilderForType();
    parser.merge(new InputStreamReader(in, StandardCharsets.UTF_8), builder);
    return prototypes.getMessageClass().cast(builder.build());
  }
}

package io.fashionmnist.training.emulator.service;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.server.ServiceRequestContext;
import com.linecorp.armeria.server.grpc.UnframedGrpcErrorHandler;
import io.grpc.Status;
import java.util.Base64;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Errors over REST as Google's APIs write them: {@code {"error": {"code": 429, "message": ...,
 * "status": "RESOURCE_EXHAUSTED", "details": [...]}}}.
 */
public final class ErrorBody implements UnframedGrpcErrorHandler {
  private static final Logger LOG = LoggerFactory.getLogger(ErrorBody.class);

  private final ObjectMapper json = new ObjectMapper();

  @Override
  public HttpResponse handle(
      ServiceRequestContext context, Status status, AggregatedHttpResponse response) {
    ObjectNode body = json.createObjectNode();
    int http = httpStatus(status.getCode());
    ObjectNode error = body.putObject("error");
    error.put("code", http);
    // The header that the description comes from is percent-encoded; the details are not.
    Optional<com.google.rpc.Status> full = details(response);
    error.put(
        "message",
        full.map(com.google.rpc.Status::getMessage)
            .or(() -> Optional.ofNullable(status.getDescription()))
            .orElse(""));
    error.put("status", status.getCode().name());
    full.ifPresent(each -> addDetails(error, each));
    return HttpResponse.of(HttpStatus.valueOf(http), MediaType.JSON_UTF_8, body.toPrettyString());
  }

  private void addDetails(ObjectNode error, com.google.rpc.Status full) {
    for (Any detail : full.getDetailsList()) {
      try {
        error
            .withArray("details")
            .add(
                json.readTree(
                    JsonFormat.printer().usingTypeRegistry(JsonMessages.TYPES).print(detail)));
      } catch (InvalidProtocolBufferException | com.fasterxml.jackson.core.JacksonException e) {
        LOG.warn("A detail of an error is left out", e);
      }
    }
  }

  private static Optional<com.google.rpc.Status> details(AggregatedHttpResponse response) {
    String encoded =
        response
            .trailers()
            .get("grpc-status-details-bin", response.headers().get("grpc-status-details-bin", ""));
    try {
      return encoded.isEmpty()
          ? Optional.empty()
          : Optional.of(com.google.rpc.Status.parseFrom(Base64.getDecoder().decode(encoded)));
    } catch (InvalidProtocolBufferException | IllegalArgumentException e) {
      LOG.warn("The details of an error are left out", e);
      return Optional.empty();
    }
  }

  /** As {@code google/rpc/code.proto} maps them. */
  static int httpStatus(Status.Code code) {
    return switch (code) {
      case OK -> 200;
      case CANCELLED -> 499;
      case INVALID_ARGUMENT, FAILED_PRECONDITION, OUT_OF_RANGE -> 400;
      case DEADLINE_EXCEEDED -> 504;
      case NOT_FOUND -> 404;
      case ALREADY_EXISTS, ABORTED -> 409;
      case PERMISSION_DENIED -> 403;
      case UNAUTHENTICATED -> 401;
      case RESOURCE_EXHAUSTED -> 429;
      case UNIMPLEMENTED -> 501;
      case UNAVAILABLE -> 503;
      case UNKNOWN, INTERNAL, DATA_LOSS -> 500;
    };
  }
}

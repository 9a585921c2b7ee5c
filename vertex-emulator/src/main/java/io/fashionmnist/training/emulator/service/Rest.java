package io.fashionmnist.training.emulator.service;

import com.google.api.HttpRule;
import com.linecorp.armeria.common.grpc.GrpcJsonMarshaller;
import com.linecorp.armeria.server.grpc.HttpJsonTranscodingConflictStrategy;
import com.linecorp.armeria.server.grpc.HttpJsonTranscodingOptions;
import com.linecorp.armeria.server.grpc.HttpJsonTranscodingQueryParamMatchRule;

/** REST, made from the services' own definitions. */
public final class Rest {
  private Rest() {}

  /** How messages become JSON. */
  public static GrpcJsonMarshaller messages() {
    return new JsonMessages();
  }

  /** Which paths and parameters become which requests. */
  public static HttpJsonTranscodingOptions options() {
    String name = "projects/*/locations/*/operations/*";
    String operations = "google.longrunning.Operations.";
    return HttpJsonTranscodingOptions.builder()
        .queryParamMatchRules(
            HttpJsonTranscodingQueryParamMatchRule.LOWER_CAMEL_CASE,
            HttpJsonTranscodingQueryParamMatchRule.ORIGINAL_FIELD)
        .additionalHttpRules(
            HttpRule.newBuilder()
                .setSelector(operations + "GetOperation")
                .setGet("/v1/{name=" + name + "}")
                .build(),
            HttpRule.newBuilder()
                .setSelector(operations + "DeleteOperation")
                .setDelete("/v1/{name=" + name + "}")
                .build(),
            HttpRule.newBuilder()
                .setSelector(operations + "CancelOperation")
                .setPost("/v1/{name=" + name + "}:cancel")
                .build(),
            HttpRule.newBuilder()
                .setSelector(operations + "ListOperations")
                .setGet("/v1/{name=projects/*/locations/*}/operations")
                .build())
        // The protocol's own rules know no projects.
        .conflictStrategy(HttpJsonTranscodingConflictStrategy.lastWins())
        .errorHandler(new ErrorBody())
        .build();
  }
}

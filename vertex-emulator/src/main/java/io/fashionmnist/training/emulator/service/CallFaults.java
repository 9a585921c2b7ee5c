package io.fashionmnist.training.emulator.service;

import com.google.protobuf.Any;
import com.google.rpc.Code;
import com.google.rpc.ErrorInfo;
import io.fashionmnist.training.emulator.error.ApiException;
import io.fashionmnist.training.emulator.error.ServiceTexts;
import io.fashionmnist.training.emulator.fault.Call;
import io.fashionmnist.training.emulator.fault.Fault;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What faults of a call say to the caller. */
final class CallFaults {
  private CallFaults() {}

  /** The refusal instead of the work; empty if the fault lets it be done. */
  static Optional<ApiException> before(Fault fault, Call call, String projectNumber) {
    String project = call.project();
    return switch (fault.kind()) {
      case RATE_LIMIT ->
          told(
              fault,
              Code.RESOURCE_EXHAUSTED,
              ServiceTexts.rateLimit(projectNumber),
              reason("RATE_LIMIT_EXCEEDED"));
      case QUOTA_EXCEEDED ->
          told(fault, Code.RESOURCE_EXHAUSTED, ServiceTexts.quotaExceeded(machineMetrics(call)));
      case PERMISSION_DENIED ->
          told(
              fault,
              Code.PERMISSION_DENIED,
              ServiceTexts.permissionDenied(permission(call.method()), project, call.region()),
              reason("IAM_PERMISSION_DENIED"));
      case SERVICE_ACCOUNT ->
          told(
              fault,
              Code.INVALID_ARGUMENT,
              ServiceTexts.mayNotActAs(
                  call.serviceAccount().isEmpty()
                      ? projectNumber + "-compute@developer.gserviceaccount.com"
                      : call.serviceAccount()));
      case API_DISABLED ->
          told(
              fault,
              Code.PERMISSION_DENIED,
              ServiceTexts.apiDisabled(projectNumber),
              reason("SERVICE_DISABLED"));
      case BILLING_DISABLED ->
          told(
              fault,
              Code.PERMISSION_DENIED,
              ServiceTexts.billingDisabled(projectNumber),
              reason("BILLING_DISABLED"));
      case UNAVAILABLE -> told(fault, Code.UNAVAILABLE, "The service is currently unavailable.");
      case ERROR -> told(fault, Code.INTERNAL, "Internal error encountered.");
      case DEADLINE_EXCEEDED_AFTER_COMMIT,
          ERROR_AFTER_COMMIT,
          SLOW,
          LIST_LAG,
          OPERATION_LAG,
          FAILED_FOR_QUOTA,
          STAYS_QUEUED,
          STOCKOUT,
          INTERNAL_ERROR,
          FAILED,
          PREEMPTION,
          SUCCEEDS_WHILE_CANCELLING,
          LATE_ERROR ->
          Optional.empty();
    };
  }

  /** The answer that hides that the work was done; empty if the fault does not. */
  static Optional<ApiException> after(Fault fault) {
    return switch (fault.kind()) {
      case DEADLINE_EXCEEDED_AFTER_COMMIT ->
          told(fault, Code.DEADLINE_EXCEEDED, "Deadline exceeded.");
      case ERROR_AFTER_COMMIT -> told(fault, Code.INTERNAL, "Internal error encountered.");
      default -> Optional.empty();
    };
  }

  private static Optional<ApiException> told(
      Fault fault, Code code, String message, Any... details) {
    return Optional.of(
        new ApiException(
            fault.code().orElse(code), fault.message().orElse(message), List.of(details)));
  }

  private static List<String> machineMetrics(Call call) {
    return call.metrics().stream().filter(metric -> !metric.endsWith("_pd_ssd")).sorted().toList();
  }

  private static Any reason(String reason) {
    return Any.pack(
        ErrorInfo.newBuilder()
            .setReason(reason)
            .setDomain("googleapis.com")
            .putMetadata("service", "aiplatform.googleapis.com")
            .build());
  }

  /** {@code CreateCustomJob} needs {@code aiplatform.customJobs.create}. */
  private static String permission(String method) {
    if (method.startsWith("AddContext") || method.startsWith("RemoveContext")) {
      return "aiplatform.contexts."
          + method.substring(0, 1).toLowerCase(Locale.ROOT)
          + method.substring(1);
    }
    switch (method) {
      case "ListModelVersions":
        return "aiplatform.models.list";
      case "MergeVersionAliases":
        return "aiplatform.models.update";
      case "DeleteModelVersion":
        return "aiplatform.models.delete";
      default:
        break;
    }
    if (method.equals("WriteTensorboardRunData")) {
      return "aiplatform.tensorboardRuns.write";
    }
    int noun = 1;
    while (noun < method.length() && !Character.isUpperCase(method.charAt(noun))) {
      noun++;
    }
    String resource = method.substring(noun);
    String plural = resource.endsWith("s") ? resource : resource + "s";
    return "aiplatform."
        + plural.substring(0, 1).toLowerCase(Locale.ROOT)
        + plural.substring(1)
        + "."
        + method.substring(0, noun).toLowerCase(Locale.ROOT);
  }
}

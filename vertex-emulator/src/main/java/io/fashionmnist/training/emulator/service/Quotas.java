package io.fashionmnist.training.emulator.service;

import com.google.api.cloudquotas.v1.CloudQuotasGrpc;
import com.google.api.cloudquotas.v1.GetQuotaInfoRequest;
import com.google.api.cloudquotas.v1.ListQuotaInfosRequest;
import com.google.api.cloudquotas.v1.ListQuotaInfosResponse;
import com.google.api.cloudquotas.v1.QuotaInfo;
import io.fashionmnist.training.emulator.error.ApiException;
import io.fashionmnist.training.emulator.fault.Call;
import io.fashionmnist.training.emulator.quota.QuotaBook;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code google.api.cloudquotas.v1.CloudQuotas}: the limits, as far as they are set. */
public final class Quotas extends CloudQuotasGrpc.CloudQuotasImplBase {
  private static final Pattern PARENT =
      Pattern.compile("projects/([^/]+)/locations/([^/]+)/services/aiplatform\\.googleapis\\.com");

  private final CallDesk desk;
  private final QuotaBook quota;

  /** With where calls pass and where limits are. */
  public Quotas(CallDesk desk, QuotaBook quota) {
    this.desk = desk;
    this.quota = quota;
  }

  @Override
  public void getQuotaInfo(GetQuotaInfoRequest request, StreamObserver<QuotaInfo> out) {
    String name = request.getName();
    Requests.parse(
        out,
        () -> call("GetQuotaInfo", name.replaceFirst("/quotaInfos/[^/]*$", "")),
        call ->
            desk.answer(
                call,
                out,
                _ ->
                    QuotaCatalog.infos(
                            name.substring(0, name.lastIndexOf("/quotaInfos/")), quota.limits())
                        .stream()
                        .filter(info -> info.getName().equals(name))
                        .findFirst()
                        .orElseThrow(
                            () -> ApiException.notFound("Resource '" + name + "' not found"))));
  }

  @Override
  public void listQuotaInfos(
      ListQuotaInfosRequest request, StreamObserver<ListQuotaInfosResponse> out) {
    Requests.parse(
        out,
        () -> call("ListQuotaInfos", request.getParent()),
        call -> desk.answer(call, out, _ -> page(request)));
  }

  private ListQuotaInfosResponse page(ListQuotaInfosRequest request) {
    List<QuotaInfo> all = QuotaCatalog.infos(request.getParent(), quota.limits());
    int size = request.getPageSize() > 0 ? request.getPageSize() : Math.max(1, all.size());
    int from = from(request.getPageToken(), all.size());
    int to = Math.min(all.size(), from + size);
    return ListQuotaInfosResponse.newBuilder()
        .addAllQuotaInfos(all.subList(from, to))
        .setNextPageToken(to < all.size() ? String.valueOf(to) : "")
        .build();
  }

  private static int from(String token, int size) {
    if (token.isEmpty()) {
      return 0;
    }
    if (!token.matches("\\d{1,6}") || Integer.parseInt(token) > size) {
      throw ApiException.invalidArgument("Invalid page token.");
    }
    return Integer.parseInt(token);
  }

  private static Call call(String method, String parent) {
    Matcher matcher = PARENT.matcher(parent);
    if (!matcher.matches()) {
      throw ApiException.invalidArgument("Invalid resource name: " + parent);
    }
    return new Call(method, matcher.group(1), matcher.group(2));
  }
}

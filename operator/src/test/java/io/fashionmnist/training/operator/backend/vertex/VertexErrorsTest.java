package io.fashionmnist.training.operator.backend.vertex;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.google.rpc.Code;
import com.google.rpc.Status;
import io.fashionmnist.training.operator.backend.AttemptObservation.Consequence;
import io.fashionmnist.training.operator.backend.vertex.VertexSignal.Source;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every sentence in vertex/errors.yaml, and what no wrapping of a quota's may change. */
class VertexErrorsTest {
  private static final String SENTENCE = "The following quota metrics exceed quota limits: ";

  private final VertexErrors errors = new VertexErrors();

  record Case(
      Code code,
      Source source,
      String message,
      String reason,
      String failure,
      List<String> metrics,
      Integer exitCode,
      String advice) {
    @Override
    public String toString() {
      return failure + " <- " + message;
    }
  }

  static Stream<Case> cases() throws IOException {
    try (InputStream file = VertexErrorsTest.class.getResourceAsStream("/vertex/errors.yaml")) {
      return new ObjectMapper(new YAMLFactory())
          .readValue(file, new TypeReference<List<Case>>() {}).stream();
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void aSentenceHasItsMeaning(Case each) {
    VertexFailure failure =
        errors.classify(
            new VertexSignal(
                each.code(), each.message(), Optional.ofNullable(each.reason()), each.source()));
    assertThat(failure.getClass().getSimpleName()).isEqualTo(each.failure());
    assertThat(failure.message()).isEqualTo(OneLine.of(each.message()));
    assertThat(failure.quotaMetrics())
        .isEqualTo(Optional.ofNullable(each.metrics()).orElse(List.of()));
    if (failure instanceof VertexFailure.UserCode(var exitCode, _)) {
      assertThat(exitCode).isEqualTo(Optional.ofNullable(each.exitCode()));
    }
    if (each.advice() != null) {
      assertThat(failure.remedy().orElseThrow()).contains(each.advice());
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void onlyCapacityMovesAJob(Case each) {
    VertexFailure failure =
        errors.classify(
            new VertexSignal(
                each.code(), each.message(), Optional.ofNullable(each.reason()), each.source()));
    boolean moves =
        new VertexObserver().failed(failure, Optional.empty()).consequence()
            == Consequence.ELSEWHERE;
    assertThat(moves)
        .isEqualTo(
            List.of("Quota", "QuotaLimitZero", "Stockout", "Preempted").contains(each.failure()));
  }

  @Test
  void callsAndJobErrorsMeanTheSame() {
    String message = SENTENCE + "aiplatform.googleapis.com/custom_model_training_cpus";
    var expected = new VertexFailure.Quota(List.of("custom_model_training_cpus"), message);
    assertThat(
            errors.classify(
                VertexSignal.ofCall(Code.RESOURCE_EXHAUSTED, message, Optional.empty())))
        .isEqualTo(expected);
    assertThat(
            errors.classify(
                VertexSignal.ofJob(Status.newBuilder().setCode(8).setMessage(message).build())))
        .isEqualTo(expected);
    assertThat(errors.classify(VertexSignal.ofCall(Code.PERMISSION_DENIED, "no", Optional.empty())))
        .isInstanceOf(VertexFailure.Permission.class);
  }

  @Property(tries = 500)
  void whatIsAroundAQuotasSentenceDoesNotChangeItsMetrics(
      @ForAll("metrics") List<String> metrics,
      @ForAll("separators") String separator,
      @ForAll("words") String before,
      @ForAll("words") String after,
      @ForAll("ends") String end,
      @ForAll Source source) {
    String message =
        before
            + " "
            + SENTENCE
            + String.join(
                separator,
                metrics.stream().map(each -> "aiplatform.googleapis.com/" + each).toList())
            + end
            + after;
    VertexFailure failure =
        errors.classify(
            new VertexSignal(Code.RESOURCE_EXHAUSTED, message, Optional.empty(), source));
    assertThat(failure).isInstanceOf(VertexFailure.Quota.class);
    assertThat(failure.quotaMetrics()).isEqualTo(metrics);
  }

  @Provide
  Arbitrary<List<String>> metrics() {
    return Arbitraries.strings()
        .withCharRange('a', 'z')
        .withChars('0', '9', '_')
        .ofMinLength(1)
        .ofMaxLength(24)
        .map(each -> "custom_model_training_" + each)
        .list()
        .ofMinSize(1)
        .ofMaxSize(4)
        .uniqueElements();
  }

  @Provide
  Arbitrary<String> separators() {
    return Arbitraries.of(",", ", ", " and ", ", and ", ",\n", ";", "\u00a0", " , ", "\", \"");
  }

  @Provide
  Arbitrary<String> words() {
    return Arbitraries.strings()
        .withCharRange(' ', '~')
        .withChars('\n', '\u00a0', 'é', '配')
        .ofMaxLength(60)
        .filter(text -> !text.contains("\\") && !text.startsWith("..") && !text.startsWith("/"));
  }

  @Provide
  Arbitrary<String> ends() {
    return Arbitraries.of("\"", ", cause=null; ", ". ", ")", "\n", " ", ";", "'", "]");
  }
}

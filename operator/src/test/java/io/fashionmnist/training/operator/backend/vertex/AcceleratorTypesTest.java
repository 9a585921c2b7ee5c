package io.fashionmnist.training.operator.backend.vertex;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.cloud.aiplatform.v1.AcceleratorType;
import io.fashionmnist.training.operator.placement.Accelerators;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class AcceleratorTypesTest {
  @Test
  void placementsMayNameWhatTheServiceHas() {
    assertThat(Accelerators.types())
        .containsExactlyInAnyOrderElementsOf(
            Stream.of(AcceleratorType.values())
                .filter(each -> each != AcceleratorType.UNRECOGNIZED)
                .filter(each -> each != AcceleratorType.ACCELERATOR_TYPE_UNSPECIFIED)
                .map(Enum::name)
                .toList());
  }
}

package io.fashionmnist.training.operator;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import io.fashionmnist.training.testing.GoogleCalls;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A call that is added without its permission would fail in a real project only. */
class GooglePermissionsTest {
  @Test
  void theOperatorMayMakeEachCallThatItMakes() {
    assertThat(GoogleCalls.madeBy(each -> !uploads(each)))
        .isEqualTo(GoogleCalls.permittedTo("operator"));
  }

  @Test
  void theRegistryAccountMayMakeEachCallThatUploadsMake() {
    assertThat(GoogleCalls.madeBy(GooglePermissionsTest::uploads))
        .isEqualTo(GoogleCalls.permittedTo("registry"));
  }

  @Test
  void eachPermissionIsDocumentedWhereRightsAre() throws Exception {
    String page =
        Files.readString(Path.of("../docs/gcp-setup.md")).replaceAll("[{}`]", "").toLowerCase();
    List<String> rows =
        Files.readAllLines(Path.of("../hack/gcp/permissions.tsv")).stream()
            .filter(line -> line.startsWith("operator\t") || line.startsWith("registry\t"))
            .map(line -> line.split("\t")[2].toLowerCase())
            .toList();
    assertThat(rows)
        .isNotEmpty()
        .allSatisfy(
            permission -> {
              int dot = permission.lastIndexOf('.');
              assertThat(page)
                  .containsPattern(
                      permission.substring(0, dot).replace(".", "\\.")
                          + "\\.([a-z]+,)*"
                          + permission.substring(dot + 1));
            });
  }

  private static boolean uploads(JavaClass each) {
    return each.getPackageName().endsWith(".operator.registry");
  }
}

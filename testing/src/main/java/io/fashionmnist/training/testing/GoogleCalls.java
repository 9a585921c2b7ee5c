package io.fashionmnist.training.testing;

import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The calls that code makes of Google's APIs by their clients, as {@code Service.Method}, and those
 * that accounts have permissions for.
 */
public final class GoogleCalls {
  private static final Path TABLE = Path.of("../hack/gcp/permissions.tsv");
  private static final Pattern CLIENT =
      Pattern.compile(
          "com\\.google\\.(cloud\\.aiplatform|api\\.cloudquotas|cloud\\.monitoring|longrunning)\\..*Client");
  private static final Set<String> NO_CALLS =
      Set.of("create", "close", "getOperationsClient", "<init>");

  private GoogleCalls() {}

  /**
   * The calls that classes make.
   *
   * @param where which of this module's classes are looked at
   */
  public static Set<String> madeBy(Predicate<JavaClass> where) {
    JavaClasses classes =
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.fashionmnist.training");
    return classes.stream()
        .filter(where)
        .flatMap(
            each ->
                Stream.concat(
                    each.getMethodCallsFromSelf().stream().map(call -> call.getTarget()),
                    each.getMethodReferencesFromSelf().stream().map(call -> call.getTarget())))
        .filter(target -> CLIENT.matcher(target.getOwner().getName()).matches())
        .filter(target -> !NO_CALLS.contains(target.getName()))
        .map(GoogleCalls::name)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** The calls that an account has permissions for. */
  public static Set<String> permittedTo(String account) {
    try (Stream<String> lines = Files.lines(TABLE)) {
      return lines
          .filter(line -> !line.startsWith("#"))
          .map(line -> line.split("\t"))
          .filter(row -> row[0].equals(account))
          .map(row -> row[1])
          .collect(Collectors.toCollection(TreeSet::new));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** {@code ModelServiceClient.uploadModelCallable} is {@code ModelService.UploadModel}. */
  private static String name(AccessTarget.CodeUnitAccessTarget target) {
    String service = target.getOwner().getSimpleName().replaceFirst("Client$", "");
    String method = target.getName().replaceFirst("(Paged)?Callable$|Async$", "");
    return service + "." + Character.toUpperCase(method.charAt(0)) + method.substring(1);
  }
}

package io.fashionmnist.training.emulator.error;

import com.google.protobuf.Any;
import com.google.rpc.BadRequest;
import com.google.rpc.BadRequest.FieldViolation;
import com.google.rpc.Code;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** What is wrong with a request: all of it is said at once, as the service does. */
public final class Violations {
  /** The service's word for a field that is missing. */
  public static final String REQUIRED = "Required field is not set.";

  private static final int MOST_LABELS = 64;
  private static final int LONGEST_DISPLAY_NAME = 128;
  private static final Pattern LABEL_KEY =
      Pattern.compile("[\\p{Ll}\\p{Lo}][\\p{Ll}\\p{Lo}\\p{N}_-]{0,62}");
  private static final Pattern LABEL_VALUE = Pattern.compile("[\\p{Ll}\\p{Lo}\\p{N}_-]{0,63}");

  private final List<FieldViolation> all = new ArrayList<>();

  /** Notes what is wrong with a field. */
  public void add(String field, String message) {
    all.add(FieldViolation.newBuilder().setField(field).setDescription(message).build());
  }

  /** Checks a name for people, which every resource needs. */
  public void displayName(String field, String name) {
    if (name.isEmpty()) {
      add(field, REQUIRED);
    } else if (name.length() > LONGEST_DISPLAY_NAME) {
      add(field, "The length of the field must be at most 128 characters.");
    }
  }

  /** Checks labels. */
  public void labels(String field, Map<String, String> labels) {
    if (labels.size() > MOST_LABELS) {
      add(field, "No more than 64 labels can be set.");
    }
    labels.forEach(
        (key, value) -> {
          if (!LABEL_KEY.matcher(key).matches()) {
            add(field, "Label key \"" + key + "\" is invalid.");
          }
          if (!LABEL_VALUE.matcher(value).matches()) {
            add(field, "Label value \"" + value + "\" is invalid.");
          }
        });
  }

  /**
   * Ends the check.
   *
   * @throws ApiException INVALID_ARGUMENT with everything that is wrong
   */
  public void refuse() {
    if (all.isEmpty()) {
      return;
    }
    StringBuilder message = new StringBuilder("List of found errors:");
    int number = 0;
    for (FieldViolation violation : all) {
      message
          .append("\t")
          .append(++number)
          .append(".Field: ")
          .append(violation.getField())
          .append("; Message: ")
          .append(violation.getDescription());
    }
    throw new ApiException(
        Code.INVALID_ARGUMENT,
        message.append('\t').toString(),
        List.of(Any.pack(BadRequest.newBuilder().addAllFieldViolations(all).build())));
  }
}

package io.fashionmnist.training.trainer.tracking;

import com.google.protobuf.ListValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import java.util.Collection;
import java.util.Map;

/** Plain values in the service's form, and how two structures become one. Pure. */
final class Structs {
  private Structs() {}

  /** Maps, collections, numbers, truth values and texts. */
  static Struct of(Map<?, ?> map) {
    Struct.Builder struct = Struct.newBuilder();
    map.forEach((name, value) -> struct.putFields(name.toString(), value(value)));
    return struct.build();
  }

  /** The second laid over the first, one level deep, as the Python SDK does. */
  static Struct merge(Struct old, Struct update) {
    Struct.Builder merged = old.toBuilder();
    update
        .getFieldsMap()
        .forEach(
            (name, value) -> {
              Value known = old.getFieldsOrDefault(name, Value.getDefaultInstance());
              merged.putFields(
                  name,
                  known.hasStructValue() && value.hasStructValue()
                      ? known.toBuilder()
                          .setStructValue(
                              known.getStructValue().toBuilder()
                                  .putAllFields(value.getStructValue().getFieldsMap()))
                          .build()
                      : value);
            });
    return merged.build();
  }

  private static Value value(Object plain) {
    Value.Builder value = Value.newBuilder();
    return switch (plain) {
      case Map<?, ?> map -> value.setStructValue(of(map)).build();
      case Collection<?> several ->
          value
              .setListValue(
                  ListValue.newBuilder()
                      .addAllValues(several.stream().map(Structs::value).toList()))
              .build();
      case Number number -> value.setNumberValue(number.doubleValue()).build();
      case Boolean truth -> value.setBoolValue(truth).build();
      default -> value.setStringValue(plain.toString()).build();
    };
  }
}

package io.fashionmnist.training.emulator.filter;

/** The fields of one resource, as a filter sees them. */
public interface Fields {
  /**
   * Compares one field.
   *
   * @throws FilterException if the resource has no such field, or the value is not one of its kind
   */
  boolean compare(String field, Filter.Operator operator, String value);
}

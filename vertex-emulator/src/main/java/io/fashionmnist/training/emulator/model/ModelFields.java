package io.fashionmnist.training.emulator.model;

import com.google.cloud.aiplatform.v1.Model;
import io.fashionmnist.training.emulator.filter.Compare;
import io.fashionmnist.training.emulator.filter.Fields;
import io.fashionmnist.training.emulator.filter.Filter.Operator;
import io.fashionmnist.training.emulator.resource.MessageFields;

/** A model's fields, and {@code model}: the end of its name. */
record ModelFields(Model model) implements Fields {
  @Override
  public boolean compare(String field, Operator operator, String value) {
    return field.equals("model")
        ? Compare.text(id(), operator, value)
        : new MessageFields(model).compare(field, operator, value);
  }

  private String id() {
    String name = ModelName.of(model.getName()).model();
    return name.substring(name.lastIndexOf('/') + 1);
  }
}

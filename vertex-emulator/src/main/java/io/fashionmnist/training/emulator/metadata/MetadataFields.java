package io.fashionmnist.training.emulator.metadata;

import com.google.protobuf.Message;
import io.fashionmnist.training.emulator.filter.Fields;
import io.fashionmnist.training.emulator.filter.Filter.Operator;
import io.fashionmnist.training.emulator.job.Projects;
import io.fashionmnist.training.emulator.resource.MessageFields;
import io.fashionmnist.training.emulator.resource.ResourceName;

/**
 * A context's, an artifact's or an execution's fields, and who belongs to whom: {@code
 * parent_contexts:"name"}, {@code child_contexts:"name"}, {@code in_context("name")}.
 *
 * @param name canonical
 */
public record MetadataFields(MetadataBook book, Projects projects, String name, Message message)
    implements Fields {
  @Override
  public boolean compare(String field, Operator operator, String value) {
    String other = ResourceName.canonical(value, projects);
    return switch (field) {
      case "parent_contexts", "parentContexts" -> book.isParent(other, name);
      case "child_contexts", "childContexts" -> book.isParent(name, other);
      case "in_context" -> book.isMember(other, name);
      case "name" -> new MessageFields(message).compare(field, operator, other);
      default -> new MessageFields(message).compare(field, operator, value);
    };
  }
}

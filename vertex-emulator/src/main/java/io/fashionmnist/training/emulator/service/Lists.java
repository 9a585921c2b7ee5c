package io.fashionmnist.training.emulator.service;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.fashionmnist.training.emulator.resource.Page;
import java.util.Optional;

/** What list calls have in common: the fields that ask for a page, and those that hold one. */
final class Lists {
  private Lists() {}

  /** The page that a list request asks for. */
  static Page.Request asked(Message request) {
    return new Page.Request(
        text(request, "filter"),
        text(request, "order_by"),
        (Integer) request.getField(request.getDescriptorForType().findFieldByName("page_size")),
        text(request, "page_token"));
  }

  private static String text(Message request, String field) {
    return Optional.ofNullable(request.getDescriptorForType().findFieldByName(field))
        .map(request::getField)
        .map(String.class::cast)
        .orElse("");
  }

  /**
   * A list's answer with a page in it.
   *
   * @param empty tells what kind of answer; its only repeated field is the list
   */
  @SuppressWarnings("unchecked")
  static <A extends Message> A answer(A empty, Page<? extends Message> page) {
    FieldDescriptor items =
        empty.getDescriptorForType().getFields().stream()
            .filter(FieldDescriptor::isRepeated)
            .findFirst()
            .orElseThrow();
    return (A)
        empty
            .newBuilderForType()
            .setField(items, page.items())
            .setField(
                empty.getDescriptorForType().findFieldByName("next_page_token"),
                page.nextPageToken())
            .build();
  }
}

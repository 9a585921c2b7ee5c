package io.fashionmnist.training.emulator.resource;

import io.fashionmnist.training.emulator.error.ApiException;
import io.fashionmnist.training.emulator.filter.Fields;
import io.fashionmnist.training.emulator.filter.Filter;
import io.fashionmnist.training.emulator.filter.FilterException;
import io.fashionmnist.training.emulator.filter.FilterParser;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;

/**
 * A page of a list.
 *
 * @param items in the order that was asked for, else in that of their creation
 * @param nextPageToken empty at the end
 */
public record Page<T>(List<T> items, String nextPageToken) {
  /**
   * What a client asks for.
   *
   * @param filter in the grammar of AIP-160; empty is everything
   * @param orderBy fields, each with {@code desc} or without; empty is the order of creation
   * @param size 0 takes the usual one
   * @param token empty at the beginning
   */
  public record Request(String filter, String orderBy, int size, String token) {}

  /**
   * How large pages are.
   *
   * @param usual when the client does not say
   * @param largest more than this is not given
   */
  public record Sizes(int usual, int largest) {}

  /**
   * Makes a page.
   *
   * @param all in the order of creation
   * @param fields what a filter sees of an item
   * @throws ApiException INVALID_ARGUMENT for a filter, an order or a token that cannot be used
   */
  public static <T> Page<T> of(
      List<T> all,
      Request request,
      Sizes sizes,
      Function<T, Fields> fields,
      Function<String, Comparator<T>> orders) {
    if (request.size() < 0) {
      throw ApiException.invalidArgument("Page size must not be negative.");
    }
    int size = request.size() == 0 ? sizes.usual() : Math.min(request.size(), sizes.largest());
    try {
      Filter filter = FilterParser.parse(request.filter());
      List<T> found =
          all.stream()
              .filter(each -> filter.matches(fields.apply(each)))
              .sorted(order(request.orderBy(), orders))
              .toList();
      int from = from(request.token(), found.size());
      int to = Math.min(found.size(), from + size);
      return new Page<>(found.subList(from, to), to < found.size() ? Integer.toString(to) : "");
    } catch (FilterException e) {
      throw ApiException.invalidArgument("Invalid filter: " + e.getMessage());
    }
  }

  private static <T> Comparator<T> order(String orderBy, Function<String, Comparator<T>> orders) {
    Comparator<T> order = (_, _) -> 0;
    for (String part : orderBy.isBlank() ? new String[0] : orderBy.split(",")) {
      String[] words = part.strip().split("\\s+");
      boolean falling = words.length == 2 && words[1].equals("desc");
      if (words.length > 2 || (words.length == 2 && !falling && !words[1].equals("asc"))) {
        throw ApiException.invalidArgument("Invalid order_by: " + orderBy);
      }
      Comparator<T> rising = orders.apply(words[0]);
      order = order.thenComparing(falling ? rising.reversed() : rising);
    }
    return order;
  }

  private static int from(String token, int size) {
    if (token.isEmpty()) {
      return 0;
    }
    if (!token.matches("\\d{1,9}") || Integer.parseInt(token) > size) {
      throw ApiException.invalidArgument("Invalid page token.");
    }
    return Integer.parseInt(token);
  }
}

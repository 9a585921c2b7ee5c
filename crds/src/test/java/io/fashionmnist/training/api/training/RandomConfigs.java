package io.fashionmnist.training.api.training;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.fashionmnist.training.api.training.OptionType.BooleanType;
import io.fashionmnist.training.api.training.OptionType.ChoiceType;
import io.fashionmnist.training.api.training.OptionType.IntegerListType;
import io.fashionmnist.training.api.training.OptionType.IntegerType;
import io.fashionmnist.training.api.training.OptionType.NumberType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Random valid configurations in their JSON form, with any settings left out. */
final class RandomConfigs {
  private RandomConfigs() {}

  static Arbitrary<ObjectNode> trees() {
    List<TrainingOption> options = new TrainingSchema().options();
    List<Arbitrary<Optional<JsonNode>>> values = new ArrayList<>();
    for (TrainingOption option : options) {
      values.add(value(option.type()).optional(0.8));
    }
    return Combinators.combine(values).as(chosen -> tree(options, chosen));
  }

  private static ObjectNode tree(List<TrainingOption> options, List<Optional<JsonNode>> chosen) {
    ObjectNode tree = JsonNodeFactory.instance.objectNode();
    for (int i = 0; i < options.size(); i++) {
      TrainingOption option = options.get(i);
      chosen.get(i).ifPresent(value -> option.put(tree, value));
    }
    return tree;
  }

  private static Arbitrary<JsonNode> value(OptionType type) {
    return switch (type) {
      case IntegerType integer -> integers(integer.range()).map(LongNode::valueOf);
      case NumberType number -> numbers(number.range()).map(DoubleNode::valueOf);
      case BooleanType _ -> Arbitraries.of(BooleanNode.TRUE, BooleanNode.FALSE);
      case ChoiceType choice -> Arbitraries.of(choice.names()).map(TextNode::valueOf);
      case IntegerListType list ->
          integers(list.entries().range())
              .list()
              .ofMinSize(list.minSize())
              .ofMaxSize(list.maxSize())
              .map(RandomConfigs::array);
    };
  }

  private static Arbitrary<Long> integers(Range range) {
    return Arbitraries.longs().between((long) range.minimum(), (long) range.maximum());
  }

  private static Arbitrary<Double> numbers(Range range) {
    // Random bits give the awkward doubles with seventeen digits and the tiny ones.
    Arbitrary<Double> even =
        Arbitraries.randomValue(
            random -> range.minimum() + random.nextDouble() * (range.maximum() - range.minimum()));
    Arbitrary<Double> tiny = Arbitraries.randomValue(random -> Math.pow(random.nextDouble(), 60));
    Arbitrary<Double> bounds = Arbitraries.of(range.minimum(), range.maximum(), -0.0);
    return Arbitraries.oneOf(even, tiny, bounds).filter(range::contains);
  }

  private static JsonNode array(List<Long> entries) {
    ArrayNode array = JsonNodeFactory.instance.arrayNode();
    entries.forEach(array::add);
    return array;
  }
}

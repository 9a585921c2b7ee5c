package io.fashionmnist.training.trainer.train;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.fashionmnist.training.api.training.EpochMetrics;
import io.fashionmnist.training.api.training.Metrics;
import io.fashionmnist.training.api.training.TrainingConfig;
import io.fashionmnist.training.trainer.data.Dataset;
import io.fashionmnist.training.trainer.evaluation.Evaluation;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Where a model comes from: {@code metadata.json} beside the SavedModel. */
record ModelMetadata(
    TrainingConfig config,
    Dataset data,
    List<EpochMetrics> history,
    EpochMetrics best,
    Evaluation test) {

  byte[] json() throws JsonProcessingException {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("configuration", config);
    tree.put(
        "data",
        Map.of(
            "sha256", data.digest(),
            "trainingImages", data.train().count(),
            "testImages", data.test().count(),
            "height", data.train().height(),
            "width", data.train().width(),
            "classNames", data.classNames()));
    tree.put("versions", Versions.current());
    tree.put(
        "metrics",
        Map.of(
            "best", best,
            "testLoss", Metrics.round(test.loss()),
            "testAccuracy", Metrics.round(test.accuracy())));
    tree.put("history", history);
    return new ObjectMapper()
        .enable(SerializationFeature.INDENT_OUTPUT, SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
        .writeValueAsBytes(tree);
  }
}

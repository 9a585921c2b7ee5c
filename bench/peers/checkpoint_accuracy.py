#!/usr/bin/env python3
"""The test accuracy of every checkpoint of a training, by the same network in Keras.

Prints one JSON line for each, the oldest first: its name, the epoch that it was saved after, and the
share of the test images that its weights (the current ones, not the best) classify rightly.
"""

import argparse
import json
import os
from pathlib import Path

os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ["CUDA_VISIBLE_DEVICES"] = ""
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import keras  # noqa: E402
import numpy as np  # noqa: E402
import tensorflow as tf  # noqa: E402
from keras_peer import build_model  # noqa: E402
from peer import read_images  # noqa: E402

NORMALIZED = ("conv1", "conv2", "conv3", "dense")


def weights_of(prefix: Path) -> list[np.ndarray]:
    """A checkpoint's weights in the order of Keras's layers."""
    reader = tf.train.load_checkpoint(str(prefix))
    names = []
    for layer in NORMALIZED:
        names += [f"{layer}.{part}" for part in ("kernel", "bias", "gamma", "beta")]
        names += [f"{layer}.movingMean", f"{layer}.movingVariance"]
    return [reader.get_tensor(name) for name in [*names, "logits.kernel", "logits.bias"]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="Fashion-MNIST's directory")
    parser.add_argument("checkpoints", type=Path, help="the directory of the checkpoints")
    arguments = parser.parse_args()
    test = read_images(arguments.data, "t10k")
    images = test.pixels[..., np.newaxis].astype(np.float32) / 255
    model: keras.Model = build_model(28, 28, classes=10)
    for checkpoint in sorted(arguments.checkpoints.glob("step-*")):
        position = json.loads((checkpoint / "manifest.json").read_text())["position"]
        model.set_weights(weights_of(checkpoint / "variables"))
        predicted = model.predict(images, batch_size=1_000, verbose=0).argmax(axis=1)
        line = {
            "checkpoint": checkpoint.name,
            # The position is that of the epoch which would come next.
            "epoch": position["epoch"] - 1,
            "testAccuracy": round(float(np.mean(predicted == test.labels)), 6),
        }
        print(json.dumps(line), flush=True)


if __name__ == "__main__":
    main()

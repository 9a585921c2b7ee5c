#!/usr/bin/env python3
"""Opens a SavedModel with Python's TensorFlow and compares its probabilities with the trainer's."""

import argparse
import json
import os
import sys
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import numpy as np  # noqa: E402
import tensorflow as tf  # noqa: E402

Array = np.ndarray


def serve(model: Path, images: Array) -> Array:
    """The one output of `serving_default` for its one input."""
    loaded = tf.saved_model.load(str(model))
    signature = loaded.signatures["serving_default"]
    (name,) = signature.structured_input_signature[1]
    (probabilities,) = signature(**{name: tf.constant(images)}).values()
    return probabilities.numpy()


def input_rank(model: Path) -> int | None:
    """The rank that `serving_default` declares; None when it takes any."""
    signature = tf.saved_model.load(str(model)).signatures["serving_default"]
    (spec,) = signature.structured_input_signature[1].values()
    return spec.shape.rank


def compare(shape: str, actual: Array, expected: Array, tolerance: float) -> bool:
    if actual.shape != expected.shape:
        print(f"{shape}: {list(actual.shape)} probabilities, expected {list(expected.shape)}")
        return False
    difference = float(np.max(np.abs(actual - expected)))
    print(f"{shape}: largest absolute difference {difference:.3g}")
    return difference <= tolerance


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", type=Path, help="the SavedModel's directory")
    parser.add_argument(
        "probabilities",
        type=Path,
        help='JSON: {"images": [[[...]]], in [0,1], "probabilities": [[...]]}',
    )
    parser.add_argument("--tolerance", type=float, default=1e-5, help="(%(default)s)")
    arguments = parser.parse_args()
    content = json.loads(arguments.probabilities.read_text())
    images = np.array(content["images"], np.float32)
    expected = np.array(content["probabilities"], np.float64)
    rank = input_rank(arguments.model)
    forms = {"[N,H,W]": images, "[N,H,W,1]": images[..., np.newaxis]}
    results = [
        compare(shape, serve(arguments.model, form), expected, arguments.tolerance)
        for shape, form in forms.items()
        if rank in (None, form.ndim)
    ]
    if not results:
        print(f"serving_default takes tensors of rank {rank}, neither [N,H,W] nor [N,H,W,1]")
    sys.exit(0 if results and all(results) else 1)


if __name__ == "__main__":
    main()

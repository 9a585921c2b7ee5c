#!/usr/bin/env python3
"""Makes the golden file that the trainer's graph is held to, with Keras's own numbers.

A small copy of the trainer's network (plain Keras layers, float32, no dropout) is given fixed
weights and one fixed batch. The file holds the logits, the loss, every gradient and every
variable after one and after five steps of Keras's Adam with clipnorm and weight decay, for two
ways to train:

oneTower   the whole batch at once;
twoTowers  each half of the batch with BatchNormalization's statistics of its own, gradients and
           moving statistics averaged over the halves.

Arrays are flat and in row-major order: images [N,H,W], convolution kernels [3,3,in,out], dense
kernels [in,out]; Flatten runs over [H,W,channels].

The same steps are also taken in float64. How far they end from float32 is printed and bounded:
a value that rounding alone can move would be no standard for anybody.
"""

import argparse
import gzip
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"
os.environ["CUDA_VISIBLE_DEVICES"] = ""
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import keras  # noqa: E402
import numpy as np  # noqa: E402
import tensorflow as tf  # noqa: E402

Array = np.ndarray
Variables = dict[str, Array]


@dataclass(frozen=True)
class Config:
    """The network, the batch and the optimizer of the golden file."""

    filters: tuple[int, ...] = (4, 8, 16)
    denseUnits: int = 32
    classes: int = 10
    height: int = 28
    width: int = 28
    batchSize: int = 16
    learningRate: float = 1e-3
    clipNorm: float = 1.0
    weightDecay: float = 1e-5
    beta1: float = 0.9
    beta2: float = 0.999
    epsilon: float = 1e-7
    batchNormMomentum: float = 0.99
    batchNormEpsilon: float = 1e-3
    seed: int = 54


@dataclass(frozen=True)
class Step:
    """What one pass over the batch gives before the optimizer uses it."""

    logits: Array
    loss: float
    gradients: list[tf.Tensor]


def build_model(config: Config, dtype: str) -> keras.Model:
    """The trainer's network without dropout, ending in logits."""
    batch_norm = {
        "momentum": config.batchNormMomentum,
        "epsilon": config.batchNormEpsilon,
        "dtype": dtype,
    }
    image = keras.Input((config.height, config.width, 1), dtype=dtype)
    x = image
    for block, filters in enumerate(config.filters, start=1):
        x = keras.layers.Conv2D(
            filters, 3, padding="same", activation="relu", dtype=dtype, name=f"conv{block}"
        )(x)
        x = keras.layers.BatchNormalization(name=f"conv{block}.norm", **batch_norm)(x)
        x = keras.layers.MaxPooling2D(2, dtype=dtype)(x)
    x = keras.layers.Flatten(dtype=dtype)(x)
    x = keras.layers.Dense(config.denseUnits, activation="relu", dtype=dtype, name="dense")(x)
    x = keras.layers.BatchNormalization(name="dense.norm", **batch_norm)(x)
    logits = keras.layers.Dense(config.classes, dtype=dtype, name="logits")(x)
    return keras.Model(image, logits)


def golden_name(variable: keras.Variable) -> str:
    """`conv1.norm/moving_mean` is `conv1.movingMean` to the trainer."""
    layer, field = variable.path.split("/")
    names = {"moving_mean": "movingMean", "moving_variance": "movingVariance"}
    return f"{layer.removesuffix('.norm')}.{names.get(field, field)}"


def variables_of(model: keras.Model) -> dict[str, keras.Variable]:
    """Every variable of the model by its golden name, in the order of the layers."""
    return {golden_name(variable): variable for variable in model.variables}


def starting_value(name: str, shape: tuple[int, ...], random: np.random.Generator) -> Array:
    """Glorot-uniform kernels; everything else away from the values where mistakes cancel out."""
    field = name.split(".")[1]
    if field == "kernel":
        receptive = int(np.prod(shape[:-2]))
        limit = np.sqrt(6 / (receptive * (shape[-2] + shape[-1])))
        return random.uniform(-limit, limit, shape)
    low, high = {
        "bias": (-0.3, 0.3),
        "gamma": (0.5, 1.5),
        "beta": (-0.5, 0.5),
        "movingMean": (0.0, 0.5),
        "movingVariance": (0.2, 1.5),
    }[field]
    return random.uniform(low, high, shape)


def starting_values(model: keras.Model, random: np.random.Generator) -> Variables:
    """Float32 starting values for every variable of the model."""
    return {
        name: starting_value(name, tuple(variable.shape), random).astype(np.float32)
        for name, variable in variables_of(model).items()
    }


def make_images(config: Config, random: np.random.Generator) -> Array:
    """Blurred blobs under noise: structure, and no two equal patches whose maximum is a tie."""
    rows, columns = np.mgrid[: config.height, : config.width]
    images = np.empty((config.batchSize, config.height, config.width))
    for image in images:
        image[:] = 110.0
        for _ in range(4):
            row, column = random.uniform(4, 24, 2)
            size, height = random.uniform(2, 6), random.uniform(-90, 90)
            image += height * np.exp(-((rows - row) ** 2 + (columns - column) ** 2) / (2 * size**2))
    images += random.uniform(-60, 60, images.shape)
    return np.clip(np.rint(images), 0, 255).astype(np.uint8)


def assign(model: keras.Model, values: Variables) -> None:
    for name, variable in variables_of(model).items():
        variable.assign(values[name])


def read(model: keras.Model) -> Variables:
    return {name: variable.numpy() for name, variable in variables_of(model).items()}


def leave_some_inactive(model: keras.Model, images: Array, random: np.random.Generator) -> None:
    """Sets the biases so that ReLU stops some of each unit's values, but not many.

    With none stopped the bias has no effect (BatchNormalization takes it out again), its gradient
    is rounding and nothing else, and Adam makes whole steps of that. With many stopped in a
    convolution, TensorFlow adds up one equal value thousands of times for the variance, always
    rounded the same way.
    """
    nothing_stopped = 100.0
    for layer in model.layers:
        if getattr(layer, "activation", None) is keras.activations.relu:
            units = layer.bias.shape[0]
            low, high = (0.05, 0.15) if isinstance(layer, keras.layers.Conv2D) else (0.3, 0.5)
            layer.bias.assign(np.full(units, nothing_stopped))
            values = keras.Model(model.input, layer.output)(images, training=True).numpy()
            per_unit = values.reshape(-1, units).T - nothing_stopped
            shares = random.uniform(low, high, units)
            quantiles = [np.quantile(v, share) for v, share in zip(per_unit, shares, strict=True)]
            layer.bias.assign(-np.round(quantiles, 3))


def trainable(model: keras.Model) -> list[tuple[str, keras.Variable]]:
    return [(golden_name(variable), variable) for variable in model.trainable_variables]


def train_pass(model: keras.Model, images: Array, labels: Array) -> Step:
    """One forward and backward pass in training mode; moves the moving statistics."""
    cross_entropy = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    with tf.GradientTape() as tape:
        logits = model(images, training=True)
        loss = cross_entropy(labels, logits)
    gradients = tape.gradient(loss, [variable.value for _, variable in trainable(model)])
    return Step(logits.numpy(), float(loss), gradients)


def tower_pass(model: keras.Model, images: Array, labels: Array, towers: int) -> Step:
    """The pass of `towers` equal slices, each from the same weights and moving statistics.

    The moving statistics are linear in the batch statistics, so the mean of the slices' moving
    statistics is the moving statistic of their mean.
    """
    before = read(model)
    steps, after = [], []
    for part, truth in zip(np.split(images, towers), np.split(labels, towers), strict=True):
        assign(model, before)
        steps.append(train_pass(model, part, truth))
        after.append(read(model))
    assign(model, {name: np.mean([a[name] for a in after], axis=0) for name in before})
    return Step(
        logits=np.concatenate([step.logits for step in steps]),
        loss=float(np.mean([step.loss for step in steps])),
        gradients=[
            tf.add_n(list(g)) / towers for g in zip(*(s.gradients for s in steps), strict=True)
        ],
    )


def make_optimizer(config: Config) -> keras.optimizers.Optimizer:
    return keras.optimizers.Adam(
        learning_rate=config.learningRate,
        beta_1=config.beta1,
        beta_2=config.beta2,
        epsilon=config.epsilon,
        clipnorm=config.clipNorm,
        weight_decay=config.weightDecay,
    )


def run_variant(
    config: Config, start: Variables, images: Array, labels: Array, towers: int, dtype: str
) -> dict[str, Any]:
    """Everything the golden file says about training with this many towers."""
    model = build_model(config, dtype)
    assign(model, start)
    inputs = normalised(images, dtype)
    inference = model(inputs, training=False).numpy()
    names = [name for name, _ in trainable(model)]
    optimizer = make_optimizer(config)
    after: dict[str, Variables] = {}
    first: Step | None = None
    for number in range(1, 6):
        step = tower_pass(model, inputs, labels, towers)
        first = first or step
        optimizer.apply(step.gradients, [variable for _, variable in trainable(model)])
        if number in (1, 5):
            after[str(number)] = read(model)
    assert first is not None
    return {
        "inferenceLogits": inference,
        "trainingLogits": first.logits,
        "loss": first.loss,
        "gradients": {n: g.numpy() for n, g in zip(names, first.gradients, strict=True)},
        "afterSteps": after,
    }


def largest_difference(
    variant: dict[str, Any] | Array | float,
    reference: dict[str, Any] | Array | float,
    name: str = "",
) -> tuple[float, str]:
    """The largest difference of two variants in shares of a tensor's largest value, and where."""
    if isinstance(variant, dict) and isinstance(reference, dict):
        return max(
            largest_difference(variant[key], reference[key], f"{name} {key}") for key in variant
        )
    return float(np.max(np.abs(variant - reference)) / np.max(np.abs(reference))), name.strip()


def print_clipping(config: Config, gradients: Variables) -> None:
    """Shows which gradients are clipped, and fails unless both kinds are there."""
    norms = {name: float(np.linalg.norm(gradient)) for name, gradient in gradients.items()}
    for name, norm in norms.items():
        print(f"  |gradient of {name}| = {norm:.4f}{' clipped' if norm > config.clipNorm else ''}")
    clipped = sum(norm > config.clipNorm for norm in norms.values())
    if not 0 < clipped < len(norms):
        raise SystemExit(f"{clipped} of {len(norms)} gradients are clipped: choose another seed")


def decimal(values: Array) -> list[Any]:
    """Nine significant digits: enough to give back every float32."""
    return [float(f"{value:.9g}") for value in np.asarray(values).ravel().tolist()]


def tensors(values: Variables) -> list[dict[str, Any]]:
    return [
        {"name": name, "shape": list(value.shape), "values": decimal(value)}
        for name, value in values.items()
    ]


def variant_json(variant: dict[str, Any]) -> dict[str, Any]:
    return {
        "inferenceLogits": [decimal(row) for row in variant["inferenceLogits"]],
        "trainingLogits": [decimal(row) for row in variant["trainingLogits"]],
        "loss": decimal(variant["loss"])[0],
        "gradients": tensors(variant["gradients"]),
        "afterSteps": {steps: tensors(values) for steps, values in variant["afterSteps"].items()},
    }


def write_gzip_json(path: Path, content: dict[str, Any]) -> None:
    """Writes the same bytes for the same content: no time and no file name in the header."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(content, separators=(",", ":")).encode()
    path.write_bytes(gzip.compress(text, compresslevel=9, mtime=0))


def normalised(images: Array, dtype: str) -> Array:
    return images.astype(dtype)[..., np.newaxis] / np.array(255, dtype)


def make_start(config: Config, images: Array, random: np.random.Generator) -> Variables:
    """The variables that training starts from."""
    model = build_model(config, "float32")
    start = starting_values(model, random)
    assign(model, start)
    leave_some_inactive(model, normalised(images, "float32"), random)
    return start | {name: v for name, v in read(model).items() if name.endswith(".bias")}


def make_golden(config: Config, tolerance: float) -> dict[str, Any]:
    random = np.random.default_rng(config.seed)
    images = make_images(config, random)
    labels = random.integers(0, config.classes, config.batchSize)
    start = make_start(config, images, random)
    golden: dict[str, Any] = {
        "config": asdict(config) | {"keras": keras.__version__, "tensorflow": tf.__version__},
        "pixels": images.ravel().tolist(),
        "labels": labels.tolist(),
        "variables": tensors(start),
        "variants": {},
    }
    for name, towers in (("oneTower", 1), ("twoTowers", 2)):
        variant = run_variant(config, start, images, labels, towers, "float32")
        reference = run_variant(config, start, images, labels, towers, "float64")
        difference, where = largest_difference(variant, reference)
        print(
            f"{name}: loss {variant['loss']:.6f},"
            f" float32 ends within {difference:.1e} of float64 ({where})"
        )
        print_clipping(config, variant["gradients"])
        if difference > tolerance:
            raise SystemExit(
                f"rounding alone moves a value by {difference:.1e}: choose another seed"
            )
        golden["variants"][name] = variant_json(variant)
    return golden


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("output", type=Path, help="the golden file to write, .json.gz")
    parser.add_argument(
        "--seed", type=int, default=Config.seed, help="of weights, pixels and labels (%(default)s)"
    )
    parser.add_argument(
        "--tolerance",
        type=float,
        default=3e-5,
        help="largest accepted difference of float32 from float64, of a tensor's largest value"
        " (%(default)s)",
    )
    return parser.parse_args()


def main() -> None:
    arguments = parse_arguments()
    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    tf.config.experimental.enable_op_determinism()
    keras.utils.set_random_seed(arguments.seed)
    write_gzip_json(arguments.output, make_golden(Config(seed=arguments.seed), arguments.tolerance))
    print(f"{arguments.output}: {arguments.output.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()

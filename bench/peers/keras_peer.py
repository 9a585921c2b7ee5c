#!/usr/bin/env python3
"""The trainer's network and recipe in Keras 3 on TensorFlow: how fast it trains on this CPU.

Prints one JSON line: images per second or, with --epochs-to-accuracy, how many epochs, image
passes and seconds it takes to a test accuracy. oneDNN is TensorFlow's own choice unless
TF_ENABLE_ONEDNN_OPTS says otherwise.

Augmentations: `affine` is the fastest that TensorFlow has (one ImageProjectiveTransformV3 over
the batch, in tf.data's threads), `generator` is Keras's ImageDataGenerator (scipy, image by
image), `none` feeds the images as they are, which can only be faster.
"""

import argparse
import json
import math
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass

os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ["CUDA_VISIBLE_DEVICES"] = ""
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import keras  # noqa: E402
import numpy as np  # noqa: E402
import tensorflow as tf  # noqa: E402
from peer import (  # noqa: E402
    Images,
    Speedometer,
    argument_parser,
    configuration,
    peak_rss_mb,
    print_result,
    read_images,
    seconds_since_process_start,
)


def build_model(height: int, width: int, classes: int) -> keras.Model:
    """Three convolution blocks 32-64-128, a dense layer of 512, softmax."""
    layers: list[keras.Layer] = [keras.Input((height, width, 1))]
    for filters in (32, 64, 128):
        layers += [
            keras.layers.Conv2D(filters, 3, padding="same", activation="relu"),
            keras.layers.BatchNormalization(),
            keras.layers.MaxPooling2D(2),
            keras.layers.Dropout(0.25),
        ]
    layers += [
        keras.layers.Flatten(),
        keras.layers.Dense(512, activation="relu"),
        keras.layers.BatchNormalization(),
        keras.layers.Dropout(0.5),
        keras.layers.Dense(classes, activation="softmax", dtype="float32"),
    ]
    return keras.Sequential(layers)


def compiled_model(
    images: Images, rate: float | keras.optimizers.schedules.LearningRateSchedule
) -> keras.Model:
    model = build_model(*images.pixels.shape[1:], classes=int(images.labels.max()) + 1)
    model.compile(
        optimizer=keras.optimizers.Adam(rate, clipnorm=1.0, weight_decay=1e-5),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
        jit_compile=False,
    )
    return model


def centred(
    height: int, width: int, matrix: list[list[tf.Tensor]], shift: list[tf.Tensor]
) -> tf.Tensor:
    """The eight numbers of a projective transform that maps about the image's centre, [N,8]."""
    middle_x, middle_y = (width - 1) / 2, (height - 1) / 2
    (a, b), (c, d) = matrix
    offset_x = middle_x - a * middle_x - b * middle_y + shift[0]
    offset_y = middle_y - c * middle_x - d * middle_y + shift[1]
    zero = tf.zeros_like(a)
    return tf.stack([a, b, offset_x, c, d, offset_y, zero, zero], axis=1)


def random_transforms(size: tf.Tensor, height: int, width: int) -> tf.Tensor:
    """Rotation 15 degrees; shifts, shear and zoom 0.15; horizontal flip: output to input, [N,8]."""

    def uniform(limit: float) -> tf.Tensor:
        return tf.random.uniform([size], -limit, limit)

    angle, shear = uniform(math.radians(15)), uniform(0.15)
    zoom_x, zoom_y = 1 + uniform(0.15), 1 + uniform(0.15)
    flip = tf.where(tf.random.uniform([size]) < 0.5, -1.0, 1.0)
    cos, sin = tf.cos(angle), tf.sin(angle)
    matrix = [
        [cos * zoom_x * flip, (shear * cos - sin) * zoom_y],
        [sin * zoom_x * flip, (shear * sin + cos) * zoom_y],
    ]
    return centred(height, width, matrix, [uniform(0.15 * width), uniform(0.15 * height)])


def transformed(images: tf.Tensor) -> tf.Tensor:
    """One bilinear affine map an image, edges repeated."""
    _, height, width, _ = images.shape
    return tf.raw_ops.ImageProjectiveTransformV3(
        images=images,
        transforms=random_transforms(tf.shape(images)[0], height, width),
        output_shape=[height, width],
        fill_value=0.0,
        interpolation="BILINEAR",
        fill_mode="NEAREST",
    )


def dataset(images: Images, size: int, augmented: bool) -> tf.data.Dataset:
    """One shuffled pass over the images in batches, prepared on tf.data's threads."""
    pixels = tf.constant(images.pixels[..., np.newaxis])
    labels = tf.constant(images.labels)

    def batch(chosen: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        values = tf.cast(tf.gather(pixels, chosen), tf.float32) / 255.0
        return (transformed(values) if augmented else values), tf.gather(labels, chosen)

    return (
        tf.data.Dataset.range(len(images.labels))
        .shuffle(len(images.labels))
        .batch(size)
        .map(batch, num_parallel_calls=tf.data.AUTOTUNE, deterministic=True)
        .prefetch(tf.data.AUTOTUNE)
    )


def generator_flow(images: Images, size: int) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Keras's ImageDataGenerator; its shear is an angle, 8.5 degrees being a factor of 0.15."""
    from keras.src.legacy.preprocessing.image import ImageDataGenerator

    generator = ImageDataGenerator(
        rescale=1 / 255,
        rotation_range=15,
        width_shift_range=0.15,
        height_shift_range=0.15,
        shear_range=math.degrees(math.atan(0.15)),
        zoom_range=0.15,
        horizontal_flip=True,
        fill_mode="nearest",
    )
    return generator.flow(images.pixels[..., np.newaxis], images.labels, batch_size=size)


class StopWhenMeasured(keras.callbacks.Callback):
    """Tells the speedometer of each step and ends the training when it has enough."""

    def __init__(self, speed: Speedometer, batch_size: int) -> None:
        super().__init__()
        self.speed = speed
        self.batch_size = batch_size

    def on_train_batch_end(self, batch: int, logs: dict[str, float] | None = None) -> None:
        if self.speed.step_done(self.batch_size):
            self.model.stop_training = True


def measure_speed(arguments: argparse.Namespace) -> None:
    images = read_images(arguments.data, "train")
    speed = Speedometer(arguments.seconds)
    whole = len(images.labels) - len(images.labels) % arguments.batch_size
    images = Images(images.pixels[:whole], images.labels[:whole])
    if arguments.augmentation == "generator":
        data = generator_flow(images, arguments.batch_size)
    else:
        affine = arguments.augmentation == "affine"
        data = dataset(images, arguments.batch_size, affine).repeat()
    compiled_model(images, 1e-3).fit(
        data,
        epochs=1_000_000,
        steps_per_epoch=whole // arguments.batch_size,
        callbacks=[StopWhenMeasured(speed, arguments.batch_size)],
        shuffle=False,
        verbose=0,
    )
    print_result(f"Keras {keras.__version__}", arguments, speed)


def stratified_split(images: Images, fraction: float, seed: int) -> tuple[Images, Images]:
    """Training and validation images; each class gives the same share."""
    random = np.random.default_rng(seed)
    held = np.zeros(len(images.labels), bool)
    for label in np.unique(images.labels):
        members = np.flatnonzero(images.labels == label)
        held[random.choice(members, round(len(members) * fraction), replace=False)] = True
    return (
        Images(images.pixels[~held], images.labels[~held]),
        Images(images.pixels[held], images.labels[held]),
    )


@dataclass(frozen=True)
class Preset:
    """What differs between two ways to lower the learning rate."""

    rate: float | keras.optimizers.schedules.LearningRateSchedule
    callbacks: list[keras.callbacks.Callback]


def plateau(steps: int) -> Preset:
    """The recipe's own: halved after three epochs without a lower validation loss."""
    lower = keras.callbacks.ReduceLROnPlateau(
        monitor="val_loss", factor=0.5, patience=3, min_delta=1e-4, min_lr=1e-6
    )
    return Preset(1e-3, [lower])


def cosine(steps: int) -> Preset:
    """Up to 0.003 in the first 30% of all steps, then down along a cosine."""
    rise = round(0.3 * steps)
    rate = keras.optimizers.schedules.CosineDecay(
        initial_learning_rate=1e-4, decay_steps=steps - rise, warmup_target=3e-3, warmup_steps=rise
    )
    return Preset(rate, [])


class StopAtAccuracy(keras.callbacks.Callback):
    """Evaluates on the test set after each epoch and stops at the accuracy asked for.

    The evaluation's time does not count.
    """

    def __init__(self, test: tf.data.Dataset, target: float) -> None:
        super().__init__()
        self.test = test
        self.target = target
        self.accuracies: list[float] = []
        self.seconds_to_best = 0.0
        self.seconds_of_evaluation = 0.0

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        trained = seconds_since_process_start() - self.seconds_of_evaluation
        accuracy = self.model.evaluate(self.test, verbose=0, return_dict=True)["accuracy"]
        self.seconds_of_evaluation = seconds_since_process_start() - trained
        if accuracy > max(self.accuracies, default=0.0):
            self.seconds_to_best = trained
        self.accuracies.append(accuracy)
        self.model.stop_training = accuracy >= self.target


def measure_accuracy(arguments: argparse.Namespace) -> None:
    train, validation = stratified_split(read_images(arguments.data, "train"), 0.1, arguments.seed)
    size = arguments.batch_size
    steps = math.ceil(len(train.labels) / size)
    presets: dict[str, Callable[[int], Preset]] = {"plateau": plateau, "cosine": cosine}
    preset = presets[arguments.preset](steps * arguments.epochs)
    if arguments.augmentation == "generator":
        data = generator_flow(train, size)
    else:
        data = dataset(train, size, arguments.augmentation == "affine")
    stop = StopAtAccuracy(
        dataset(read_images(arguments.data, "t10k"), 1_000, False), arguments.epochs_to_accuracy
    )
    compiled_model(train, preset.rate).fit(
        data,
        validation_data=dataset(validation, 1_000, False),
        epochs=arguments.epochs,
        callbacks=[*preset.callbacks, stop],
        shuffle=False,
        verbose=0,
    )
    best = int(np.argmax(stop.accuracies)) + 1
    line = {
        "peer": f"Keras {keras.__version__}",
        "config": configuration(arguments),
        "reached": stop.accuracies[best - 1] >= arguments.epochs_to_accuracy,
        "testAccuracy": round(stop.accuracies[best - 1], 6),
        "epochs": best,
        "imagePasses": best * len(train.labels),
        "seconds": round(stop.seconds_to_best, 1),
        "peakRssMb": round(peak_rss_mb()),
    }
    print(json.dumps(line))


def parse_arguments() -> argparse.Namespace:
    parser = argument_parser(__doc__.split("\n")[0])
    parser.add_argument(
        "--augmentation",
        choices=["affine", "generator", "none"],
        default="affine",
        help="one affine a batch in TensorFlow, Keras's ImageDataGenerator, or none (%(default)s)",
    )
    parser.add_argument(
        "--epochs-to-accuracy",
        type=float,
        metavar="ACCURACY",
        help="train until this test accuracy and report epochs, image passes and seconds;"
        " --seconds is then of no use",
    )
    parser.add_argument(
        "--epochs", type=int, default=30, help="at most, with --epochs-to-accuracy (%(default)s)"
    )
    parser.add_argument(
        "--preset",
        choices=["plateau", "cosine"],
        default="plateau",
        help="the learning rate's schedule with --epochs-to-accuracy (%(default)s)",
    )
    return parser.parse_args()


def main() -> None:
    arguments = parse_arguments()
    tf.config.threading.set_intra_op_parallelism_threads(arguments.threads)
    tf.config.threading.set_inter_op_parallelism_threads(arguments.threads)
    keras.utils.set_random_seed(arguments.seed)
    if arguments.precision == "bfloat16":
        keras.mixed_precision.set_global_policy("mixed_bfloat16")
    if arguments.epochs_to_accuracy is None:
        measure_speed(arguments)
    else:
        measure_accuracy(arguments)


if __name__ == "__main__":
    main()

"""What every peer shares: its arguments, its data, how it is measured, the line it prints."""

import argparse
import gzip
import json
import os
import resource
import statistics
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

Array = np.ndarray


@dataclass(frozen=True)
class Images:
    """Pixels, uint8 [N,H,W], with their labels, int64 [N]."""

    pixels: Array
    labels: Array


def read_idx(path: Path) -> Array:
    """A gzipped IDX file of unsigned bytes."""
    content = gzip.decompress(path.read_bytes())
    rank = content[3]
    shape = np.frombuffer(content, ">i4", rank, 4)
    return np.frombuffer(content, np.uint8, offset=4 + 4 * rank).reshape(shape)


def read_images(directory: Path, part: str) -> Images:
    """Fashion-MNIST's `train` or `t10k` part."""
    return Images(
        read_idx(directory / f"{part}-images-idx3-ubyte.gz"),
        read_idx(directory / f"{part}-labels-idx1-ubyte.gz").astype(np.int64),
    )


def seconds_since_process_start() -> float:
    """By the kernel's clock, so that the interpreter's start and the imports count."""
    fields = Path("/proc/self/stat").read_text().rpartition(")")[2].split()
    started = int(fields[19]) / os.sysconf("SC_CLK_TCK")
    return time.clock_gettime(time.CLOCK_BOOTTIME) - started


def peak_rss_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


@dataclass
class Speedometer:
    """Images per second as the median of five windows, after a quarter of the time as warm-up."""

    seconds: float
    windows: int = 5
    seconds_to_first_step: float | None = None
    _rates: list[float] = field(default_factory=list)
    _window_start: float = 0.0
    _window_seconds: float = 0.0
    _images: int = 0

    def step_done(self, images: int) -> bool:
        """To be called after each training step; true when enough was measured."""
        now = time.perf_counter()
        if self.seconds_to_first_step is None:
            self.seconds_to_first_step = seconds_since_process_start()
            self._window_start, self._window_seconds = now, self.seconds / 4
            return False
        self._images += images
        if now - self._window_start >= self._window_seconds:
            warming_up = self._window_seconds == self.seconds / 4
            if not warming_up:
                self._rates.append(self._images / (now - self._window_start))
            self._window_start, self._images = now, 0
            self._window_seconds = self.seconds * 3 / 4 / self.windows
        return len(self._rates) == self.windows

    def images_per_second(self) -> float:
        return statistics.median(self._rates)


def print_result(peer: str, arguments: argparse.Namespace, speed: Speedometer) -> None:
    """The one line of a benchmark."""
    line: dict[str, Any] = {
        "peer": peer,
        "config": configuration(arguments),
        "imagesPerSecond": round(speed.images_per_second(), 1),
        "secondsToFirstStep": round(speed.seconds_to_first_step or 0.0, 2),
        "peakRssMb": round(peak_rss_mb()),
    }
    print(json.dumps(line))


def configuration(arguments: argparse.Namespace) -> dict[str, Any]:
    """The arguments that were chosen, and TensorFlow's oneDNN switch where it was set."""
    chosen = {name: value for name, value in vars(arguments).items() if name != "data"}
    one_dnn = os.environ.get("TF_ENABLE_ONEDNN_OPTS")
    return chosen if one_dnn is None else chosen | {"TF_ENABLE_ONEDNN_OPTS": one_dnn}


def argument_parser(description: str) -> argparse.ArgumentParser:
    """The arguments that every peer takes."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument(
        "--data", type=Path, required=True, help="directory of Fashion-MNIST's gzipped IDX files"
    )
    parser.add_argument(
        "--seconds",
        type=float,
        default=60,
        help="to train after the first step, a quarter of it as warm-up (%(default)s)",
    )
    parser.add_argument(
        "--threads",
        type=int,
        default=len(os.sched_getaffinity(0)),
        help="of the framework (all CPUs: %(default)s)",
    )
    parser.add_argument("--batch-size", type=int, default=64, help="images a step (%(default)s)")
    parser.add_argument(
        "--precision",
        choices=["float32", "bfloat16"],
        default="float32",
        help="of the activations (%(default)s)",
    )
    parser.add_argument("--seed", type=int, default=42, help="of weights and order (%(default)s)")
    return parser

#!/usr/bin/env python3
"""Reads a directory of TensorBoard event files as TensorBoard does; prints its scalars as JSON.

{"TAG": [{"step": 1, "value": 0.5}, ...], ...}; exits 1 when there is none.
"""

import argparse
import json
import sys
from pathlib import Path

from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.util.tensor_util import make_ndarray

Points = list[dict[str, float]]


def scalars(directory: Path) -> dict[str, Points]:
    """Scalars of the old form (simple_value) and of the new (a tensor of rank 0), all of them."""
    events = EventAccumulator(str(directory), size_guidance={"scalars": 0, "tensors": 0})
    events.Reload()
    tags = events.Tags()
    series: dict[str, Points] = {
        tag: [{"step": e.step, "value": e.value} for e in events.Scalars(tag)]
        for tag in tags["scalars"]
    }
    for tag in tags["tensors"]:
        points = [(e.step, make_ndarray(e.tensor_proto)) for e in events.Tensors(tag)]
        if all(value.ndim == 0 and value.dtype.kind == "f" for _, value in points):
            series[tag] = [{"step": step, "value": float(value)} for step, value in points]
    return series


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("directory", type=Path, help="where the event files are")
    series = scalars(parser.parse_args().directory)
    print(json.dumps(series))
    sys.exit(0 if series else 1)


if __name__ == "__main__":
    main()

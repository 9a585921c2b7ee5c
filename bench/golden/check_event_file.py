#!/usr/bin/env python3
"""Reads a directory of TensorBoard event files as TensorBoard does; prints what it holds as JSON.

{"scalars": {"TAG": [{"step": 1, "value": 0.5}, ...], ...},
 "images": {"TAG": [{"step": 1, "width": 480, "height": 480, "png": "BASE64"}, ...], ...},
 "graph": {"NODE": "OPERATION", ...}}; exits 1 when there are no scalars.
"""

import argparse
import base64
import json
import sys
from pathlib import Path

from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.compat.proto.graph_pb2 import GraphDef
from tensorboard.util.tensor_util import make_ndarray

Points = list[dict[str, float]]


def scalars(events: EventAccumulator) -> dict[str, Points]:
    """Scalars of the old form (simple_value) and of the new (a tensor of rank 0), all of them."""
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


def images(events: EventAccumulator) -> dict[str, list[dict[str, int | str]]]:
    """Pictures, as they are in the file."""
    return {
        tag: [
            {
                "step": e.step,
                "width": e.width,
                "height": e.height,
                "png": base64.b64encode(e.encoded_image_string).decode(),
            }
            for e in events.Images(tag)
        ]
        for tag in events.Tags()["images"]
    }


def graph(events: EventAccumulator) -> dict[str, str]:
    """The operation of every node; empty without a graph."""
    if not events.Tags()["graph"]:
        return {}
    definition = events.Graph()
    assert isinstance(definition, GraphDef)
    return {node.name: node.op for node in definition.node}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("directory", type=Path, help="where the event files are")
    events = EventAccumulator(
        str(parser.parse_args().directory), size_guidance={"scalars": 0, "tensors": 0, "images": 0}
    )
    events.Reload()
    found = {"scalars": scalars(events), "images": images(events), "graph": graph(events)}
    print(json.dumps(found))
    sys.exit(0 if found["scalars"] else 1)


if __name__ == "__main__":
    main()

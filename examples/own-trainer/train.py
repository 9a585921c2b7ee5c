#!/usr/bin/env python3
"""A trainer of one's own, without a library: softmax regression on made-up points.

What a trainer and the operator expect of each other is docs/own-trainer.md; this is all of it.
The model is of no use. Put yours into Model, and your storage client in the place of Folder.
"""

import argparse
import json
import math
import os
import random
import signal
import ssl
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

CLASSES, FEATURES = 3, 4
BAD_INPUT, INTERRUPTED = 2, 143


class Folder:
    """A folder on a volume, or below gs://bucket/prefix by Cloud Storage's JSON API."""

    METADATA = "http://metadata.google.internal/computeMetadata/v1/instance/service-accounts/default/token"

    def __init__(self, uri: str) -> None:
        self.uri = uri.rstrip("/")

    def write(self, name: str, text: str) -> None:
        if not self.uri.startswith("gs://"):
            file = Path(self.uri, name)
            file.parent.mkdir(parents=True, exist_ok=True)
            part = file.with_name(file.name + ".part")
            part.write_text(text)
            part.replace(file)
            return
        bucket, _, prefix = self.uri[len("gs://") :].partition("/")
        to = urllib.parse.quote(f"{prefix}/{name}", safe="")
        self._call(f"/upload/storage/v1/b/{bucket}/o?uploadType=media&name={to}", text.encode())

    def read(self, name: str) -> str | None:
        if not self.uri.startswith("gs://"):
            file = Path(self.uri, name)
            return file.read_text() if file.exists() else None
        bucket, _, prefix = self.uri[len("gs://") :].partition("/")
        of = urllib.parse.quote(f"{prefix}/{name}", safe="")
        try:
            return self._call(f"/storage/v1/b/{bucket}/o/{of}?alt=media").decode()
        except urllib.error.HTTPError as e:
            if e.code == 404:
                return None
            raise

    def _call(self, path: str, body: bytes | None = None) -> bytes:
        emulator = os.environ.get("STORAGE_EMULATOR_HOST")
        headers = {} if emulator else {"Authorization": "Bearer " + self._token()}
        url = (emulator or "https://storage.googleapis.com") + path
        with urllib.request.urlopen(urllib.request.Request(url, body, headers), timeout=30) as answer:
            return answer.read()

    def _token(self) -> str:
        request = urllib.request.Request(self.METADATA, headers={"Metadata-Flavor": "Google"})
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)["access_token"]


class Model:
    """Softmax regression, an example at a time."""

    def __init__(self) -> None:
        self.weights = [[0.0] * (FEATURES + 1) for _ in range(CLASSES)]

    def probabilities(self, x: list[float]) -> list[float]:
        scores = [math.exp(sum(w * v for w, v in zip(row, [*x, 1.0], strict=True))) for row in self.weights]
        return [score / sum(scores) for score in scores]

    def learn(self, x: list[float], label: int, rate: float) -> None:
        for c, p in enumerate(self.probabilities(x)):
            for i, v in enumerate([*x, 1.0]):
                self.weights[c][i] -= rate * (p - (c == label)) * v

    def judge(self, points: list[tuple[list[float], int]]) -> tuple[float, float]:
        told = [(self.probabilities(x), label) for x, label in points]
        loss = -sum(math.log(p[label]) for p, label in told) / len(told)
        return loss, sum(p.index(max(p)) == label for p, label in told) / len(told)


def points(count: int, seed: int) -> list[tuple[list[float], int]]:
    chance = random.Random(seed)
    labels = [chance.randrange(CLASSES) for _ in range(count)]
    return [([chance.gauss(float(i % CLASSES == label), 0.7) for i in range(FEATURES)], label) for label in labels]


def tell(report: dict, attempt: Folder) -> None:
    """Progress: a file on Vertex AI, a post in the cluster. Training does not depend on it."""
    report["lastUpdatedTime"] = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    text = json.dumps({"attempt": int(os.environ["FASHION_ATTEMPT"]), **report})
    attempt.write("report.json", text)
    if url := os.environ.get("FASHION_PROGRESS_URL"):
        token = Path(os.environ["FASHION_PROGRESS_TOKEN_FILE"]).read_text()
        headers = {"Authorization": "Bearer " + token, "Content-Type": "application/json"}
        trust = ssl.create_default_context(cafile=os.environ["FASHION_PROGRESS_CA_FILE"])
        try:
            urllib.request.urlopen(urllib.request.Request(url, text.encode(), headers), timeout=10, context=trust).close()
        except OSError as e:
            print(f"Progress could not be posted: {e}", flush=True)


def main() -> int:
    options = argparse.ArgumentParser()
    options.add_argument("--epochs", type=int, default=5)
    options.add_argument("--seconds-per-epoch", type=float, default=0)
    args = options.parse_args()  # what it can't use ends with 2: nobody tries that again
    if args.epochs < 1:
        print(f"--epochs is {args.epochs}, must be 1 or more", file=sys.stderr)
        return BAD_INPUT

    stop: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _: stop.append(number))

    own = os.environ["AIP_MODEL_DIR"].rstrip("/")
    attempt, checkpoints = Folder(own.rpartition("/")[0]), Folder(os.environ["AIP_CHECKPOINT_DIR"])
    model, begin = Model(), 0
    # This attempt's own come first: it may be a pod in the place of another.
    earlier = os.environ.get("FASHION_RESUME_FROM_ALL") or os.environ.get("FASHION_RESUME_FROM", "")
    for folder in [checkpoints, *(Folder(each + "/checkpoints") for each in earlier.split())]:
        if text := folder.read("newest.json"):
            saved = json.loads(text)
            model.weights, begin = saved["weights"], saved["epoch"]
            print(f"Continues from a checkpoint in {folder.uri}, after epoch {begin}", flush=True)
            break

    train, test = points(2_000, 1), points(500, 2)
    report: dict = {"epochs": args.epochs}
    for epoch in range(begin + 1, args.epochs + 1):
        for x, label in train:
            model.learn(x, label, 0.02)
        until = time.monotonic() + args.seconds_per_epoch
        while not stop and time.monotonic() < until:
            time.sleep(0.1)
        checkpoints.write("newest.json", json.dumps({"epoch": epoch, "weights": model.weights}))
        loss, accuracy = model.judge(train)
        last = {"epoch": epoch, "loss": loss, "accuracy": accuracy}
        report |= {"epoch": epoch, "progressPercentage": 100 * epoch // args.epochs, "metrics": {"last": last}}
        print(json.dumps({"severity": "INFO", "message": f"Epoch {epoch}: loss {loss:.4f}"}), flush=True)
        if stop:
            return INTERRUPTED  # saved: continued, and not counted as a failure
        tell(report, attempt)

    loss, accuracy = model.judge(test)
    Folder(own).write("model.json", json.dumps(model.weights))
    time.sleep(2 if os.environ.get("FASHION_PROGRESS_URL") else 0)  # a post every two seconds is taken
    tell({**report, "test": {"images": len(test), "loss": loss, "accuracy": accuracy}}, attempt)
    return 0


if __name__ == "__main__":
    sys.exit(main())

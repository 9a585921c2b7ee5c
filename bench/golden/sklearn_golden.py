#!/usr/bin/env python3
"""Makes the golden classification reports, with scikit-learn's own numbers.

Each case has the classes, the truth and the predictions, and what scikit-learn makes of them. A
figure that is not defined (a class never predicted, a class without support) is null per class and
counts as 0 in the macro and weighted averages, as `zero_division=0` has it.
"""

import argparse
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from sklearn import metrics

Array = np.ndarray


@dataclass(frozen=True)
class Case:
    """Predictions to be judged; with probabilities, their log loss as well."""

    name: str
    classes: list[str]
    truth: Array
    predicted: Array
    probabilities: Array | None = None


def mostly_right(
    random: np.random.Generator, truth: Array, share: float, labels: list[int]
) -> Array:
    """`truth` with the given share kept and the rest drawn from `labels`."""
    kept = random.uniform(size=truth.size) < share
    return np.where(kept, truth, random.choice(labels, truth.size))


def fashion_like(random: np.random.Generator) -> Case:
    """Ten classes, all present, with probabilities; the prediction is the most probable class."""
    truth = random.integers(0, 10, 200)
    logits = random.normal(size=(200, 10)) + 2.5 * np.eye(10)[truth]
    exponentials = np.exp(logits)
    probabilities = np.round(exponentials / exponentials.sum(axis=1, keepdims=True), 6)
    probabilities /= probabilities.sum(axis=1, keepdims=True)
    names = [f"class {label}" for label in range(10)]
    return Case("ten classes", names, truth, probabilities.argmax(axis=1), probabilities)


def gaps(random: np.random.Generator) -> Case:
    """Class c is never predicted, d has no support, e is neither there nor predicted."""
    truth = random.choice([0, 1, 2], 60, p=[0.6, 0.3, 0.1])
    predicted = mostly_right(random, truth, 0.7, [0, 1, 3])
    predicted[predicted == 2] = 3
    return Case("classes without predictions or support", list("abcde"), truth, predicted)


def imbalanced(random: np.random.Generator) -> Case:
    """Three classes of very different size: macro and weighted averages lie far apart."""
    truth = np.repeat([0, 1, 2], [150, 20, 3])
    return Case(
        "imbalanced", ["many", "some", "few"], truth, mostly_right(random, truth, 0.8, [0, 1, 2])
    )


def defined(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def per_class(case: Case) -> list[dict[str, Any]]:
    labels = range(len(case.classes))
    columns = metrics.precision_recall_fscore_support(
        case.truth, case.predicted, labels=labels, zero_division=np.nan
    )
    return [
        {
            "class": name,
            "precision": defined(precision),
            "recall": defined(recall),
            "f1": defined(f1),
            "support": int(support),
        }
        for name, precision, recall, f1, support in zip(case.classes, *columns, strict=True)
    ]


def average(case: Case, kind: str) -> dict[str, float]:
    precision, recall, f1, _ = metrics.precision_recall_fscore_support(
        case.truth,
        case.predicted,
        labels=range(len(case.classes)),
        average=kind,
        zero_division=0,
    )
    return {"precision": float(precision), "recall": float(recall), "f1": float(f1)}


def report(case: Case) -> dict[str, Any]:
    labels = list(range(len(case.classes)))
    content = {
        "name": case.name,
        "classes": case.classes,
        "truth": case.truth.tolist(),
        "predicted": case.predicted.tolist(),
        "perClass": per_class(case),
        "macro": average(case, "macro"),
        "weighted": average(case, "weighted"),
        "accuracy": float(metrics.accuracy_score(case.truth, case.predicted)),
        "confusionMatrix": metrics.confusion_matrix(
            case.truth, case.predicted, labels=labels
        ).tolist(),
    }
    if case.probabilities is not None:
        content["probabilities"] = case.probabilities.tolist()
        content["logLoss"] = float(metrics.log_loss(case.truth, case.probabilities, labels=labels))
    return content


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("output", type=Path, help="the golden file to write, .json")
    parser.add_argument("--seed", type=int, default=42, help="of the cases (%(default)s)")
    arguments = parser.parse_args()
    random = np.random.default_rng(arguments.seed)
    cases = [report(make(random)) for make in (fashion_like, gaps, imbalanced)]
    arguments.output.parent.mkdir(parents=True, exist_ok=True)
    arguments.output.write_text("[\n" + ",\n".join(json.dumps(case) for case in cases) + "\n]\n")


if __name__ == "__main__":
    main()

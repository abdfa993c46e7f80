"""The trained weights: one for each feature. `benchmarks/injection.py` makes them."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from workers.guardrails.injection.features import features

FILE = Path(__file__).with_name("weights.npz")


@dataclass(frozen=True, slots=True)
class Weights:
    """A logistic regression.

    Attributes:
        weights: one for each feature.
        bias: added to their sum.
        threshold: the sum above which a text counts as an injection.
    """

    weights: NDArray[np.float32]
    bias: float
    threshold: float

    def score(self, text: str) -> float:
        """How much a text is like an injection, from 0 to 1; 0.5 is the threshold."""
        buckets, counts = features(text)
        total = float(self.weights[buckets] @ counts) + self.bias - self.threshold
        return float(1.0 / (1.0 + np.exp(-np.clip(total, -30.0, 30.0))))


@cache
def read() -> Weights:
    """Read the packaged weights."""
    with np.load(FILE) as arrays:
        return Weights(
            arrays["weights"].astype(np.float32), float(arrays["bias"]), float(arrays["threshold"])
        )

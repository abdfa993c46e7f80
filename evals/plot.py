"""The curve of answering and abstaining, drawn in a terminal."""

from collections.abc import Sequence
from typing import Any

import plotext

_WIDTH, _HEIGHT = 76, 18
_LINES = {
    "contains_gold": ("answered with a gold answer", "•"),
    "abstained_without_source": ("abstained without the source", "x"),
}


def curve(points: Sequence[dict[str, float]]) -> str:
    """Shares over thresholds, as text.

    Args:
        points: of a scorecard's curve, by rising threshold.
    """
    figure: Any = plotext.figure  # half typed
    figure.clear()
    figure.plot_size(_WIDTH, _HEIGHT)
    thresholds = [point["threshold"] for point in points]
    for name, (label, marker) in _LINES.items():
        signal = figure.signal(thresholds, [point[name] for point in points], marker=marker)
        signal.lines()
        signal.label(label)
        figure.draw(signal)
    figure.label("threshold")
    return str(figure.build().string(colorless=True))

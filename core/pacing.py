"""Pace: how often something may be sent to one place, whoever sends it."""

from typing import Protocol

INTERVAL, BURST = 1.0, 5
"""Slack takes about one message a second in a channel, and short bursts
(https://docs.slack.dev/apis/web-api/rate-limits); how short they have to be is not said."""


class Pacer(Protocol):
    """Counts what is sent to each place, for all processes together (a generic cell rate algorithm)."""

    def take(self, place: str) -> float:
        """Count one thing that is about to be sent.

        Returns:
            0, or the seconds to wait before asking again; then nothing was counted.
        """
        ...

    def hold(self, place: str, seconds: float) -> None:
        """Let nothing be sent to a place for a while, since it asked for that."""
        ...

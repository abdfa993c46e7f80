"""One question of the terminal, from the door to its outcome."""

import sys
import time
from collections.abc import Callable

import typer

from bot.intake import Receipt
from bot.platforms.terminal.ingress import Terminal
from core.deadline import Deadline
from core.errors import Unavailable
from core.messages import Outcome
from ledger.posts import Post
from ledger.turns import Turn, Turns

# Four attempts of a minute each and the pauses between them; a turn that has no outcome then is not lost.
_PATIENCE_SECONDS = 300
_UNCLAIMED_SECONDS = 5
_CLOSING_SECONDS = 10


def await_reply(terminal: Terminal, turns: Turns, receipt: Receipt, show: Callable[[Post], None]) -> Turn:
    """Show a question's reply as it comes and return its ended turn.

    Raises:
        Unavailable: there is no outcome yet; the question is kept, and the text says under which turn.
    """
    kept = f"your question is kept as turn {receipt.turn_id}: `candor turns show {receipt.turn_id[:12]}`"
    if not receipt.queued:
        raise Unavailable(
            f"the queue (CANDOR_BROKER_URL) does not take questions just now; {kept} shows its answer once "
            "the queue and a worker are back"
        )
    unclaimed = Deadline(_UNCLAIMED_SECONDS)
    warned = False
    for post in terminal.follow(receipt.turn_id, Deadline(_PATIENCE_SECONDS)):
        if post is None:
            if not warned and not unclaimed.remaining():
                typer.echo("No worker has taken this up yet; is `candor worker` running? Waiting.", err=True)
                warned = True
            continue
        show(post)
    turn = _ended(turns, receipt.turn_id)
    if turn is None:
        raise Unavailable(f"there is no answer yet; {kept} shows it when there is")
    return turn


def _ended(turns: Turns, turn_id: str) -> Turn | None:
    """The turn once it has its outcome, which follows the final message by a moment."""
    deadline = Deadline(_CLOSING_SECONDS)
    while deadline.remaining():
        turn = turns.get(turn_id)
        if turn is not None and turn.state in set(Outcome):
            return turn
        time.sleep(0.002)
    return None


def interactive() -> bool:
    """Whether a person types, rather than a pipe."""
    return sys.stdin.isatty()

"""One question of the terminal, from the door to its outcome."""

import time
from collections.abc import Callable

import typer

from bot.intake import Receipt
from bot.outgoing import visible
from bot.platforms.terminal.ingress import Terminal
from core.deadline import Deadline
from core.errors import LedgerUnavailable, Unavailable
from core.messages import Outcome, Task
from ledger.posts import Post
from ledger.turns import Turn, Turns

# Four attempts of a minute each and the pauses between them; a turn that has no outcome then is not lost.
_PATIENCE_SECONDS = 300
_UNCLAIMED_SECONDS = 5
_CLOSING_SECONDS = 10


def converse(
    terminal: Terminal,
    turns: Turns,
    show: Callable[[Post], None],
    text: str,
    *,
    task: Task = Task.ANSWER,
    subject: str = "",
) -> Turn:
    """Ask a question, show the reply as it comes, and return the ended turn.

    Who asks at a terminal may be the one who runs Candor, and so is told the cause of a failure as well.

    Raises:
        LedgerUnavailable: the question is not written down, which the asker has been told.
        Unavailable: there is no outcome yet; the question is kept, and the text says under which turn.
    """
    try:
        receipt = terminal.ask(text, task=task, subject=subject)
    except LedgerUnavailable as error:
        typer.echo(error.say, err=True)
        raise
    turn = _await_reply(terminal, turns, receipt, show)
    if turn.state == Outcome.FAILED and turn.error:
        complain(turn.error)
    return turn


def complain(cause: object) -> None:
    """Say what is wrong, in the one line for the person who runs Candor."""
    typer.echo(f"candor: {visible(' '.join(str(cause).split()))}", err=True)


def _await_reply(terminal: Terminal, turns: Turns, receipt: Receipt, show: Callable[[Post], None]) -> Turn:
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

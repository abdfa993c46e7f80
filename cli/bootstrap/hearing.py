"""What a process that hears questions has in its hands."""

from dataclasses import dataclass

from bot.escalation import Desk, EscalationSettings, NamedExperts
from bot.intake import Intake
from cli.bootstrap.records import Records
from core.health import Health, answering
from core.queue import Queue
from core.watch import Watch

# An ingress may spend a second on the ledger; its platform waits for three.
HEARING_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Hearing:
    """The door in, the ledger to read the outcome from, and the desk where people are asked.

    `health` is what this process needs to do its work.
    """

    intake: Intake
    records: Records
    desk: Desk
    health: Health


def open_door(records: Records, queue: Queue, watch: Watch, health: Health | None = None) -> Hearing:
    """The door in to a ledger and a queue, and the desk where questions are handed to people.

    Without a `health` it needs what a process does that only hears: the ledger.
    """
    return Hearing(
        Intake(records.turns, records.feedback, queue, records.channels, watch=watch),
        records,
        Desk(records.escalations, NamedExperts(EscalationSettings(), records.channels), queue),
        health or Health(ready={"ledger": answering(records.turns.backlog)}),
    )

"""What a process that hears questions has in its hands."""

from dataclasses import dataclass

from bot.escalation import Desk, EscalationSettings, NamedExperts
from bot.intake import Intake
from cli.bootstrap.records import Records
from core.queue import Queue

# An ingress may spend a second on the ledger; its platform waits for three.
HEARING_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Hearing:
    """The door in, the ledger to read the outcome from, and the desk where people are asked."""

    intake: Intake
    records: Records
    desk: Desk


def open_door(records: Records, queue: Queue) -> Hearing:
    """The door in to a ledger and a queue, and the desk where questions are handed to people."""
    return Hearing(
        Intake(records.turns, records.feedback, queue, records.channels),
        records,
        Desk(records.escalations, NamedExperts(EscalationSettings(), records.channels), queue),
    )

"""What a process that hears questions has in its hands."""

from dataclasses import dataclass

from bot.intake import Intake
from cli.bootstrap.records import Records

# An ingress may spend a second on the ledger; its platform waits for three.
HEARING_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Hearing:
    """The door in, and the ledger to read the outcome from."""

    intake: Intake
    records: Records

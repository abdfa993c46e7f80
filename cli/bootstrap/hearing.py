"""What a process that hears questions has in its hands."""

from dataclasses import dataclass

from bot.intake import Intake
from cli.bootstrap.records import Records


@dataclass(frozen=True, slots=True)
class Hearing:
    """The door in, and the ledger to read the outcome from."""

    intake: Intake
    records: Records

"""What a platform's ingress reads of the ledger, and writes besides questions."""

from dataclasses import dataclass

from ledger.attention import Attention
from ledger.channels import Channels
from ledger.escalations import Escalations
from ledger.people import People
from ledger.sources import Sources
from ledger.threads import Threads
from ledger.turns import Turns


@dataclass(frozen=True, slots=True)
class Books:
    """The books of one ledger that hearing needs."""

    turns: Turns
    threads: Threads
    channels: Channels
    attention: Attention
    people: People
    sources: Sources
    escalations: Escalations

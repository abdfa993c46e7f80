"""The ledger's books, for every process."""

from dataclasses import dataclass

from bot.books import Books
from core.settings import HomeSettings
from ledger.attention import Attention
from ledger.channels import Channels
from ledger.confirmations import Confirmations
from ledger.conversations import Conversations
from ledger.decisions import Decisions
from ledger.engine import Ledger, LedgerSettings, open_ledger
from ledger.escalations import Escalations
from ledger.feedback import Feedback
from ledger.groups import Groups
from ledger.leases import Leases
from ledger.people import People
from ledger.posts import Posts
from ledger.sources import Sources
from ledger.threads import Threads
from ledger.transactions import shown
from ledger.turns import Turns
from workers.lease import LeaseSettings

MAX_ATTEMPTS = 4


@dataclass(frozen=True, slots=True)
class Records(Books):
    """Every book of one ledger, and the ledger itself. `location` says where it lies, without a password."""

    ledger: Ledger
    location: str
    conversations: Conversations
    feedback: Feedback
    sources: Sources
    leases: Leases
    posts: Posts
    confirmations: Confirmations
    decisions: Decisions
    groups: Groups


def open_records(home: HomeSettings, *, wait: float = 5.0) -> Records:
    """Open the ledger and bring its tables up to date.

    Args:
        home: where the default ledger lies.
        wait: seconds to wait for a lock; an ingress has one.

    Raises:
        Misconfigured: a wrong setting, such as `CANDOR_DATABASE_URL`.
        LedgerUnavailable: the database does not answer.
    """
    engine = open_ledger(LedgerSettings(), home, wait=wait)
    return Records(
        ledger=engine,
        location=shown(engine),
        turns=Turns(engine, lease=LeaseSettings().lease_seconds, max_attempts=MAX_ATTEMPTS),
        threads=Threads(engine),
        channels=Channels(engine),
        attention=Attention(engine),
        people=People(engine),
        escalations=Escalations(engine, lease=LeaseSettings().lease_seconds),
        conversations=Conversations(engine),
        feedback=Feedback(engine),
        sources=Sources(engine),
        leases=Leases(engine, lease=LeaseSettings().lease_seconds),
        posts=Posts(engine),
        confirmations=Confirmations(engine),
        decisions=Decisions(engine),
        groups=Groups(engine),
    )

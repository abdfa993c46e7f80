"""A ledger in a file for tests that need its books, and a platform that keeps what it was told."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.outgoing import Payload
from bot.platforms.terminal.render import TerminalRender
from core.errors import Unavailable
from core.messages import Address, Question
from core.queue import Job
from core.settings import HomeSettings
from ledger.engine import LedgerSettings, open_ledger
from ledger.feedback import Feedback
from ledger.posts import Posts
from ledger.turns import Turns


@dataclass(frozen=True)
class Books:
    """The books that hearing and speaking need."""

    turns: Turns
    posts: Posts
    feedback: Feedback


def open_books(folder: Path, *, lease: float = 15.0, sweep_after: float = 3.0, wait: float = 5.0) -> Books:
    engine = open_ledger(LedgerSettings(database_url=""), HomeSettings(home=folder), wait=wait)
    return Books(Turns(engine, lease=lease, sweep_after=sweep_after), Posts(engine), Feedback(engine))


@dataclass
class CollectingQueue:
    """A queue that keeps its jobs; told so, it takes none."""

    takes: bool = True
    jobs: list[Job] = field(default_factory=list)

    def publish(self, job: Job) -> bool:
        if self.takes:
            self.jobs.append(job)
        return self.takes


@dataclass
class CollectingEgress:
    """A platform in memory: every post is a new message, updates replace, and it can be out of order."""

    messages: dict[str, tuple[Address, str, Payload]] = field(default_factory=dict)
    updates: list[Payload] = field(default_factory=list)
    down: bool = False

    def post(self, question: Question, key: str, payload: Payload) -> Address:
        self._answer()
        address = question.address
        message = address.model_copy(update={"message": str(len(self.messages))})
        self.messages[message.message] = (message, key, payload)
        return message

    def update(self, message: Address, payload: Payload) -> None:
        self._answer()
        address, key, _ = self.messages[message.message]
        self.messages[message.message] = (address, key, payload)
        self.updates.append(payload)

    def delete(self, message: Address) -> None:
        self._answer()
        self.messages.pop(message.message, None)

    def tell(self, question: Question, sentence: str) -> None:
        self.post(question, "", {"text": sentence})

    def find(self, address: Address, key: str) -> Address | None:
        self._answer()
        found = [at for at, its_key, _ in self.messages.values() if its_key == key]
        return found[-1] if found else None

    def shown(self) -> list[Any]:
        """The texts that stand there now."""
        return [payload["text"] for _, _, payload in self.messages.values()]

    def _answer(self) -> None:
        if self.down:
            raise Unavailable("the platform does not answer")


@dataclass
class CollectingSpeaker:
    """The terminal's message builder on a platform in memory."""

    egress: CollectingEgress = field(default_factory=CollectingEgress)
    render: TerminalRender = field(default_factory=TerminalRender)
    pace: float = 0.0

"""Slack with Candor in it: the simulator, Bolt on its sockets, and a worker's threads behind a queue."""

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from pydantic import SecretStr

from bot.books import Books
from bot.escalation import Desk, EscalationSettings, NamedExperts
from bot.intake import Intake
from bot.platforms.slack.egress import open_speaker
from bot.platforms.slack.ingress import listening
from bot.platforms.slack.settings import SlackSettings
from bot.platforms.slack.source import open_channels
from bot.simulators.slack import App, Person, SlackSimulator
from bot.simulators.slack.state.channels import Channel
from bot.simulators.slack.state.messages import Message
from core.completions import Completion, CompletionRequest, ModelRole, Models
from core.documents import Passage
from core.queue import ESCALATE, Job
from core.settings import HomeSettings
from ledger.attention import Attention
from ledger.channels import Channels
from ledger.conversations import Conversations
from ledger.engine import LedgerSettings, open_ledger
from ledger.escalations import Escalations
from ledger.feedback import Feedback
from ledger.people import People
from ledger.sources import Sources
from ledger.threads import Threads
from ledger.turns import Turn, Turns
from tests.bot.platforms.slack.wire import problems
from tests.workers.answering.parts import Library, ScriptedModel, chunk
from workers.answering.budget import AnsweringSettings
from workers.answering.process import Process
from workers.lease import Heartbeat
from workers.sweeper import Sweeper
from workers.tasks.answering import Answering
from workers.tasks.escalating import Escalating

MANIFEST = Path(__file__).parents[4] / "bot" / "platforms" / "slack" / "manifest.yaml"
KEY = "The doorkey lies under the mat. [1]"
PARTS = [f"{first}{second}" for first in "abcdef" for second in "abcdefghij"]
"""Names of a long answer's paragraphs; numbers would be figures that rest on nothing."""

LONG = "\n\n".join(f"{name}: {'word ' * 60}the doorkey lies under the mat. [1]" for name in PARTS)


class Model(ScriptedModel):
    """Says the same to everybody, when it may: a test can hold it back in the middle of its text."""

    def __init__(self, text: str = KEY) -> None:
        super().__init__(size=7)
        self.text = text
        self.may_end = threading.Event()
        self.may_end.set()
        self.began = threading.Event()

    def complete(
        self, request: CompletionRequest, on_text: Callable[[str], None] | None = None
    ) -> Completion:
        self.requests.append(request)
        text = self.text
        if on_text:
            first, middle, rest = text.partition("\n\n")
            on_text(first + middle)
            self.began.set()
            assert self.may_end.wait(20)
            on_text(rest)
        return Completion(text=text)


class Suggestions:
    """Follow-ups as a test wants them."""

    def __init__(self) -> None:
        self.questions: tuple[str, ...] = ()

    def beyond(self, asked: str, passages: Sequence[Passage], groups: tuple[str, ...]) -> tuple[str, ...]:
        return self.questions


class ThreadQueue:
    """A queue whose worker is a pool of threads in this process."""

    def __init__(self) -> None:
        self.pool = ThreadPoolExecutor(8, thread_name_prefix="bench")
        self.run: Callable[[str], None] | None = None
        self.escalate: Callable[[str], None] | None = None
        self.jobs: list[Job] = []

    def publish(self, job: Job) -> bool:
        self.jobs.append(job)
        run = self.escalate if job.task == ESCALATE else self.run
        if run:
            self.pool.submit(run, job.turn_id)
        return True


@dataclass
class Bench:
    slack: SlackSimulator
    settings: SlackSettings
    turns: Turns
    threads: Threads
    feedback: Feedback
    queue: ThreadQueue
    intake: Intake
    model: Model
    answering: Answering
    escalating: Escalating
    books: Books
    ana: Person
    ben: Person
    general: Channel
    desk: Desk
    suggestions: Suggestions
    url: str = ""

    def replies(self, message: Message, who: Person | None = None) -> list[Message]:
        """What Candor says in a message's thread."""
        channel = self.slack.workspace.directory.channels[message.channel]
        seen = (who or self.ana).sees(channel, message)
        return [each for each in seen if each.user == self.slack.workspace.bot.id]

    def until(self, look: Callable[[], Any], within: float = 10) -> Any:
        found = self.slack.workspace.wait_for(look, within)
        assert found, "it did not come about"
        return found

    def answer_to(self, message: Message, words: str = "under the mat") -> Message:
        """The reply, once it says these words and is done."""

        def done() -> Message | None:
            replies = [each for each in self.replies(message) if words in each.shown]
            ended = replies and replies[-1].streaming != "in_progress" and "Stop" not in _labels(replies[-1])
            return replies[-1] if ended else None

        found: Message = self.until(done)
        self.settled()
        return found

    def until_acknowledged(self) -> None:
        """Wait for the first delivery that is taken."""
        pause = threading.Event()
        for _ in range(500):
            if any(receipt.acknowledged for receipt in list(self.slack.receipts)):
                return
            pause.wait(0.02)
        raise AssertionError(f"not acknowledged: {self.slack.receipts}")

    def settled(self) -> list[Turn]:
        """All turns, once every one has ended."""
        stop = threading.Event()
        for _ in range(500):
            if not self.turns.backlog():
                return self.turns.recent(1000)
            stop.wait(0.02)
        raise AssertionError(f"not ended: {self.turns.recent()}")

    def bodies(self, *methods: str) -> list[dict[str, Any]]:
        return [request.body for request in list(self.slack.requests) if request.method in methods]


def _labels(message: Message) -> list[str]:
    return [
        element["text"]["text"]
        for block in message.blocks
        if block["type"] == "actions"
        for element in block["elements"]
    ]


labels = _labels


def slack_settings(slack: SlackSimulator) -> SlackSettings:
    return SlackSettings(
        slack_bot_token=SecretStr(slack.bot_token),
        slack_app_token=SecretStr(slack.app.app_token),
        slack_signing_secret=SecretStr(slack.app.signing_secret),
        slack_api_url=slack.api_url,
        slack_http_port=0,
    )


@contextmanager
def bench(folder: Path, *, http: bool = True, working: bool = True, lease: float = 15.0) -> Iterator[Bench]:
    app = App.from_manifest(yaml.safe_load(MANIFEST.read_text()))
    engine = open_ledger(LedgerSettings(database_url=""), HomeSettings(home=folder))
    turns = Turns(engine, lease=lease, sweep_after=0.0)
    queue = ThreadQueue()
    model = Model()
    suggestions = Suggestions()
    with SlackSimulator(app) as slack:
        slack.limits.off()
        settings = slack_settings(slack)
        heartbeat = Heartbeat(turns, interval=1.0)
        books = Books(
            turns=turns,
            threads=Threads(engine),
            channels=Channels(engine),
            attention=Attention(engine),
            people=People(engine),
            sources=Sources(engine),
            escalations=Escalations(engine, sweep_after=0.0),
        )
        experts = NamedExperts(EscalationSettings(experts=""), books.channels)
        speaker = open_speaker(settings)
        answering = Answering(
            turns=turns,
            process=Process(
                search=Library(chunk("The doorkey lies under the mat.")),
                models=Models({ModelRole.STRONG: model}),
                conversations=Conversations(engine),
                settings=AnsweringSettings(),
                channels={"slack": open_channels(settings)},
                further={"slack": suggestions},
            ),
            speakers={"slack": speaker},
            heartbeat=heartbeat,
            worker="worker",
            max_attempts=4,
            seconds=30,
            pauses=(0.0,),
            experts=experts,
        )
        escalating = Escalating(
            books.escalations, books.threads, {"slack": speaker.cards}, {"slack": speaker.egress}, pause=0.1
        )
        if working:
            queue.run = answering.run
            queue.escalate = escalating.run
        sweeper = Sweeper(turns, queue, books.escalations, interval=0.1)
        intake = Intake(turns, Feedback(engine), queue, books.channels)
        desk = Desk(books.escalations, experts, queue)
        ana, ben = slack.person("Ana"), slack.person("Ben")
        general = slack.workspace.channel("general", ana.user, ben.user)
        heartbeat.start()
        if working:
            sweeper.start()
        made = Bench(
            slack, settings, turns, books.threads, Feedback(engine), queue, intake, model, answering,
            escalating, books, ana, ben, general, desk, suggestions,
        )  # fmt: skip
        try:
            with listening(settings, intake, books, desk, http=http) as where:
                if http:
                    port = where.split("port ")[1].split(",")[0]
                    made.url = f"http://127.0.0.1:{port}/slack/events"
                    slack.listen(made.url)
                yield made
                wrong = problems(slack.requests)
                assert not wrong, "\n".join(wrong)
        finally:
            model.may_end.set()
            if working:
                sweeper.stop()
            heartbeat.stop()
            queue.pool.shutdown(wait=True)
            engine.dispose()

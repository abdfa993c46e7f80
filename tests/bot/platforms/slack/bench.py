"""Slack with Candor in it: the simulator, Bolt on its sockets, and a worker's threads behind a queue."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from pydantic import SecretStr

from bot.intake import Intake
from bot.platforms.slack.egress import open_speaker
from bot.platforms.slack.ingress import listening
from bot.platforms.slack.settings import SlackSettings
from bot.simulators.slack import App, Person, SlackSimulator
from bot.simulators.slack.state.channels import Channel
from bot.simulators.slack.state.messages import Message
from core.completions import Completion, CompletionRequest, ModelRole, Models
from core.queue import Job
from core.settings import HomeSettings
from ledger.conversations import Conversations
from ledger.engine import LedgerSettings, open_ledger
from ledger.feedback import Feedback
from ledger.threads import Threads
from ledger.turns import Turn, Turns
from tests.workers.answering.parts import Library, ScriptedModel, chunk
from workers.answering.budget import AnsweringSettings
from workers.answering.process import Process
from workers.lease import Heartbeat
from workers.sweeper import Sweeper
from workers.tasks.answering import Answering

MANIFEST = Path(__file__).parents[4] / "bot" / "platforms" / "slack" / "manifest.yaml"
KEY = "The doorkey lies under the mat. [1]"


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


class ThreadQueue:
    """A queue whose worker is a pool of threads in this process."""

    def __init__(self) -> None:
        self.pool = ThreadPoolExecutor(8, thread_name_prefix="bench")
        self.run: Callable[[str], None] | None = None
        self.jobs: list[Job] = []

    def publish(self, job: Job) -> bool:
        self.jobs.append(job)
        if self.run:
            self.pool.submit(self.run, job.turn_id)
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
    ana: Person
    ben: Person
    general: Channel
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
    with SlackSimulator(app) as slack:
        slack.limits.off()
        settings = slack_settings(slack)
        heartbeat = Heartbeat(turns, interval=1.0)
        answering = Answering(
            turns=turns,
            process=Process(
                search=Library(chunk("The doorkey lies under the mat.")),
                models=Models({ModelRole.STRONG: model}),
                conversations=Conversations(engine),
                settings=AnsweringSettings(),
            ),
            speakers={"slack": open_speaker(settings)},
            heartbeat=heartbeat,
            worker="worker",
            max_attempts=4,
            seconds=30,
            pauses=(0.0,),
        )
        if working:
            queue.run = answering.run
        sweeper = Sweeper(turns, queue, interval=0.1)
        intake = Intake(turns, Feedback(engine), queue)
        ana, ben = slack.person("Ana"), slack.person("Ben")
        general = slack.workspace.channel("general", ana.user, ben.user)
        heartbeat.start()
        if working:
            sweeper.start()
        made = Bench(
            slack, settings, turns, Threads(engine), Feedback(engine), queue, intake, model, answering,
            ana, ben, general,
        )  # fmt: skip
        try:
            with listening(settings, intake, turns, made.threads, http=http) as where:
                if http:
                    port = where.split("port ")[1].split(",")[0]
                    made.url = f"http://127.0.0.1:{port}/slack/events"
                    slack.listen(made.url)
                yield made
        finally:
            model.may_end.set()
            if working:
                sweeper.stop()
            heartbeat.stop()
            queue.pool.shutdown(wait=True)
            engine.dispose()

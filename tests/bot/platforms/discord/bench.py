"""Discord with Candor in it: the simulator, discord.py on its gateway, a worker's threads behind a queue."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from bot.books import Books
from bot.escalation import Desk, EscalationSettings, NamedExperts
from bot.intake import Intake
from bot.platforms.discord.egress import open_speaker
from bot.platforms.discord.ingress import listening
from bot.platforms.discord.ingress.web import PATH
from bot.platforms.discord.settings import DiscordSettings
from bot.simulators.discord import App, DiscordSimulator, Person
from bot.simulators.discord.state.channels import Channel
from bot.simulators.discord.state.messages import Message
from core.completions import ModelRole, Models
from core.settings import HomeSettings
from ledger.attention import Attention
from ledger.channels import Channels
from ledger.conversations import Conversations
from ledger.engine import LedgerSettings, open_ledger
from ledger.escalations import Escalations
from ledger.feedback import Feedback
from ledger.leases import Leases
from ledger.people import People
from ledger.sources import Sources
from ledger.threads import Threads
from ledger.turns import Turn, Turns
from tests.bot.platforms.discord.wire import problems
from tests.bot.platforms.slack.bench import Model, ThreadQueue
from tests.workers.answering.parts import Library, chunk
from workers.answering.budget import AnsweringSettings
from workers.answering.process import Process
from workers.lease import Heartbeat
from workers.sweeper import Sweeper
from workers.tasks.answering import Answering
from workers.tasks.escalating import Escalating


@dataclass
class Bench:
    discord: DiscordSimulator
    settings: DiscordSettings
    books: Books
    feedback: Feedback
    leases: Leases
    queue: ThreadQueue
    intake: Intake
    model: Model
    ana: Person
    ben: Person
    general: Channel
    desk: Desk
    where: str = ""
    url: str = ""

    @property
    def turns(self) -> Turns:
        return self.books.turns

    def replies(self, channel: Channel, who: Person | None = None) -> list[Message]:
        """What Candor says in a channel."""
        seen = (who or self.ana).sees(channel)
        return [message for message in seen if message.author == self.discord.app.id]

    def until(self, look: Callable[[], Any], within: float = 30) -> Any:
        """What a look finds at last, on Discord or in the ledger."""
        pause = threading.Event()
        for _ in range(int(within / 0.02)):
            if found := look():
                return found
            pause.wait(0.02)
        raise AssertionError(
            [(turn.state, turn.error, turn.question, turn.answer) for turn in self.turns.recent()]
        )

    def answer(self, channel: Channel, count: int = 1, words: str = "under the mat") -> Message:
        """The newest reply, once so many say these words and are done."""

        def done() -> list[Message]:
            ended = [each for each in self.replies(channel) if words in each.content and "up" in labels(each)]
            return ended if len(ended) >= count else []

        found: list[Message] = self.until(done)
        self.settled()
        return found[-1]

    def settled(self, count: int = 0) -> list[Turn]:
        """All turns, once there are so many and every one has ended."""
        pause = threading.Event()
        for _ in range(750):
            if not self.turns.backlog() and len(self.turns.recent(1000)) >= count:
                return self.turns.recent(1000)
            pause.wait(0.02)
        raise AssertionError(f"not ended: {self.turns.recent()}")

    def votes(self) -> list[tuple[str, int, str]]:
        """Every thumb on the newest turn: whose, which, and why."""
        return [
            (vote.person, vote.value, vote.reason) for vote in self.feedback.of(self.turns.recent(1)[0].id)
        ]


def labels(message: Message) -> list[str]:
    """What the buttons of a message do."""
    return [
        str(button["custom_id"]).partition(":")[0]
        for row in message.components
        for button in row["components"]
    ]


def button(message: Message, action: str) -> str:
    """The custom id of a message's button."""
    ids = [str(each["custom_id"]) for row in message.components for each in row["components"]]
    return next(each for each in ids if each.startswith(f"{action}:"))


def discord_settings(discord: DiscordSimulator) -> DiscordSettings:
    return DiscordSettings(
        discord_token=SecretStr(discord.app.token),
        discord_public_key=discord.app.public_key,
        discord_api_url=discord.api_url,
        discord_gateway_url=discord.gateway_url,
        discord_http_port=0,
    )


@contextmanager
def bench(
    folder: Path, *, app: App | None = None, working: bool = True, shards: int = 1, http: bool = False
) -> Iterator[Bench]:
    engine = open_ledger(LedgerSettings(database_url=""), HomeSettings(home=folder), wait=1.0)
    queue, model = ThreadQueue(), Model()
    books = Books(
        turns=Turns(engine, sweep_after=0.0),
        threads=Threads(engine),
        channels=Channels(engine, seconds=0.0),
        attention=Attention(engine),
        people=People(engine),
        sources=Sources(engine),
        escalations=Escalations(engine, sweep_after=0.0),
    )
    with DiscordSimulator(app) as discord:
        discord.limits.off()
        discord.gateway.terms.shards = shards
        settings = discord_settings(discord)
        heartbeat = Heartbeat(books.turns, interval=1.0)
        speaker = open_speaker(settings)
        experts = NamedExperts(EscalationSettings(experts=""), books.channels)
        desk = Desk(books.escalations, experts, queue)
        answering = Answering(
            turns=books.turns,
            process=Process(
                search=Library(chunk("The doorkey lies under the mat.")),
                models=Models({ModelRole.STRONG: model}),
                conversations=Conversations(engine),
                settings=AnsweringSettings(),
            ),
            speakers={"discord": speaker},
            heartbeat=heartbeat,
            worker="worker",
            max_attempts=4,
            seconds=30,
            pauses=(0.0,),
            experts=experts,
        )
        escalating = Escalating(
            books.escalations,
            books.threads,
            {"discord": speaker.cards},
            {"discord": speaker.egress},
            pause=0.1,
        )
        if working:
            queue.run = answering.run
            queue.escalate = escalating.run
        sweeper = Sweeper(books.turns, queue, books.escalations, interval=0.1)
        intake = Intake(books.turns, Feedback(engine), queue, books.channels)
        leases = Leases(engine, lease=4.0)
        ana, ben = discord.person("Ana"), discord.person("Ben")
        general = discord.channel("general")
        heartbeat.start()
        if working:
            sweeper.start()
        made = Bench(
            discord, settings, books, Feedback(engine), leases, queue, intake, model, ana, ben, general, desk
        )
        try:
            with listening(settings, intake, books, desk, leases, http=http) as where:
                made.where = where
                if http:
                    made.url = f"http://127.0.0.1:{where.split('port ')[1].split(',')[0]}{PATH}"
                    discord.listen(made.url)
                yield made
                wrong = problems(discord.requests)
                assert not wrong, "\n".join(wrong)
        finally:
            model.may_end.set()
            if working:
                sweeper.stop()
            heartbeat.stop()
            queue.pool.shutdown(wait=True)
            engine.dispose()

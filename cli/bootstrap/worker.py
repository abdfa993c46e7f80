"""A process that answers questions and reads documents."""

import os
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from bot.escalation import EscalationSettings, NamedExperts
from cli.bootstrap.channels import open_channels
from cli.bootstrap.library import Library, library
from cli.bootstrap.records import MAX_ATTEMPTS, Records, open_records
from cli.bootstrap.speakers import TERMINAL, cards_of, open_pacer, open_speakers
from cli.bootstrap.tools import live_rates, toolbox
from core import telemetry as names
from core.completions import ModelRole
from core.health import Health
from core.health import answering as works
from core.policy import PolicySettings, open_policies
from core.settings import HomeSettings
from core.transcripts import Channels
from core.watch import Watch
from retrieval.ranking import Ranking
from retrieval.rerankers import RerankerSettings
from workers.answering.budget import AnsweringSettings
from workers.answering.process import Process
from workers.answering.reranking import open_reranking
from workers.app import App, WorkerSettings, make_app
from workers.canary import Canary
from workers.examples import Examples
from workers.exclusion import Exclusion
from workers.gauges import show_backlog, show_queues, show_rates
from workers.guardrails._guard import open_guard
from workers.handover import Handover
from workers.ingesting import Ingesting
from workers.lease import Heartbeat, LeaseSettings
from workers.models import ModelSettings, open_models
from workers.queue import CeleryQueue, broker_answers
from workers.rates.settings import LiveRatesSettings
from workers.sweeper import Sweeper
from workers.tasks import answering, escalating, ingesting, rates


@dataclass(frozen=True, slots=True)
class Working:
    """An app with its tasks, and what they work with."""

    app: App
    name: str
    queue: CeleryQueue
    records: Records
    library: Library
    ingesting: Ingesting
    watch: Watch
    canary: Canary
    health: Health


def ingester(shelf: Library, records: Records, channels: Mapping[str, Channels]) -> Ingesting:
    """What reads sources into the index. Example questions cost nothing: the extractive model tries them."""
    extractive = open_models(ModelSettings(model_strong="extractive"), shelf.embedder)[ModelRole.STRONG]
    examples = Examples(shelf.search, extractive)
    return Ingesting(shelf.index, records.sources, examples, exclusion(records), channels=channels)


def exclusion(records: Records) -> Exclusion:
    """What keeps two syncs of one source apart, whichever processes run them."""
    return Exclusion(records.leases, LeaseSettings())


@contextmanager
def working(
    home: HomeSettings, settings: WorkerSettings, *, rates_url: str = "", watch: Watch | None = None
) -> Iterator[Working]:
    """Open every part of a worker; its heartbeat and its sweep run until the end.

    Args:
        home: the data folder.
        settings: the queue and the threads.
        rates_url: the live-rate service, where it runs in this process.
        watch: who sees the work.
    """
    watch = watch or Watch()
    name = f"candor@{socket.gethostname()}-{os.getpid()}"
    records = open_records(home)
    live = LiveRatesSettings()
    with (
        library(home) as shelf,
        live_rates(rates_url or live.rates_url) as service,
        toolbox(shelf.search, service) as tools,
    ):
        app = make_app(settings, home, syncs_rates=live.by_the_clock)
        queue = CeleryQueue(app)
        heartbeat = Heartbeat(records.turns, interval=LeaseSettings().heartbeat_seconds)
        sweeper = Sweeper(records.turns, queue, records.escalations, metrics=watch.metrics)
        canary = Canary(app, name)
        models = open_models(ModelSettings(), shelf.embedder)
        channels = open_channels(records)
        speakers = open_speakers(records, open_pacer(records, settings))
        reading = ingester(shelf, records, channels)
        process = Process(
            search=shelf.search,
            models=models,
            conversations=records.conversations,
            settings=AnsweringSettings(),
            reranking=open_reranking(RerankerSettings(), models),
            tools=tools,
            confirmations=records.confirmations,
            guard=open_guard(models, open_policies(PolicySettings())),
            channels=channels,
            ranking=Ranking(shelf.embedder),
            further={name: reading.examples for name in speakers if name != TERMINAL},
        )
        answering.register(
            app,
            answering.Answering(
                turns=records.turns,
                process=process,
                speakers=speakers,
                heartbeat=heartbeat,
                worker=name,
                max_attempts=MAX_ATTEMPTS,
                seconds=settings.turn_seconds,
                experts=NamedExperts(EscalationSettings(), records.channels),
                watch=watch,
            ),
        )
        escalating.register(
            app,
            escalating.Escalating(
                escalations=records.escalations,
                threads=records.threads,
                cards=cards_of(speakers),
                egresses={name: speaker.egress for name, speaker in speakers.items()},
            ),
        )
        ingesting.register(app, reading, records.sources, queue)
        rates.register(app, service, live)
        show_backlog(watch.metrics, records.turns)
        show_queues(watch.metrics, app)
        if rates_url or live.rates_url:
            show_rates(watch.metrics, service)
        watch.metrics.gauge(
            names.CANARY_AGE_SECONDS, "Since a task last came through.", (), lambda: {(): canary.age}
        )
        health = Health(
            alive={"canary": canary.check},
            ready={
                "ledger": works(records.turns.waiting),
                "broker": lambda: "" if broker_answers(app) else "does not answer",
                "index": works(shelf.store.collection),
            },
        )
        handover = Handover(records.turns, heartbeat, settings.shutdown_seconds)
        handover.watch()
        heartbeat.start()
        sweeper.start()
        canary.start()
        try:
            yield Working(app, name, queue, records, shelf, reading, watch, canary, health)
        finally:
            handover.unwatch()
            canary.stop()
            sweeper.stop()
            heartbeat.stop()
            queue.close()

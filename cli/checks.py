"""What `candor doctor` looks at: one function per part, each giving plain findings."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeoutError
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from urllib.parse import urlsplit

import httpx

from bot.platforms.discord.settings import DiscordSettings
from bot.platforms.slack.settings import SlackSettings
from cli.bootstrap.library import library
from cli.bootstrap.records import open_records
from cli.bootstrap.tools import live_rates
from core.background import in_background
from core.deadline import Deadline
from core.errors import CandorError, IndexMissing, Unavailable
from core.messages import EVERYONE
from core.secrets import mask
from core.settings import HomeSettings
from core.telemetry import TelemetrySettings
from retrieval.embedders import EmbedderSettings
from retrieval.rerankers import RerankerSettings
from retrieval.stores import StoreSettings
from workers.answering.reranking import chosen, open_reranking
from workers.app import WorkerSettings, make_app
from workers.models import ModelSettings, open_models
from workers.queue import broker_answers
from workers.rates.settings import LiveRatesSettings
from workers.tools import Reached, Supply, mcp, openapi, query_database

# Where local OpenAI-compatible servers listen unless they are told otherwise, by their own documentation.
LOCAL_SERVERS = {"Ollama": 11434, "llama.cpp": 8080, "vLLM": 8000}

_PATIENCE_SECONDS = 0.5
_SLACK_SECONDS = 3.0
_DISCORD_SECONDS = 3.0
_UNAUTHORIZED = 401
_RATES_SECONDS = 3.0
_TOOLS_SECONDS = 12.0
"""A little more than a server of tools is given by its own connection."""


class State(StrEnum):
    """How a part is: working, switched off, or at fault."""

    ON = "on"
    OFF = "off"
    FAULT = "fault"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found of one part, and for a part that is off what that switches off."""

    part: str
    state: State
    text: str


Check = Callable[[], Iterator[Finding]]


def findings() -> Iterator[Finding]:
    """Every finding, in the order in which parts lean on each other; a fault in one hides no other."""
    checks: dict[str, Check] = {
        "home": _home,
        "ledger": _ledger,
        "queue": _queue,
        "index": _index,
        "models": _models,
        "reranker": _reranker,
        "local models": _local_servers,
        "rates": _rates,
        "tools": _tools,
        "slack": _slack,
        "discord": _discord,
        "telemetry": _telemetry,
    }
    for part, check in checks.items():
        try:
            yield from check()
        except CandorError as error:
            yield Finding(part, State.FAULT, str(error))


def _home() -> Iterator[Finding]:
    yield Finding("home", State.ON, f"data in {HomeSettings().folder()} (CANDOR_HOME)")


def _ledger() -> Iterator[Finding]:
    records = open_records(HomeSettings(), wait=2.0)
    yield Finding(
        "ledger", State.ON, f"{records.location}; {records.turns.backlog()} turns without an outcome"
    )


def _queue() -> Iterator[Finding]:
    settings = WorkerSettings()
    if settings.in_process:
        yield Finding(
            "queue", State.ON, "in this process; CANDOR_BROKER_URL=redis://... lets workers be many"
        )
        return
    host = urlsplit(settings.broker_url).hostname
    if broker_answers(make_app(settings, HomeSettings())):
        yield Finding("queue", State.ON, f"the broker at {host} answers")
    else:
        yield Finding("queue", State.FAULT, f"CANDOR_BROKER_URL: the broker at {host} does not answer")


def _index() -> Iterator[Finding]:
    embedder = EmbedderSettings().embedder
    if embedder == "none":
        yield Finding("embedder", State.OFF, "CANDOR_EMBEDDER=none: search goes by words alone")
    else:
        yield Finding("embedder", State.ON, f"{embedder} (CANDOR_EMBEDDER)")
    where = StoreSettings().qdrant_url or "embedded; CANDOR_QDRANT_URL moves it to a Qdrant server"
    with library(HomeSettings()) as shelf:
        try:
            documents = shelf.search.documents((EVERYONE,))
        except IndexMissing as error:
            yield Finding("index", State.OFF, f"{error} ({where})")
            return
    yield Finding("index", State.ON, f"{documents} documents that everyone may read ({where})")


def _models() -> Iterator[Finding]:
    settings = ModelSettings()
    open_models(settings, None)
    yield Finding("strong model", State.ON, f"{settings.model_strong} (CANDOR_MODEL_STRONG)")
    if settings.model_strong == "extractive":
        yield Finding(
            "language model", State.OFF, "answers are quotes; CANDOR_MODEL_STRONG=provider:model words them"
        )
    if not settings.model_small:
        yield Finding(
            "small model", State.OFF, "follow-ups are rewritten by the strong model (CANDOR_MODEL_SMALL)"
        )
    if not settings.model_judge:
        yield Finding("judge", State.OFF, "no answer is judged by a model (CANDOR_MODEL_JUDGE)")


def _reranker() -> Iterator[Finding]:
    settings = RerankerSettings()
    choice = chosen(settings)
    if choice.kind == "none":
        yield Finding("reranker", State.OFF, f"search's own order is taken ({choice.why})")
        return
    open_reranking(settings, open_models(ModelSettings(), None))
    who = {"cohere": "Cohere", "listwise": "a language model"}[choice.kind]
    model = f" {choice.model}" if choice.model else ""
    limit = f"{settings.reranker_candidates} candidates in {settings.reranker_seconds:g} s"
    yield Finding("reranker", State.ON, f"{who}{model}, {limit} ({choice.why})")


def _local_servers() -> Iterator[Finding]:
    found = False
    for name, port in LOCAL_SERVERS.items():
        url = f"http://127.0.0.1:{port}/v1"
        models = _served(url)
        if models is None:
            continue
        found = True
        first = models[0] if models else "MODEL"
        yield Finding(
            "local models",
            State.ON,
            f"{name}'s port answers with {', '.join(models) or 'no model'}: "
            f"CANDOR_OPENAI_BASE_URL={url} CANDOR_MODEL_STRONG=openai:{first} uses it",
        )
    if not found:
        ports = ", ".join(f"{name} {port}" for name, port in LOCAL_SERVERS.items())
        yield Finding("local models", State.OFF, f"no OpenAI-compatible server listens here ({ports})")


def _rates() -> Iterator[Finding]:
    settings = LiveRatesSettings()
    if not settings.rates_url:
        yield Finding(
            "rates", State.ON, "started when a rate is first asked for; CANDOR_RATES_URL names one that runs"
        )
        return
    with live_rates(settings.rates_url) as service:
        try:
            health = service.health(Deadline(_RATES_SECONDS))
        except Unavailable as error:
            yield Finding("rates", State.FAULT, f"CANDOR_RATES_URL: {error}")
            return
    failed = sum(source.failed for source in health.sources)
    parts = [
        f"the service at {urlsplit(settings.rates_url).hostname} answers ({health.status})",
        "it serves the bundled history, which is old" if health.bundled else "",
        f"{failed} of its {len(health.sources)} sources failed when last looked at" if failed else "",
        f"{health.quarantined} values are quarantined" if health.quarantined else "",
    ]
    yield Finding("rates", State.ON, "; ".join(filter(None, parts)))


def _tools() -> Iterator[Finding]:
    """One line for each server, service and database that tools come from; all are asked at once."""
    served: list[Supply] = []
    problems: dict[str, None] = {}  # the file of servers is read for two of the families
    for family in (mcp, openapi, query_database):
        try:
            served += family.supplies()
        except CandorError as error:
            problems[mask(str(error))] = None
    yield from (Finding("tools", State.FAULT, problem) for problem in problems)
    asked = [(each.name, in_background(f"tools-{each.name}", partial(_opened, each))) for each in served]
    deadline = Deadline(_TOOLS_SECONDS)
    try:
        for name, opened in asked:
            yield _supplied(f"tools of {name}", opened, deadline)
    finally:
        for each in served:
            each.close()


def _opened(supply: Supply) -> int:
    found = len(supply.open())
    if isinstance(supply, Reached):
        supply.reach()
    return found


def _supplied(part: str, opened: Future[int], deadline: Deadline) -> Finding:
    try:
        count = opened.result(deadline.remaining())
    except FutureTimeoutError:
        return Finding(part, State.FAULT, f"no answer within {_TOOLS_SECONDS:g} s")
    except CandorError as error:
        return Finding(part, State.FAULT, mask(str(error)))
    except Exception as error:  # noqa: BLE001 - whatever a server makes of its answer, the rest is looked at
        return Finding(part, State.FAULT, f"its answer makes no sense ({type(error).__name__})")
    return Finding(part, State.ON, f"reachable ({count} {'tool' if count == 1 else 'tools'})")


def _slack() -> Iterator[Finding]:
    settings = SlackSettings()
    if not settings.configured:
        yield Finding("slack", State.OFF, "nobody can ask in Slack (CANDOR_SLACK_BOT_TOKEN)")
        return
    settings.check()
    if settings.several:
        settings.client_secret()
        settings.signing_secret()
        yield Finding("slack", State.ON, "workspaces install it by OAuth (CANDOR_SLACK_CLIENT_ID)")
        return
    token = settings.bot_token()
    try:
        reply = httpx.post(
            f"{settings.slack_api_url.rstrip('/')}/auth.test",
            headers={"Authorization": f"Bearer {token}"},
            timeout=_SLACK_SECONDS,
        )
        said = reply.raise_for_status().json()
    except (httpx.HTTPError, ValueError) as error:
        yield Finding("slack", State.FAULT, f"CANDOR_SLACK_API_URL: Slack does not answer ({error})")
        return
    if not said.get("ok"):
        yield Finding("slack", State.FAULT, f"CANDOR_SLACK_BOT_TOKEN: Slack says {said.get('error')}")
        return
    if not settings.slack_app_token.get_secret_value():
        settings.signing_secret()
    mode = "Socket Mode" if settings.slack_app_token.get_secret_value() else "signed HTTP"
    yield Finding("slack", State.ON, f"{said.get('user')} in {said.get('team')}, over {mode}")


def _discord() -> Iterator[Finding]:
    settings = DiscordSettings()
    if not settings.configured:
        yield Finding("discord", State.OFF, "nobody can ask in Discord (CANDOR_DISCORD_TOKEN)")
        return
    try:
        reply = httpx.get(
            f"{settings.discord_api_url.rstrip('/')}/users/@me",
            headers={"Authorization": f"Bot {settings.token()}"},
            timeout=_DISCORD_SECONDS,
        )
        if reply.status_code == _UNAUTHORIZED:
            yield Finding("discord", State.FAULT, "CANDOR_DISCORD_TOKEN: Discord does not take this token")
            return
        name = reply.raise_for_status().json()["username"]
    except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
        yield Finding("discord", State.FAULT, f"CANDOR_DISCORD_API_URL: Discord does not answer ({error})")
        return
    yield Finding("discord", State.ON, f"{name}, over the gateway")


def _telemetry() -> Iterator[Finding]:
    settings = TelemetrySettings()
    if settings.telemetry_port:
        where = f"{settings.telemetry_host}:{settings.telemetry_port}"
        yield Finding("telemetry", State.ON, f"metrics and health on {where} (CANDOR_TELEMETRY_PORT)")
    else:
        yield Finding(
            "telemetry", State.OFF, "workers and bots show no metrics and no health (CANDOR_TELEMETRY_PORT)"
        )
    if not settings.otlp_endpoint:
        yield Finding("traces", State.OFF, "none are made (CANDOR_OTLP_ENDPOINT)")
        return
    host = urlsplit(settings.otlp_endpoint).hostname
    try:
        httpx.get(settings.otlp_endpoint, timeout=_PATIENCE_SECONDS)
    except (httpx.HTTPError, httpx.InvalidURL):
        yield Finding("traces", State.FAULT, f"CANDOR_OTLP_ENDPOINT: the collector at {host} does not answer")
        return
    yield Finding("traces", State.ON, f"sent to {host}")


def _served(url: str) -> list[str] | None:
    """Ids of the models that an OpenAI-compatible server offers; None where none answers."""
    try:
        reply = httpx.get(f"{url}/models", timeout=_PATIENCE_SECONDS, trust_env=False)
        listed = reply.raise_for_status().json()["data"]
        return [str(model["id"]) for model in listed]
    except (httpx.HTTPError, ValueError, KeyError, TypeError):
        return None

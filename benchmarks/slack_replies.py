"""How soon a question in Slack is seen to be taken, and answered, one question at a time.

Run it with `python -m benchmarks.slack_replies [--questions N]`. Slack is the simulator; `candor bot slack`
and `candor worker` are processes of their own, with a Redis, SQLite and the extractive model, which writes at
once: the whole of what comes behind a question is an upper bound of what comes behind a model's last token.
Prints a Markdown table, in milliseconds.
"""

import argparse
import statistics
import tempfile
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import yaml

from bot.platforms.slack.render import NOTICE
from bot.simulators.slack import App, SlackSimulator
from bot.simulators.slack.state.messages import Message
from tests.bot.platforms.slack.bench import MANIFEST
from tests.cli.candor import Candor, eventually, read_until
from tests.servers.redis_server import RedisServer

PAGE = "# Keys\n\n## Where is the doorkey?\n\nThe doorkey lies under the mat.\n"

_STATUS, _FINISH = "assistant.threads.setStatus", "chat.stopStream"


def measure(questions: int) -> tuple[list[float], list[float]]:
    """Seconds from each message to its first status, and to its finished reply."""
    with (
        tempfile.TemporaryDirectory() as folder,
        RedisServer() as redis,
        SlackSimulator(App.from_manifest(yaml.safe_load(MANIFEST.read_text()))) as slack,
    ):
        slack.limits.off()
        page = Path(folder) / "keys.md"
        page.write_text(PAGE)
        candor = Candor(Path(folder) / "home", Path(folder)).set(
            broker_url=redis.url,
            embedder="none",
            slack_api_url=slack.api_url,
            slack_bot_token=slack.bot_token,
            slack_app_token=slack.app.app_token,
        )
        candor.done("ingest", str(page))
        ana = slack.person("Ana")
        general = slack.workspace.channel("general", ana.user)
        statuses, finishes = [], []
        with candor.running("bot", "slack") as bot, candor.worker():
            read_until(bot.stdout, "Socket Mode.")
            for _ in range(questions):
                asked = slack.workspace.clock.now()
                message = ana.say(general, "@candor where is the doorkey?")
                eventually(partial(_ended, slack, message))
                eventually(partial(_first, slack, _FINISH, asked))
                statuses.append(_first(slack, _STATUS, asked) - asked)
                finishes.append(_first(slack, _FINISH, asked) - asked)
        return statuses[1:], finishes[1:]


def _ended(slack: SlackSimulator, message: Message) -> bool:
    replies = slack.workspace.timeline.replies(message.channel, message.ts)
    return any(NOTICE in reply.shown for reply in replies)


def _first(slack: SlackSimulator, method: str, since: float) -> float:
    """When a method was first called after a moment; 0 where it was not."""
    return next((each.at for each in list(slack.requests) if each.method == method and each.at >= since), 0.0)


def _row(name: str, seconds: Sequence[float]) -> str:
    figures = (statistics.median(seconds), statistics.quantiles(seconds, n=20)[18], max(seconds))
    return f"| {name} | {' | '.join(f'{value * 1000:.0f}' for value in figures)} |"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--questions", type=int, default=100)
    statuses, finishes = measure(parser.parse_args().questions + 1)
    print("| from a question to | p50 ms | p95 ms | longest ms |\n|---|---|---|---|")
    print(_row("its status", statuses))
    print(_row("its finished reply", finishes))


if __name__ == "__main__":
    main()

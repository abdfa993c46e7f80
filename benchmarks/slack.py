"""How soon a burst of Slack's events is acknowledged by one process that hears.

Run it with `python -m benchmarks.slack [--events N]`. Slack is the simulator, which delivers 32
events at a time; `candor bot slack` is a process of its own, with a Redis and SQLite. Prints a Markdown
table, in milliseconds.
"""

import argparse
import statistics
import tempfile
import time
from pathlib import Path

import yaml

from bot.simulators.slack import App, SlackSimulator
from tests.bot.platforms.slack.bench import MANIFEST
from tests.cli.candor import Candor, read_until, stop
from tests.servers.redis_server import RedisServer


def measure(events: int, *, http: bool) -> tuple[list[float], int, float]:
    """Seconds until each event was acknowledged, how many were not, and how long the whole burst took."""
    with (
        tempfile.TemporaryDirectory() as folder,
        RedisServer() as redis,
        SlackSimulator(App.from_manifest(yaml.safe_load(MANIFEST.read_text()))) as slack,
    ):
        slack.limits.off()
        candor = Candor(Path(folder) / "home", Path(folder)).set(
            broker_url=redis.url,
            embedder="none",
            slack_api_url=slack.api_url,
            slack_bot_token=slack.bot_token,
            slack_app_token=slack.app.app_token,
            slack_signing_secret=slack.app.signing_secret,
            slack_http_port="0",
        )
        with candor.running("bot", "slack", *(["--http"] if http else [])) as bot:
            where = read_until(bot.stdout, "/slack/events" if http else "Socket Mode.")
            if http:
                port = where.partition("port ")[2].partition(",")[0]
                slack.listen(f"http://127.0.0.1:{port}/slack/events")
            people = [slack.person(f"Person {n}") for n in range(50)]
            places = [(person, person.direct()) for person in people]
            began = time.perf_counter()
            for n in range(events):
                person, place = places[n % len(places)]
                person.say(place, f"where is key {n}?")
            slack.settle(120)
            took = time.perf_counter() - began
            stop(bot)
        receipts = [receipt for receipt in slack.receipts if receipt.kind == "events_api"]
        taken = [receipt.seconds for receipt in receipts if receipt.acknowledged]
        return taken, len(receipts) - len(taken), took


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=1000)
    given = parser.parse_args()
    print("| transport | events | refused | p50 ms | p99 ms | longest ms | events a second |")
    print("|---|---|---|---|---|---|---|")
    for transport in ("signed HTTP", "Socket Mode"):
        seconds, refused, took = measure(given.events, http=transport == "signed HTTP")
        cuts = statistics.quantiles(seconds, n=100)
        figures = (statistics.median(seconds), cuts[98], max(seconds))
        shown = " | ".join(f"{value * 1000:.0f}" for value in figures)
        print(f"| {transport} | {len(seconds)} | {refused} | {shown} | {len(seconds) / took:.0f} |")


if __name__ == "__main__":
    main()

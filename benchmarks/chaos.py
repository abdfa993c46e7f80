"""Questions while workers are killed: how many end without an outcome, how many are answered twice.

    python -m benchmarks.chaos [--questions 1000] [--kills 20] [--database sqlite|postgres]

Two `candor worker` processes on a real Redis; one of them, drawn by chance, is killed with SIGKILL again and
again and started anew, while a simulated asker puts in questions (a tenth of them delivered twice). What the
asker sees is read from the terminal's messages at the end.
"""

import argparse
import os
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks import corpus
from bot.intake import Intake
from cli.bootstrap.records import Records, open_records
from core.messages import Address, Asker, Question, QuestionKey
from core.settings import HomeSettings
from tests.servers.databases import PostgresServer
from tests.servers.redis_server import RedisServer
from workers.app import WorkerSettings, make_app
from workers.queue import CeleryQueue

_CANDOR = str(Path(sys.executable).parent / "candor")
_WORKERS = 2
_PATIENCE_SECONDS = 240


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--questions", type=int, default=1000)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--database", choices=["sqlite", "postgres"], default="sqlite")
    arguments = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        RedisServer() as redis,
        _database(arguments.database, Path(folder) / "postgres") as url,
    ):
        os.environ |= {  # noqa: TID251 - the settings of this process and of its children
            "CANDOR_HOME": f"{folder}/home",
            "CANDOR_BROKER_URL": redis.url,
            "CANDOR_DATABASE_URL": url,
        }
        questions = corpus.write(Path(folder) / "docs", 400)
        subprocess.run([_CANDOR, "ingest", f"{folder}/docs"], check=True)
        asked = (questions * (arguments.questions // len(questions) + 1))[: arguments.questions]
        _run([question for question, _ in asked], arguments.kills, arguments.database)


@contextmanager
def _database(kind: str, folder: Path) -> Iterator[str]:
    if kind == "sqlite":
        yield ""
        return
    with PostgresServer(folder) as server:
        yield server.new_database()


def _run(questions: list[str], kills: int, database: str) -> None:
    chance = random.Random(2)
    records = open_records(HomeSettings())
    queue = CeleryQueue(make_app(WorkerSettings(), HomeSettings()))
    intake = Intake(records.turns, records.feedback, queue)
    workers = [_worker() for _ in range(_WORKERS)]
    pause = 1.5 * kills / len(questions)
    turns = []
    killed = 0
    for number, text in enumerate(questions):
        question = _question(number, text)
        turns.append(intake.take(question).turn_id)
        if chance.random() < 0.1:
            intake.take(question)
        if (number + 1) * kills // len(questions) > killed:
            victim = chance.randrange(_WORKERS)
            workers[victim].send_signal(signal.SIGKILL)
            workers[victim].wait()
            workers[victim] = _worker()
            killed += 1
        time.sleep(pause)
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while records.turns.backlog() and time.monotonic() < deadline:
        time.sleep(0.2)
    for worker in workers:
        worker.terminate()
        worker.wait()
    queue.close()
    _report(records, turns, killed, database)


def _worker() -> subprocess.Popen[bytes]:
    return subprocess.Popen([_CANDOR, "worker"], stderr=subprocess.DEVNULL)


def _question(number: int, text: str) -> Question:
    key = QuestionKey(platform="terminal", workspace="local", channel="bench", message=f"m{number}")
    place = Address(platform="terminal", workspace="local", channel="bench", thread=f"t{number}")
    return Question(key=key, address=place, asker=Asker(id="bench"), text=text)


def _report(records: Records, turns: list[str], killed: int, database: str) -> None:
    found = [turn for turn_id in turns if (turn := records.turns.get(turn_id)) is not None]
    outcomes = Counter(turn.state if turn.finished_at else "none" for turn in found)
    messages = [records.posts.read(turn.question.address) for turn in found]
    doubled = sum(len(posts) > 1 for posts in messages)
    unseen = sum(not any(post.payload["final"] for post in posts) for posts in messages)
    repeated = sum(turn.attempt > 1 for turn in found)
    took = [(turn.finished_at - turn.received_at).total_seconds() for turn in found if turn.finished_at]
    print(
        "\n| ledger | asked | kills | without outcome | no final reply | two replies | failed | "
        "later attempts | p50 s | p99 s | max s |\n|---|---|---|---|---|---|---|---|---|---|---|"
    )
    print(
        f"| {database} | {len(turns)} | {killed} | {outcomes['none'] + len(turns) - len(found)} | {unseen} "
        f"| {doubled} | {outcomes['failed']} | {repeated} | {statistics.median(took):.2f} "
        f"| {statistics.quantiles(took, n=100)[-1]:.1f} | {max(took):.1f} |"
    )


if __name__ == "__main__":
    main()

"""How fast claim and sweep are in a ledger of 100,000 turns.

Run it with `python -m benchmarks.ledger`. 95 % of the turns have ended, 500 have just been received, and the
rest runs. Prints a Markdown table, in milliseconds.
"""

import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from sqlalchemy import Engine, insert, select, text, update

from core.messages import Address, Answer, Asker, Outcome, Question, QuestionKey
from core.settings import HomeSettings
from ledger import ids
from ledger.clock import now
from ledger.engine import LedgerSettings, open_ledger
from ledger.tables import answers, thread_of, turns
from ledger.transactions import reading, writing
from ledger.turns import Claim, Turns
from tests.servers.databases import PostgresServer, sqlite_url

TURNS = 100_000
ENDED = TURNS * 95 // 100
RECEIVED = 500
SAMPLES = 200
BATCH = 2_000


def _question(number: int) -> Question:
    place = {"platform": "slack", "workspace": "T1", "channel": f"C{number % 50}"}
    return Question(
        key=QuestionKey(**place, message=str(number)),
        address=Address(**place, thread=str(number // 5), message=str(number)),
        asker=Asker(id=f"U{number % 300}"),
        text=f"How do I reset the badge of room {number}, and whom do I tell that I did?",
    )


def _rows(clock: int) -> Iterator[dict[str, object]]:
    for number in range(TURNS):
        question = _question(number)
        ended = number < ENDED
        running = not ended and number < TURNS - RECEIVED
        yield {
            "id": ids.new_id(),
            **question.key.model_dump(),
            "thread": thread_of(question.address),
            "state": "answered" if ended else "running" if running else "received",
            "attempt": 0 if not ended and not running else 1,
            "forgiven": 0,
            "due_at": clock + 3_600_000 if running else clock - 60_000,
            "enqueued_at": clock - 60_000,
            "received_at": clock - (TURNS - number) * 100,
            "started_at": None if not ended and not running else clock,
            "finished_at": clock if ended else None,
            "worker": "",
            "error": "",
            "reply": None,
            "question": question.model_dump_json(),
        }


def fill(engine: Engine) -> int:
    """Write the turns, and an answer of 4 kB to each that has ended; give the database's time."""
    with reading(engine) as connection:
        clock = connection.execute(select(now())).scalar_one()
    rows = list(_rows(clock))
    said = Answer(outcome=Outcome.ANSWERED, text="Ask the desk. [1] " * 220).model_dump_json()
    for start in range(0, TURNS, BATCH):
        batch = rows[start : start + BATCH]
        with writing(engine) as connection:
            connection.execute(insert(turns), batch)
            told = [
                {"turn_id": row["id"], "outcome": "answered", "query": "", "text": "", "answer": said}
                for row in batch
                if row["finished_at"]
            ]
            if told:
                connection.execute(insert(answers), told)
    return clock


def _received(engine: Engine) -> list[str]:
    with reading(engine) as connection:
        wanted = select(turns.c.id).where(turns.c.state == "received").limit(SAMPLES)
        return list(connection.execute(wanted).scalars())


def _timed(act: Callable[[], object]) -> float:
    start = time.perf_counter()
    act()
    return (time.perf_counter() - start) * 1000


def _line(database: str, step: str, samples: list[float]) -> str:
    cuts = statistics.quantiles(samples, n=20)
    return f"| {database} | {step} | {statistics.median(samples):.2f} | {cuts[18]:.2f} | {max(samples):.2f} |"


def measure(database: str, url: str, folder: Path) -> Iterator[str]:
    """Fill a ledger and time its claims, heartbeats, sweeps and inserts."""
    engine = open_ledger(LedgerSettings(database_url=url), HomeSettings(home=folder))
    clock = fill(engine)
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("ANALYZE"))
    ledger = Turns(engine)
    full = []
    for _ in range(SAMPLES):
        swept: list[str] = []
        full.append(_timed(lambda: swept.extend(ledger.sweep())))  # noqa: B023, called at once
        with writing(engine) as connection:
            connection.execute(update(turns).where(turns.c.id.in_(swept)).values(enqueued_at=clock - 60_000))
    yield _line(database, "sweep that finds 200", full)
    ledger.sweep(TURNS)
    yield _line(database, "sweep that finds none", [_timed(ledger.sweep) for _ in range(SAMPLES)])
    waiting = _received(engine)
    yield _line(database, "claim", [_timed(partial(ledger.claim, one, "w")) for one in waiting])
    held = [Claim(one, 1, _question(0), None, None, tries=1, exhausted=False) for one in waiting]
    yield _line(database, "heartbeat", [_timed(partial(ledger.heartbeat, one)) for one in held])
    new = [_question(number) for number in range(TURNS, TURNS + SAMPLES)]
    yield _line(database, "insert", [_timed(partial(ledger.insert, one)) for one in new])
    engine.dispose()


def main() -> None:
    print(f"{TURNS:,} turns, {SAMPLES} samples each, ms\n")
    print("| database | step | p50 | p95 | longest |\n| --- | --- | --- | --- | --- |")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for line in measure("SQLite", sqlite_url(folder), folder):
            print(line)
        with PostgresServer(folder / "postgres", durable=True) as server:
            for line in measure("PostgreSQL 18", server.new_database(), folder):
                print(line)


if __name__ == "__main__":
    main()

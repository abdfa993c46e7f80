"""A reply finds its turn by an index, on both databases, and in a ledger older than the index."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from alembic import command
from sqlalchemy import Connection, Engine, event, insert, make_url, text

from core.settings import HomeSettings
from ledger.engine import LedgerSettings, connect, open_ledger
from ledger.migrate import configuration
from ledger.tables import RECEIVED, place_of, turns
from ledger.threads import Threads
from ledger.transactions import reading, writing
from tests.ledger.questions import a_question, a_reply


def asked_of(engine: Engine, threads: Threads, message: str) -> tuple[str, Any]:
    """The statement with which a reply is looked up, and its parameters."""
    made: list[tuple[str, Any]] = []

    def keep(_c: Connection, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        made.append((statement, parameters))

    event.listen(engine, "before_cursor_execute", keep)
    threads.replied(a_reply(message))
    event.remove(engine, "before_cursor_execute", keep)
    return made[-1]


def fill(engine: Engine, replies: Sequence[str]) -> None:
    rows = [
        {
            **question.key.model_dump(),
            "id": f"{n:026}",
            "thread": "t",
            "state": RECEIVED,
            "attempt": 0,
            "forgiven": 0,
            "due_at": 0,
            "enqueued_at": 0,
            "received_at": n,
            "worker": "",
            "error": "",
            "reply": a_reply(reply).model_dump_json(),
            "reply_place": place_of(a_reply(reply)),
            "question": question.model_dump_json(),
        }
        for n, reply in enumerate(replies)
        for question in [a_question()]
    ]
    with writing(engine) as connection:
        connection.execute(insert(turns), rows)
        connection.execute(text("ANALYZE"))


def test_a_reply_is_looked_up_by_its_index(engine: Engine) -> None:
    fill(engine, [f"p{n}" for n in range(3000)])
    statement, parameters = asked_of(engine, Threads(engine), "p7")
    explain = "EXPLAIN QUERY PLAN" if engine.dialect.name == "sqlite" else "EXPLAIN"
    with reading(engine) as connection:
        rows = connection.exec_driver_sql(f"{explain} {statement}", parameters).all()
    plan = "\n".join(" ".join(map(str, row)) for row in rows)
    assert "turns_reply" in plan
    assert "Seq Scan on turns" not in plan
    assert "SCAN turns" not in plan


def test_the_replies_of_an_older_ledger_are_found_too(url: str, tmp_path: Path) -> None:
    settings = LedgerSettings(database_url=url)
    older = connect(make_url(url), wait=5.0)
    question = a_question()
    row = {
        **question.key.model_dump(),
        "reply": a_reply("p1").model_dump_json(),
        "question": question.model_dump_json(),
    }
    with writing(older) as connection:
        config = configuration()
        config.attributes["connection"] = connection
        command.upgrade(config, "0004")
        connection.execute(
            text(
                "INSERT INTO turns (id, platform, workspace, channel, message, version, thread, state, "
                "attempt, forgiven, due_at, enqueued_at, received_at, worker, error, reply, question) "
                "VALUES ('old', :platform, :workspace, :channel, :message, :version, 't', 'answered', "
                "1, 0, 0, 0, 0, '', '', :reply, :question)"
            ),
            row,
        )
    older.dispose()
    engine = open_ledger(settings, HomeSettings(home=tmp_path))
    found = Threads(engine).replied(a_reply("p1"))
    engine.dispose()
    assert found is not None
    assert found.id == "old"

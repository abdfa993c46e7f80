from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from core.errors import LedgerUnavailable
from core.settings import HomeSettings
from ledger.engine import LedgerSettings, open_ledger
from ledger.posts import Posts
from ledger.transactions import TURNSTILE, reading, writing
from ledger.turns import Turns
from tests.ledger.questions import a_question

SOURCE = text(
    "INSERT INTO sources (id, location, readers, added_at, synced_at, report, examples)"
    " VALUES ('1', '/srv', '[]', 1, 1, '{}', '[]')"
)


@pytest.fixture
def sqlite(tmp_path: Path) -> Iterator[Engine]:
    engine = open_ledger(LedgerSettings(), HomeSettings(home=tmp_path), wait=5)
    yield engine
    engine.dispose()


def test_an_error_leaves_nothing_written(engine: Engine) -> None:
    def write_half() -> None:
        with writing(engine) as connection:
            connection.execute(SOURCE)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_half()
    with reading(engine) as connection:
        assert connection.execute(text("SELECT count(*) FROM sources")).scalar_one() == 0


def test_what_is_being_written_is_not_read_before_it_is_whole(engine: Engine) -> None:
    with writing(engine) as connection:
        connection.execute(SOURCE)
        with reading(engine) as other:
            assert other.execute(text("SELECT count(*) FROM sources")).scalar_one() == 0


def test_the_writers_of_a_sqlite_ledger_go_in_the_order_of_their_coming(sqlite: Engine) -> None:
    posts, address = Posts(sqlite), a_question().address
    with ThreadPoolExecutor(1) as threads:
        with writing(sqlite):
            first = threads.submit(posts.post, address, "k", {"text": "came first"})
            while not sqlite.get_execution_options()[TURNSTILE].queue:
                pass
        posts.post(address, "k", {"text": "came back"})
        first.result()
    assert [post.payload["text"] for post in posts.read(address)] == ["came first", "came back"]


def test_a_write_that_waits_for_too_many_others_is_unavailable(tmp_path: Path) -> None:
    engine = open_ledger(LedgerSettings(), HomeSettings(home=tmp_path), wait=0.05)
    with ThreadPoolExecutor(1) as threads, writing(engine):
        late = threads.submit(Turns(engine).insert, a_question())
        with pytest.raises(LedgerUnavailable, match="wait for one another"):
            late.result()
    engine.dispose()


def test_who_reads_first_and_writes_later_is_not_overtaken(sqlite: Engine, tmp_path: Path) -> None:
    other = open_ledger(LedgerSettings(), HomeSettings(home=tmp_path), wait=0.05)
    with writing(sqlite) as connection:
        connection.execute(text("SELECT count(*) FROM turns")).scalar_one()
        with pytest.raises(LedgerUnavailable, match="locked"):
            Turns(other).insert(a_question())
        connection.execute(SOURCE)
    assert Turns(other).insert(a_question())[1]
    other.dispose()

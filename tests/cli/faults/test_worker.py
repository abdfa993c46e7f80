"""A worker is killed while it answers: the turn is not lost, and the asker sees one reply."""

import pytest

from core.messages import Address
from core.settings import HomeSettings
from ledger.engine import LedgerSettings, open_ledger
from ledger.posts import Post, Posts
from tests.cli.candor import Candor, eventually
from tests.servers.databases import PostgresServer, sqlite_url
from tests.servers.openai_server import OpenAIServer
from tests.servers.redis_server import RedisServer
from tests.servers.scripts import Say

ASKED = "How do I hand in receipts?"
ANSWER = "To hand in receipts, send them to the accounts team before the fifth of the month. [1]"


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.slow)])
def database(request: pytest.FixtureRequest, candor: Candor) -> str:
    if request.param == "sqlite":
        return sqlite_url(candor.home)
    server: PostgresServer = request.getfixturevalue("postgres")
    return server.new_database()


def posted(database: str, candor: Candor, place: Address) -> list[Post]:
    """All messages in a thread."""
    engine = open_ledger(LedgerSettings(database_url=database), HomeSettings(home=candor.home))
    posts = Posts(engine).read(place)
    engine.dispose()
    return posts


def test_another_worker_finishes_what_a_killed_one_began(
    modelled: Candor, model: OpenAIServer, redis: RedisServer, database: str
) -> None:
    shared = modelled.set(broker_url=redis.url, database_url=database, lease_seconds="1")
    model.script(Say(f"{ANSWER} {ANSWER}", breaks="stall", after=20))
    with shared.running("ask", ASKED) as asking:
        with shared.worker() as killed:
            eventually(lambda: model.requests)
            killed.kill()
            killed.wait()
        with shared.worker():
            out, err = asking.communicate(timeout=40)
        assert (asking.returncode, err) == (0, "")
    assert ANSWER in out
    (turn,) = shared.turns()
    assert (turn.state, turn.attempt) == ("answered", 2)
    assert len(model.requests) == 2
    (reply,) = posted(database, shared, turn.question.address)
    assert reply.payload["final"]
    assert ANSWER in reply.payload["text"]

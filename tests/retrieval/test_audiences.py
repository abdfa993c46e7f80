"""Ten thousand audiences against a plain oracle, inside the store's own query: nothing leaks or is missed."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.audience import audience
from core.documents import Document
from core.messages import EVERYONE
from retrieval.index import Index
from retrieval.search import Query, Search
from retrieval.stores.embedded import EmbeddedStore

CASES = 10_000
DOCUMENTS = 40
TEAM = "slack:T1"
GROUPS = [f"group-{n}" for n in range(8)]
ROOMS = [f"{TEAM}/C{n}" for n in range(4)]


@pytest.fixture
def readers() -> dict[str, frozenset[str]]:
    dice = random.Random(7)
    choices = [EVERYONE, TEAM, *GROUPS, *ROOMS]
    return {f"d{n}": frozenset(dice.sample(choices, dice.randint(1, 5))) for n in range(DOCUMENTS)}


@pytest.fixture
def search(tmp_path: Path, readers: dict[str, frozenset[str]]) -> Iterator[Search]:
    store = EmbeddedStore(tmp_path / "index")
    words = "the holiday policy"
    documents = [
        Document(name, "s", f"Title {name}", words, "link", tuple(sorted(groups)))
        for name, groups in readers.items()
    ]
    Index(store, None).sync("s", documents)
    yield Search(store, None)
    store.close()


def test_ten_thousand_audiences_find_exactly_what_each_of_their_people_may_read(
    search: Search, readers: dict[str, frozenset[str]]
) -> None:
    dice = random.Random(11)
    people = [frozenset(dice.sample(GROUPS, dice.randint(0, 5))) for _ in range(30)]
    leaks = missed = found_some = 0
    for _ in range(CASES):
        kind = dice.choice(("public", "private", "shared", "direct"))
        given = {
            "public": [EVERYONE, TEAM],
            "private": [EVERYONE, TEAM, dice.choice(ROOMS)],
            "shared": [EVERYONE],
            "direct": [EVERYONE, TEAM, *dice.sample(ROOMS, dice.randint(0, 3))],
        }[kind]
        members = dice.sample(people, 1 if kind == "direct" else dice.randint(1, 6))
        inside = [frozenset[str]() for _ in members] if kind == "shared" else members
        may = {
            name
            for name, needed in readers.items()
            if all((groups | set(given)) & needed for groups in inside)
        }
        reading = audience(given, inside)
        found = {each.chunk.document_id for each in search.find(Query("holiday", reading, limit=DOCUMENTS))}
        leaks += len(found - may) + (search.documents(reading) != len(may))
        missed += len(may - found)
        found_some += bool(may - {n for n, needed in readers.items() if needed & {EVERYONE, TEAM}})
        name = dice.choice(list(readers))
        leaks += bool(search.document(name, reading)) != (name in may)
    assert (leaks, missed) == (0, 0)
    assert found_some > CASES // 4

import time
from datetime import timedelta

import pytest
from sqlalchemy import Engine

from ledger.sources import Sources


@pytest.fixture
def sources(engine: Engine) -> Sources:
    return Sources(engine)


def test_a_source_is_found_by_its_id_and_by_its_location(sources: Sources) -> None:
    added = sources.add("/srv/handbook", ("staff", "everyone"))
    sources.add("https://docs.example.org/", ("everyone",))

    assert added.readers == ("staff", "everyone")
    assert (added.synced_at, added.report, added.examples) == (None, {}, ())
    assert sources.find(added.id) == added
    assert sources.find("/srv/handbook") == added
    assert sources.find("/srv") is None


def test_a_source_added_again_gets_its_new_readers_and_keeps_the_rest(sources: Sources) -> None:
    first = sources.add("/srv/handbook", ("everyone",))
    sources.synced(first.id, {"found": 3}, ["Where is the key?"])
    again = sources.add("/srv/handbook", ("staff",))

    assert (again.id, again.added_at, again.readers) == (first.id, first.added_at, ("staff",))
    assert (again.report, again.examples) == ({"found": 3}, ("Where is the key?",))
    assert list(sources.list()) == [again]


def test_a_sync_leaves_its_report_and_examples(sources: Sources) -> None:
    one = sources.add("/srv/handbook", ("everyone",))
    report = {"found": 3, "skipped": [{"path": "a.bin", "why": "not text"}]}
    sources.synced(one.id, report, ("Wo ist der Schlüssel?",))

    synced = sources.find(one.id)
    assert synced is not None
    assert (synced.report, synced.examples) == (report, ("Wo ist der Schlüssel?",))
    assert synced.synced_at is not None
    assert synced.synced_at >= synced.added_at


def test_a_removed_source_is_gone_and_a_late_sync_does_not_bring_it_back(sources: Sources) -> None:
    one, other = sources.add("/srv/handbook", ("everyone",)), sources.add("/srv/other", ("everyone",))
    assert sources.remove(one.id)
    assert not sources.remove(one.id)
    sources.synced(one.id, {}, ())
    assert [source.id for source in sources.list()] == [other.id]


def test_a_source_is_due_when_its_time_has_come_and_is_given_out_once(sources: Sources) -> None:
    hour, moment = timedelta(hours=1), timedelta(milliseconds=1)
    quick = sources.add("/srv/quick", ("everyone",), moment)
    sources.add("/srv/never", ("everyone",), timedelta())
    usual = sources.add("/srv/usual", ("everyone",))
    slow = sources.add("/srv/slow", ("everyone",), hour)

    def due(otherwise: timedelta) -> set[str]:
        time.sleep(0.005)  # longer than the shortest schedule
        return {source.id for source in sources.take_due(otherwise)}

    assert due(hour) == {quick.id}
    assert due(moment) == {quick.id, usual.id}
    assert due(timedelta()) == {quick.id}
    assert slow.every == hour
    sources.add("/srv/quick", ("staff",), hour)
    assert due(hour) == set()
    again = sources.add("/srv/quick", ("staff",))
    assert again.every == hour, "a schedule stays until another one is given"
    sources.synced(usual.id, {}, ())
    assert sources.take_due(timedelta(minutes=1)) == []

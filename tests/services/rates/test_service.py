"""The service against servers that fail in every way: nothing is lost, and the last good value is served."""

import threading
from collections.abc import Callable
from datetime import date, timedelta

import pytest

from services.template.errors import NoSuchValue
from tests.services.files import EUROS, PAGE, STEADY, WEEKS, fred, pmms
from tests.services.rates.kit import Kit, kit, put_steady
from tests.services.upstream import Upstream

NEXT = WEEKS[-1] + timedelta(weeks=1)
LAST = STEADY[WEEKS[-1]]
AHEAD = STEADY | {NEXT: round(LAST + 0.1, 2)}
TRAPS = {"pmms": pmms, "fred": fred}


def history(kit: Kit) -> dict[date, float]:
    span = kit.answers.between("mortgage_30y", date(1971, 1, 1), date(2100, 1, 1), 10_000)
    return {value.as_of: value.value for value in span.values}


def test_a_first_sync_serves_every_value_and_holds_none(rates: Kit) -> None:
    assert rates.outcomes() == {"pmms": "new", "fred": "new", "ecb": "new"}
    assert history(rates) == STEADY
    assert rates.held() == []
    value = rates.latest()
    assert (value.value, value.as_of, value.unit) == (LAST, WEEKS[-1], "percent")
    assert "Freddie Mac" in value.source
    assert "not an offer" in value.note
    assert not value.stale
    assert not value.bundled
    assert rates.latest("eur_usd").value == 1.1684


def test_a_second_sync_asks_whether_anything_changed(rates: Kit) -> None:
    rates.sync.run()
    assert rates.outcomes() == dict.fromkeys(("pmms", "fred", "ecb"), "not_modified")
    assert rates.upstream.statuses("pmms") == [200, 304]
    _, headers, _ = rates.upstream.asked[-1]
    assert headers["If-None-Match"] == rates.upstream.pages["ecb"].etag
    assert "If-Modified-Since" in headers


def test_a_server_without_validators_gives_the_same_file_again(rates: Kit) -> None:
    for page in rates.upstream.pages.values():
        page.etags = False
    rates.sync.run()
    assert set(rates.outcomes().values()) == {"not_modified"}
    assert history(rates) == STEADY


def test_each_raw_file_is_kept_under_its_hash(rates: Kit) -> None:
    rates.sync.run()
    kept = rates.folder / "raw" / rates.latest("eur_usd").sha256
    assert kept.read_bytes() == EUROS


def test_a_new_week_is_served(rates: Kit) -> None:
    rates.sync.run()
    rates.calendar.day = NEXT
    rates.upstream.put("pmms", pmms(AHEAD))
    rates.upstream.put("fred", fred(AHEAD))
    assert rates.sync.run().accepted == 2
    assert rates.latest().value == AHEAD[NEXT]


def plant_disagreement(upstream: Upstream) -> None:
    upstream.put("pmms", pmms(AHEAD))
    upstream.put("fred", fred(STEADY | {NEXT: AHEAD[NEXT] + 0.2}))


def plant_jump(upstream: Upstream) -> None:
    upstream.put("pmms", pmms(STEADY | {NEXT: LAST + 2}))


def plant_truncation(upstream: Upstream) -> None:
    upstream.put("pmms", pmms(AHEAD)[:-9])


def plant_broken_connection(upstream: Upstream) -> None:
    upstream.put("pmms", pmms(AHEAD)).cut = 150


def plant_page(upstream: Upstream) -> None:
    upstream.put("pmms", PAGE)


def plant_older_file(upstream: Upstream) -> None:
    upstream.put("pmms", pmms({day: STEADY[day] for day in WEEKS[1:6]}))


def plant_shorter_file(upstream: Upstream) -> None:
    upstream.put("pmms", pmms({day: STEADY[day] for day in WEEKS[:6]}))


def plant_hole(upstream: Upstream) -> None:
    upstream.put("pmms", pmms({day: AHEAD[day] for day in AHEAD if day not in WEEKS[2:6]}))


def plant_disorder(upstream: Upstream) -> None:
    upstream.put("pmms", pmms({NEXT: 6.6} | STEADY))


def plant_future(upstream: Upstream) -> None:
    upstream.put("pmms", pmms(STEADY | {date(2062, 10, 1): 6.6}))


@pytest.mark.parametrize(
    ("plant", "reason"),
    [
        (plant_disagreement, "disagreement"),
        (plant_jump, "jump"),
        (plant_truncation, "cut_off"),
        (plant_broken_connection, "cut_off"),
        (plant_page, "error_page"),
        (plant_older_file, "dates_backwards"),
        (plant_shorter_file, "cut_off"),
        (plant_hole, "cut_off"),
        (plant_disorder, "dates_backwards"),
        (plant_future, "future_date"),
    ],
)
def test_what_cannot_be_trusted_is_held_and_the_last_good_value_is_served(
    rates: Kit, plant: Callable[[Upstream], None], reason: str
) -> None:
    rates.sync.run()
    rates.calendar.day = NEXT
    plant(rates.upstream)
    rates.sync.run()
    assert ("pmms", reason) in {(source, why) for source, _, why in rates.held()}
    assert rates.latest().value == LAST
    assert history(rates) == STEADY
    assert rates.answers.health().status == "degraded"

    kept = rates.answers.quarantine().entries[0]
    body = rates.upstream.pages[kept.source].body
    assert (rates.folder / "raw" / kept.sha256).read_bytes() in (body, body[:150])

    rates.upstream.put("pmms", pmms(AHEAD))
    rates.upstream.put("fred", fred(AHEAD))
    rates.sync.run()
    assert rates.held() == []
    assert history(rates) == AHEAD
    released = rates.answers.quarantine(released=True).entries
    assert reason in {one.reason for one in released}
    assert all(one.released_at for one in released)
    assert rates.answers.health().status == "ok"


def test_what_is_held_again_stays_one_entry(rates: Kit) -> None:
    rates.sync.run()
    plant_page(rates.upstream)
    for _ in range(3):
        rates.sync.run()
    assert len(rates.answers.quarantine(released=True).entries) == 1


def test_the_file_before_ends_the_quarantine_of_a_bad_one(rates: Kit) -> None:
    rates.sync.run()
    plant_page(rates.upstream)
    rates.sync.run()
    put_steady(rates.upstream)
    rates.sync.run()
    assert rates.upstream.statuses("pmms") == [200, 200, 304]
    assert rates.held() == []


@pytest.mark.parametrize("status", [403, 404, 500, 503])
def test_a_source_that_refuses_costs_only_itself(rates: Kit, status: int) -> None:
    rates.sync.run()
    rates.calendar.day = NEXT
    rates.upstream.pages["pmms"].status = status
    rates.upstream.put("fred", fred(AHEAD))
    assert rates.outcomes() == {"pmms": "unreachable", "fred": "new", "ecb": "not_modified"}
    value = rates.latest()
    assert value.value == AHEAD[NEXT]
    assert "via FRED" in value.source
    health = rates.answers.health()
    assert health.status == "degraded"
    assert str(status) in health.sources[0].detail
    assert rates.held() == []


def test_a_jump_waits_for_the_second_source_and_is_then_served_with_a_flag(rates: Kit) -> None:
    rates.sync.run()
    rates.calendar.day = NEXT
    jump = STEADY | {NEXT: LAST + 1}
    rates.upstream.put("pmms", pmms(jump))
    rates.sync.run()
    assert rates.held() == [("pmms", "mortgage_15y", "jump"), ("pmms", "mortgage_30y", "jump")]
    rates.upstream.put("fred", fred(jump))
    rates.sync.run()
    assert rates.held() == []
    assert rates.latest().flags == ["jump_confirmed"]
    assert rates.latest("mortgage_15y").as_of == NEXT


def test_a_corrected_value_is_a_new_vintage(rates: Kit) -> None:
    rates.sync.run()
    rates.calendar.day = NEXT
    corrected = STEADY | {WEEKS[3]: 6.6}
    rates.upstream.put("pmms", pmms(corrected))
    rates.upstream.put("fred", fred(corrected))
    rates.sync.run()
    assert history(rates) == corrected
    value = rates.answers.as_of(WEEKS[3], ["mortgage_30y"]).values[0]
    assert (value.value, value.vintage) == (6.6, NEXT)


def test_a_value_of_more_than_nine_days_is_stale_and_says_why(rates: Kit) -> None:
    rates.sync.run()
    rates.calendar.day = WEEKS[-1] + timedelta(days=9)
    assert not rates.latest().stale
    rates.calendar.day += timedelta(days=1)
    value = rates.latest()
    assert value.stale
    assert "10 days" in value.stale_reason


def test_a_stale_value_says_that_a_newer_one_is_quarantined(rates: Kit) -> None:
    rates.sync.run()
    rates.calendar.day = NEXT + timedelta(weeks=1)
    plant_disagreement(rates.upstream)
    rates.sync.run()
    assert "disagreement" in rates.latest().stale_reason


def test_a_day_between_two_weeks_has_the_value_of_the_week_before(rates: Kit) -> None:
    rates.sync.run()
    value = rates.answers.as_of(WEEKS[2] + timedelta(days=3), ["mortgage_30y"]).values[0]
    assert (value.as_of, value.stale) == (WEEKS[2], False)
    with pytest.raises(NoSuchValue, match="before"):
        rates.answers.as_of(date(1970, 1, 1))


def test_a_range_says_when_there_is_more(rates: Kit) -> None:
    rates.sync.run()
    span = rates.answers.between("mortgage_30y", WEEKS[1], WEEKS[4], 2)
    assert [value.as_of for value in span.values] == WEEKS[1:3]
    assert not span.complete
    assert rates.answers.between("mortgage_30y", WEEKS[1], WEEKS[4], 4).complete


def test_without_a_sync_the_bundled_history_is_served_as_such(rates: Kit) -> None:
    value = rates.latest()
    assert value.bundled
    assert value.stale
    assert value.stale_reason == "bundled history that ends on 2024-05-16; this service has not synced yet"
    assert (value.value, value.as_of, value.fetched_at) == (7.02, date(2024, 5, 16), None)
    assert len(history(rates)) == 52
    assert rates.latest("eur_usd").as_of == date(2026, 4, 13)
    assert rates.answers.health().status == "starting"
    assert rates.answers.health().bundled


def test_what_was_synced_takes_the_place_of_the_bundled_history(rates: Kit) -> None:
    rates.sync.run()
    assert min(history(rates)) == WEEKS[0]
    assert not rates.answers.health().bundled


def test_neither_health_nor_the_store_has_the_key_of_an_address(rates: Kit) -> None:
    rates.sync.run()
    assert "MORTGAGE30US" not in rates.answers.health().sources[1].url
    files = [path for path in rates.folder.iterdir() if path.is_file()]
    assert files
    assert not any(b"id=MORTGAGE30US" in path.read_bytes() for path in files)


def test_series_say_what_they_are(rates: Kit) -> None:
    rates.sync.run()
    names = {one.name: one for one in rates.answers.series().series}
    assert names["mortgage_30y"].unit == "percent"
    assert names["eur_jpy"].unit == "JPY per EUR"


def test_a_raw_file_that_was_deleted_is_fetched_again(rates: Kit) -> None:
    rates.sync.run()
    for path in (rates.folder / "raw").iterdir():
        path.unlink()
    rates.sync.run()
    assert rates.upstream.statuses("pmms") == [200, 200]
    assert len(list((rates.folder / "raw").iterdir())) == 3
    assert history(rates) == STEADY


def test_a_file_that_no_parser_foresaw_costs_only_its_source(rates: Kit) -> None:
    rates.sync.run()
    rates.upstream.put("fred", b'{"observations":' + b"[" * 200_000 + b"}\n")
    assert rates.outcomes()["fred"] == "quarantined"
    assert rates.held() == [("fred", "", "unreadable")]


def test_two_processes_may_sync_the_same_store(rates: Kit, sources: Upstream) -> None:
    with kit(sources, rates.folder) as other:
        threads = [threading.Thread(target=one.sync.run) for one in (rates, other)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert history(other) == history(rates) == STEADY
        assert rates.held() == []

"""Discord's limits are kept before they are met, by every process together."""

from pathlib import Path

import pytest

from bot.platforms.discord.limits import Limits, Place
from core.errors import Unavailable
from core.settings import HomeSettings
from ledger.engine import LedgerSettings, open_ledger
from ledger.pace import Pace

EDIT = Place("PATCH /channels/{id}/messages/{id}", "7", paced=True)
POST = Place("POST /channels/{id}/messages", "7")


def told(left: int, reset: float, bucket: str = "b") -> dict[str, str]:
    return {
        "x-ratelimit-bucket": bucket,
        "x-ratelimit-remaining": str(left),
        "x-ratelimit-reset-after": str(reset),
    }


def test_an_empty_bucket_is_left_alone_until_it_is_full_again() -> None:
    limits = Limits()
    limits.learn(POST, 200, told(1, 30))
    limits.take(POST)
    with pytest.raises(Unavailable) as error:
        limits.take(POST)
    assert 29 < error.value.after <= 30
    limits.take(Place(POST.route, "8"))


def test_progress_leaves_something_for_the_end() -> None:
    limits = Limits()
    limits.learn(EDIT, 200, told(1, 30))
    with pytest.raises(Unavailable):
        limits.take(Place(EDIT.route, EDIT.major, spare=1))
    limits.take(EDIT)


def test_routes_that_share_a_bucket_share_what_is_left() -> None:
    limits = Limits()
    limits.learn(POST, 200, told(4, 30))
    limits.learn(EDIT, 200, told(0, 30))
    with pytest.raises(Unavailable):
        limits.take(POST)


def test_an_answer_that_comes_late_gives_nothing_back() -> None:
    limits = Limits()
    limits.learn(POST, 200, told(0, 30))
    limits.learn(POST, 200, told(3, 30))
    with pytest.raises(Unavailable):
        limits.take(POST)


def test_a_global_limit_holds_everything_and_any_other_one_place() -> None:
    limits = Limits()
    limits.learn(POST, 429, {"x-ratelimit-scope": "user"}, wait=20)
    limits.take(Place(POST.route, "8"))
    limits.learn(POST, 429, {"x-ratelimit-scope": "global"}, wait=20)
    with pytest.raises(Unavailable):
        limits.take(Place("GET /gateway/bot", ""))


def test_what_one_worker_is_told_holds_for_all(tmp_path: Path) -> None:
    engine = open_ledger(LedgerSettings(database_url=""), HomeSettings(home=tmp_path))
    one, other = Limits(Pace(engine)), Limits(Pace(engine))
    one.learn(EDIT, 200, told(0, 30))
    with pytest.raises(Unavailable) as error:
        other.take(EDIT)
    assert error.value.after > 20
    engine.dispose()


@pytest.mark.parametrize("status", [401, 403, 429])
def test_ten_thousand_bad_answers_cannot_be_had(status: int) -> None:
    limits = Limits()
    asked, waits = 0, []
    for n in range(20_000):
        place = Place("POST /channels/{id}/messages", str(n))
        try:
            limits.take(place)
        except Unavailable as error:
            waits.append(error.after)
        else:
            asked += 1
            limits.learn(place, status, {})
    assert asked == 500
    assert min(waits) > 500


def test_limits_shared_by_others_do_not_count_as_bad() -> None:
    limits = Limits()
    for n in range(600):
        place = Place("POST /channels/{id}/messages", str(n))
        limits.take(place)
        limits.learn(place, 429, {"x-ratelimit-scope": "shared"}, wait=0.01)
    limits.take(Place("GET /gateway/bot", ""))

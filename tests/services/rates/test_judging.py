"""Which new mortgage rates are served, flagged or held."""

from collections.abc import Mapping
from datetime import date, timedelta

import pytest

from services.rates.judging import FRED, PMMS, judge
from services.template.service import Evidence, Held, Point, Reading, Verdict
from tests.services.files import STEADY, WEEKS

SERIES = "mortgage_30y"
OTHER = "mortgage_15y"
NEXT = WEEKS[-1] + timedelta(weeks=1)
LAST = STEADY[WEEKS[-1]]
TWO_SIDED = {
    date(1979, 11, 2): (12.0, 12.8),
    date(1980, 3, 14): (14.0, 15.4),
    date(1980, 5, 9): (15.9, 14.68),
    date(1980, 5, 23): (14.15, 13.38),
    date(1987, 4, 17): (9.43, 10.27),
}


def reading(values: Mapping[date, float], series: str = SERIES) -> Reading:
    return tuple(Point(series, day, value) for day, value in values.items())


def judged(
    pmms: Mapping[date, float] | None,
    fred: Mapping[date, float] | None,
    known: Mapping[date, float] = STEADY,
) -> Verdict:
    said = {PMMS: pmms, FRED: fred}
    return judge(
        Evidence(
            {name: reading(values) for name, values in said.items() if values is not None}, {SERIES: known}
        )
    )


def served(verdict: Verdict) -> list[tuple[str, float, str]]:
    return [(one.source, one.point.value, one.flag) for one in verdict.accepted]


def held(verdict: Verdict) -> list[tuple[str, float, str]]:
    return [(one.source, one.point.value, one.reason) for one in verdict.held]


def test_what_both_sources_say_is_served_as_freddie_macs() -> None:
    both = STEADY | {NEXT: LAST + 0.1}
    assert served(judged(both, both)) == [(PMMS, LAST + 0.1, "")]


def test_what_is_served_already_is_not_accepted_again() -> None:
    assert judged(STEADY, STEADY) == Verdict()


def test_values_that_disagree_are_held_on_both_sides() -> None:
    verdict = judged(STEADY | {NEXT: 6.6}, STEADY | {NEXT: 6.7})
    assert served(verdict) == []
    assert held(verdict) == [(PMMS, 6.6, "disagreement"), (FRED, 6.7, "disagreement")]


def test_a_jump_in_one_of_two_sources_is_held() -> None:
    verdict = judged(STEADY | {NEXT: LAST + 0.9}, STEADY | {NEXT: LAST + 0.1})
    assert served(verdict) == []
    assert [reason for _, _, reason in held(verdict)] == ["jump", "jump"]


@pytest.mark.parametrize("source", [PMMS, FRED])
@pytest.mark.parametrize("step", [-0.8, 0.8])
def test_a_jump_that_only_one_source_has_yet_is_held(source: str, step: float) -> None:
    ahead = STEADY | {NEXT: LAST + step}
    verdict = judged(ahead if source == PMMS else STEADY, ahead if source == FRED else STEADY)
    assert held(verdict) == [(source, LAST + step, "jump")]
    assert served(verdict) == []


@pytest.mark.parametrize("source", [PMMS, FRED])
def test_a_small_step_that_only_one_source_has_yet_is_served(source: str) -> None:
    ahead = STEADY | {NEXT: LAST + 0.75}
    verdict = judged(ahead if source == PMMS else STEADY, ahead if source == FRED else STEADY)
    assert served(verdict) == [(source, LAST + 0.75, "")]


def test_a_jump_that_both_sources_have_is_served_with_a_flag() -> None:
    both = STEADY | {NEXT: LAST + 1.4}
    assert served(judged(both, both)) == [(PMMS, LAST + 1.4, "jump_confirmed")]


@pytest.mark.parametrize("day", TWO_SIDED)
def test_the_five_real_jumps_are_served_with_a_flag(day: date) -> None:
    before, after = TWO_SIDED[day]
    known = {day - timedelta(weeks=1): before}
    both = known | {day: after}
    assert served(judged(both, both, known)) == [(PMMS, after, "jump_confirmed")]


@pytest.mark.parametrize("day", TWO_SIDED)
def test_backfill_may_jump_in_one_source_alone(day: date) -> None:
    before, after = TWO_SIDED[day]
    old = {day - timedelta(weeks=1): before, day: after}
    verdict = judged(old | STEADY, None)
    assert served(verdict) == [(PMMS, before, ""), (PMMS, after, "")]
    assert held(verdict) == []


def test_in_a_first_sync_all_but_the_newest_value_is_backfill() -> None:
    wild = {day: 6.0 + 2 * (number % 2) for number, day in enumerate(WEEKS)}
    verdict = judged(wild, None, {})
    assert len(verdict.accepted) == len(WEEKS) - 1
    assert held(verdict) == [(PMMS, 8.0, "jump")]


def test_a_disagreement_in_a_first_sync_is_held() -> None:
    verdict = judged(STEADY, STEADY | {WEEKS[3]: 7.0}, {})
    assert {one.point.day for one in verdict.held} == {WEEKS[3]}
    assert len(verdict.accepted) == len(WEEKS) - 1


def test_a_changed_value_that_the_other_source_denies_is_held() -> None:
    verdict = judged(STEADY | {WEEKS[-1]: LAST + 0.2}, STEADY)
    assert held(verdict) == [(PMMS, LAST + 0.2, "disagreement")]


def test_a_changed_value_that_both_sources_have_is_served() -> None:
    both = STEADY | {WEEKS[2]: 6.6}
    assert served(judged(both, both)) == [(PMMS, 6.6, "")]


def test_after_a_held_week_movement_is_counted_from_what_is_served() -> None:
    later = NEXT + timedelta(weeks=1)
    pmms = STEADY | {NEXT: 9.0, later: LAST + 0.1}
    fred = STEADY | {NEXT: LAST, later: LAST + 0.1}
    assert served(judged(pmms, fred)) == [(PMMS, LAST + 0.1, "")]


def test_several_weeks_without_a_value_allow_for_a_longer_way() -> None:
    later = NEXT + timedelta(weeks=2)
    assert served(judged(STEADY | {later: LAST + 2}, None)) == [(PMMS, LAST + 2, "")]
    assert held(judged(STEADY | {later: LAST + 2.5}, None)) == [(PMMS, LAST + 2.5, "jump")]


@pytest.mark.parametrize("days", [5, 9])
def test_a_week_of_the_survey_may_be_short_or_long(days: int) -> None:
    day = WEEKS[-1] + timedelta(days=days)
    assert held(judged(STEADY | {day: LAST + 0.8}, None)) == [(PMMS, LAST + 0.8, "jump")]


def rows(thirty: Mapping[date, float], fifteen: Mapping[date, float]) -> Reading:
    return (*reading(thirty), *reading(fifteen, OTHER))


def verdict_on_fifteen(pmms: Reading, fred: Mapping[date, float]) -> Verdict:
    return judge(Evidence({PMMS: pmms, FRED: reading(fred)}, {SERIES: STEADY, OTHER: STEADY}))


def test_the_rest_of_a_row_shares_the_fate_of_its_thirty_year_rate() -> None:
    wrong = STEADY | {NEXT: 6.6}
    verdict = verdict_on_fifteen(rows(wrong, wrong), STEADY | {NEXT: 6.7})
    assert Held(PMMS, Point(OTHER, NEXT, 6.6), "disagreement", verdict.held[0].detail) in verdict.held


def test_a_jump_of_the_fifteen_year_rate_alone_is_held() -> None:
    steady = STEADY | {NEXT: LAST}
    verdict = verdict_on_fifteen(rows(steady, STEADY | {NEXT: LAST - 1}), steady)
    assert served(verdict) == [(PMMS, LAST, "")]
    assert held(verdict) == [(PMMS, LAST - 1, "jump")]


def test_a_jump_of_the_fifteen_year_rate_beside_a_confirmed_one_is_served() -> None:
    both = STEADY | {NEXT: LAST + 1}
    verdict = verdict_on_fifteen(rows(both, both), both)
    assert held(verdict) == []
    assert len(verdict.accepted) == 2


def test_what_other_sources_say_is_accepted() -> None:
    euro = Point("eur_usd", NEXT, 1.2)
    assert [one.point for one in judge(Evidence({"ecb": (euro,)}, {})).accepted] == [euro]

"""An audience says exactly what everyone in it may read, against a plain oracle."""

from hypothesis import given
from hypothesis import strategies as st

from bot.audience import MOST, audience
from core.messages import EVERYONE, Audience

GROUPS = st.frozensets(st.sampled_from(["staff", "board", "hr", "sales"]), max_size=4)


@given(people=st.lists(GROUPS, min_size=1, max_size=6), readers=st.frozensets(st.sampled_from(
    [EVERYONE, "staff", "board", "hr", "sales"]), max_size=3))  # fmt: skip
def test_a_document_is_readable_when_each_person_has_a_group_among_its_readers(
    people: list[frozenset[str]], readers: frozenset[str]
) -> None:
    found = audience([EVERYONE], people)
    assert found.may_read(readers) == all((groups | {EVERYONE}) & readers for groups in people)


def test_two_groups_that_nobody_shares_open_what_is_for_both() -> None:
    found = audience([EVERYONE], [["staff"], ["board"]])
    assert found.may_read(["staff", "board"])
    assert not found.may_read(["staff"])


def test_somebody_of_whom_nothing_is_known_leaves_what_is_public() -> None:
    assert audience([EVERYONE], [["staff"], []]) == Audience()


def test_who_belongs_to_more_groups_than_another_needs_no_mention() -> None:
    assert audience([EVERYONE], [["staff"], ["staff", "board"]]) == Audience(groups=(EVERYONE, "staff"))


def test_beyond_the_most_kinds_less_is_found_and_never_more() -> None:
    people = [[f"team-{n}", "late"] if n >= MOST - 1 else [f"team-{n}"] for n in range(MOST + 8)]
    found = audience([EVERYONE], people)
    assert len(found.each) <= MOST
    teams = [f"team-{n}" for n in range(MOST + 8)]
    assert found.may_read([*teams[: MOST - 1], "late"]) or not found.may_read(teams)
    assert not found.may_read(teams[:-1])
    assert found.may_read([EVERYONE])

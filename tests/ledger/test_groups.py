"""Groups of people by e-mail address, each workspace's own."""

import pytest
from sqlalchemy import Engine

from core.errors import Misconfigured
from core.messages import EVERYONE
from ledger.groups import Group, Groups, Place

HERE, THERE = Place("slack", "T1"), Place("slack", "T2")


def test_people_belong_by_the_address_that_the_platform_verified_without_case(engine: Engine) -> None:
    groups = Groups(engine)
    groups.add(HERE, "board", "Ana@Example.com")
    groups.add(HERE, "board", "ana@example.com")
    groups.add(HERE, "staff", "ana@example.com")
    found = groups.of(HERE, {"U1": "ANA@example.com", "U2": "ben@example.com", "U3": ""})
    assert found == {"U1": {"board", "staff"}, "U2": frozenset(), "U3": frozenset()}
    assert groups.list(HERE) == [Group("board", ("ana@example.com",)), Group("staff", ("ana@example.com",))]


def test_a_link_wins_over_what_the_platform_says_until_it_is_taken_back(engine: Engine) -> None:
    groups = Groups(engine)
    groups.add(HERE, "board", "ana@example.com")
    groups.link(HERE, "U1", "ben@example.com")
    groups.link(HERE, "U2", "ana@example.com")
    assert groups.of(HERE, {"U1": "ana@example.com", "U2": ""}) == {"U1": frozenset(), "U2": {"board"}}
    assert groups.unlink(HERE, "U2")
    assert not groups.unlink(HERE, "U2")
    assert groups.of(HERE, {"U2": ""}) == {"U2": frozenset()}


def test_groups_and_links_of_one_workspace_are_unknown_in_another(engine: Engine) -> None:
    groups = Groups(engine)
    groups.add(HERE, "board", "ana@example.com")
    groups.link(HERE, "U2", "ana@example.com")
    assert groups.any(HERE)
    assert not groups.any(THERE)
    assert groups.list(THERE) == []
    assert groups.of(THERE, {"U1": "ana@example.com", "U2": ""}) == {"U1": frozenset(), "U2": frozenset()}
    assert groups.of(Place("discord", "T1"), {"U1": "ana@example.com"}) == {"U1": frozenset()}


def test_who_is_taken_out_no_longer_belongs(engine: Engine) -> None:
    groups = Groups(engine)
    groups.add(HERE, "board", "ana@example.com")
    assert groups.remove(HERE, "board", "ANA@example.com")
    assert not groups.remove(HERE, "board", "ana@example.com")
    assert not groups.any(HERE)


@pytest.mark.parametrize("group", ["", " ", EVERYONE, "slack:T1", "slack:T1/C1"])
def test_a_group_cannot_be_called_what_a_platform_or_everybody_is(engine: Engine, group: str) -> None:
    with pytest.raises(Misconfigured, match="cannot be a group"):
        Groups(engine).add(HERE, group, "ana@example.com")


@pytest.mark.parametrize("email", ["", "ana", "@example.com", "ana@", "a b@example.com"])
def test_what_is_no_address_is_refused(engine: Engine, email: str) -> None:
    with pytest.raises(Misconfigured, match="no e-mail address"):
        Groups(engine).add(HERE, "board", email)

"""Markers are found where they are markers, and nowhere else."""

import pytest

from workers.answering.grounding import markers


@pytest.mark.parametrize(
    ("run", "found"),
    [
        ("[1]", [1]),
        ("[2][1]", [2, 1]),
        ("[3, 1; 2]", [3, 1, 2]),
        ("[2-4]", [2, 3, 4]),
        ("【12†source 7】", [12]),
        ("[1](https://x.example/2)", [1]),
    ],
)
def test_the_numbers_of_a_run_are_read_in_order(run: str, found: list[int]) -> None:
    assert markers.numbers(run) == found


def test_an_endless_range_is_kept_short() -> None:
    assert len(markers.numbers("[1-999]")) <= 21


@pytest.mark.parametrize(
    "text", ["a[0]", "[note]", "[2026]", "[x](https://x.example)", "`a[1]`", "```\na[1]\n```", "[-1]"]
)
def test_other_brackets_stay(text: str) -> None:
    assert markers.remove(text) == text


def test_markers_go_with_the_blank_before_them() -> None:
    assert markers.remove("One [1], two [2][3].") == "One, two."


def test_the_last_markers_are_split_off_all_or_one() -> None:
    assert markers.split_last("As in [1] the note.[2] [3]") == ("As in [1] the note.", [2, 3])
    assert markers.split_last("As in the note.[2] [3]", one=True) == ("As in the note.[2]", [3])
    assert markers.split_last("As in [1] the note.") == ("As in [1] the note.", [])

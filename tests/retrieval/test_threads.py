"""Conversations become windows of messages."""

import datetime as dt

from core.transcripts import Said
from retrieval.threads import windows

MONDAY = dt.datetime(2026, 3, 2, 23, 58, tzinfo=dt.UTC)


def said(count: int, text: str = "word") -> list[Said]:
    return [
        Said(
            f"m{at}", "Kim" if at % 2 else "Ana", MONDAY + dt.timedelta(minutes=at), f"{text} {at}", f"l/{at}"
        )
        for at in range(count)
    ]


def test_windows_of_four_begin_at_every_second_message() -> None:
    found = list(windows("thread", said(7), "chat", title="#help"))
    assert [document.id for document in found] == ["thread/m0", "thread/m2", "thread/m4"]
    assert all(f"word {at}" in found[1].text for at in (2, 3, 4, 5))
    assert "word 6" in found[2].text
    assert found[1].link == "l/2"


def test_a_window_has_its_days_and_speakers() -> None:
    (window,) = windows("thread", said(3), "chat", title="#help", readers=("staff",))
    assert window.text == (
        "Monday, 2026-03-02\n\nAna: word 0\n\nKim: word 1\n\nTuesday, 2026-03-03\n\nAna: word 2"
    )
    assert (window.title, window.readers, window.date) == ("#help", ("staff",), "2026-03-03")


def test_every_message_is_in_a_window_and_a_new_one_changes_the_last_alone() -> None:
    for count in range(1, 12):
        before = {document.id: document.text for document in windows("t", said(count), "s", title="t")}
        after = {document.id: document.text for document in windows("t", said(count + 1), "s", title="t")}
        assert all(any(f"word {at}" in text for text in before.values()) for at in range(count))
        assert len([name for name, text in before.items() if after.get(name) != text]) <= 1


def test_nothing_said_gives_no_window() -> None:
    assert list(windows("t", [], "s", title="t")) == []
    assert list(windows("t", said(2, "")[:0], "s", title="t")) == []
    silent = [Said("m", "Kim", MONDAY, "  ", "l")]
    assert list(windows("t", silent, "s", title="t")) == []


def test_a_window_knows_its_language() -> None:
    talk = [
        Said(str(at), "Kim", MONDAY, "Wo finde ich die Urlaubsregelung für dieses Jahr?", "l")
        for at in (1, 2)
    ]
    assert next(windows("t", talk, "s", title="t")).language == "de"

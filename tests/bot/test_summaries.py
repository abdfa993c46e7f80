"""Which words ask for a summary of what people said, and which moment others mean."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from bot.summaries import moment, wanted
from core.messages import Span

NOW = dt.datetime(2026, 11, 20, 15, 30, tzinfo=ZoneInfo("Europe/Amsterdam"))  # a Friday


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("summarise #general since Monday", Span(channel="general", since="Monday")),
        ("Summarize #general", Span(channel="general")),
        ("please summarise #dev-ops since 9 am, please", Span(channel="dev-ops", since="9 am")),
        (
            "could you give me a short summary of #general since 3 May?",
            Span(channel="general", since="3 May"),
        ),
        ("summary of #général since yesterday", Span(channel="général", since="yesterday")),
        ("summarise #general for the last 3 days", Span(channel="general", since="the last 3 days")),
        ("summarise #general yesterday", Span(channel="general", since="yesterday")),
        ("summarise this channel since Monday", Span(since="Monday")),
        ("what did I miss?", Span()),
        ("What did I miss in #general?", Span(channel="general")),
        ("what have I missed since Tuesday", Span(since="Tuesday")),
        ("catch me up on #general", Span(channel="general")),
        ("tl;dr #general since today", Span(channel="general", since="today")),
        ("summarise #general since the flood", Span(channel="general", since="the flood")),
    ],
)
def test_a_summary_of_a_channel_is_asked_for(text: str, span: Span) -> None:
    assert wanted(text) == span


@pytest.mark.parametrize(
    "text",
    [
        "summarise this thread",
        "summarise the handbook",
        "summarise #general posts about pricing",
        "what did the auditors miss?",
        "what is said in #general since Monday?",
        "what did I miss in the contract of Smith and Sons?",
        "how do I summarise #general?",
        "",
        "summarise " + "#" * 5000,
    ],
)
def test_anything_else_is_a_question(text: str) -> None:
    assert wanted(text) is None


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("today", "2026-11-20T00:00"),
        ("yesterday", "2026-11-19T00:00"),
        ("Monday", "2026-11-16T00:00"),
        ("on Tuesday", "2026-11-17T00:00"),
        ("last Friday", "2026-11-13T00:00"),
        ("Friday", "2026-11-13T00:00"),
        ("this week", "2026-11-16T00:00"),
        ("the last two days", "2026-11-18T15:30"),
        ("last week", "2026-11-13T15:30"),
        ("past 3 hours", "2026-11-20T12:30"),
        ("3 hours ago", "2026-11-20T12:30"),
        ("2026-11-02", "2026-11-02T00:00"),
        ("3 May", "2026-05-03T00:00"),
        ("May 3rd", "2026-05-03T00:00"),
        ("24 dec", "2025-12-24T00:00"),
        ("9 am", "2026-11-20T09:00"),
        ("14:05", "2026-11-20T14:05"),
        ("at 6pm", "2026-11-19T18:00"),
        ("12am", "2026-11-20T00:00"),
    ],
)
def test_a_moment_lies_before_now_in_the_askers_own_time(words: str, expected: str) -> None:
    found = moment(words, NOW)
    assert found is not None
    assert found.isoformat().startswith(expected)
    assert found.tzinfo == NOW.tzinfo


@pytest.mark.parametrize(
    "words", ["the flood", "31 February", "2026-13-01", "2027-01-01", "25:00", "99 mushrooms"]
)
def test_words_that_mean_no_moment(words: str) -> None:
    assert moment(words, NOW) is None

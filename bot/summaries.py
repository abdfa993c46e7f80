"""Summaries of what people said, as they ask for them: which channel, and since when."""

import datetime as dt
import re

from core.messages import Question, Span, Task

_CHANNEL = r"(?:#(?P<channel>[^\s#?!.,;:]{1,80})|(?:this|the)\s+channel|(?P<here>here))"
_SINCE = r"(?:\s+(?P<sign>since\s+)?(?:(?:from|of|for|in)\s+)?(?P<since>[^\n?!]{1,40}?))?"
_POLITE = r"(?:please,?\s+)?(?:(?:can|could|would)\s+you\s+(?:please\s+)?)?"
_SUMMARY = re.compile(
    rf"\s*{_POLITE}(?:summari[sz]e|sum\s+up|catch\s+me\s+up\s+(?:on|in)|tl;?dr(?:\s+(?:of|for))?"
    rf"|(?:(?:give|write|show)\s+(?:me\s+)?)?(?:a\s+|the\s+)?(?:short\s+|brief\s+|quick\s+)?summary\s+(?:of|for))"
    rf"\s+{_CHANNEL}{_SINCE}(?:[,\s]+please)?[\s.?!]*",
    re.IGNORECASE,
)
_MISSED = re.compile(
    rf"\s*(?:what(?:\s+did\s+i|\s+have\s+i|['’]ve\s+i)\s+miss(?:ed)?|catch\s+me\s+up)"
    rf"(?:\s+(?:(?:in|on)\s+)?{_CHANNEL})?{_SINCE}[\s.?!]*",
    re.IGNORECASE,
)

_SOME_DAY = dt.datetime(2024, 12, 31, 23, 59, tzinfo=dt.UTC)
"""The last minute of a leap year: no day and no time of day lies behind it."""

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july"),
    *("august", "september", "october", "november", "december"),
)
_FIGURES = ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_NUMBERS = {word: str(figure) for figure, word in enumerate(_FIGURES, start=2)}
_UNITS = {
    "minute": dt.timedelta(minutes=1),
    "hour": dt.timedelta(hours=1),
    "day": dt.timedelta(days=1),
    "week": dt.timedelta(weeks=1),
    "month": dt.timedelta(days=30),
}
_LAST = re.compile(r"(?:the\s+)?(?:last|past)\s+(?:(\d{1,3})\s+)?(minute|hour|day|week|month)s?")
_AGO = re.compile(r"(\d{1,3})\s+(minute|hour|day|week|month)s?\s+ago")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_DATE = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?\s+([a-z]{3,9})|([a-z]{3,9})\s+(\d{1,2})(?:st|nd|rd|th)?")
_CLOCK = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?\s*(am|pm)?")


def wanted(text: str) -> Span | None:
    """The channel and the time that a person wants summarised; None where they ask for something else.

    What stands behind the channel has to be a moment, or to follow *since*.
    """
    found = _SUMMARY.fullmatch(text) or _MISSED.fullmatch(text)
    if found is None:
        return None
    since = " ".join((found["since"] or "").split())
    if since and not found["sign"] and moment(since, _SOME_DAY) is None:
        return None
    return Span(channel=found["channel"] or "", since=since)


def spanned(question: Question) -> Question:
    """A question, with the span that its words ask a summary of, if they do."""
    span = wanted(question.text)
    return question.model_copy(update={"task": Task.SUMMARIZE, "span": span}) if span else question


def moment(words: str, now: dt.datetime) -> dt.datetime | None:
    """The moment that words such as `Monday`, `9 am`, `3 May` or `the last two days` mean.

    Args:
        words: what stands behind *since*, in any case.
        now: the asker's own time, with its zone. The moment lies before it.

    Returns:
        None where the words mean no moment.
    """
    said = " ".join(_NUMBERS.get(word, word) for word in words.casefold().split()).removeprefix("on ")
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    days = _days_back(said, now.weekday())
    if days is not None:
        return midnight - dt.timedelta(days=days)
    if match := _LAST.fullmatch(said) or _AGO.fullmatch(said):
        return now - int(match[1] or 1) * _UNITS[match[2]]
    return _on_day(said, midnight) or _at_clock(said, now)


def _days_back(said: str, weekday: int) -> int | None:
    """How many days ago a named day began; a day of the week is the last one before today."""
    named = {"today": 0, "this morning": 0, "yesterday": 1, "this week": weekday, "the week": weekday}
    day = said.removeprefix("last ")
    return (weekday - _DAYS.index(day)) % 7 or 7 if day in _DAYS else named.get(said)


def _on_day(said: str, midnight: dt.datetime) -> dt.datetime | None:
    """A date; without a year it is the last one before today."""
    if match := _ISO.fullmatch(said):
        return _replaced(midnight, int(match[1]), int(match[2]), int(match[3]))
    match = _DATE.fullmatch(said)
    if match is None:
        return None
    day, name = match[1] or match[4], match[2] or match[3]
    month = next((n for n, full in enumerate(_MONTHS, start=1) if name in (full, full[:3])), 0)
    if not month:
        return None
    found = _replaced(midnight, midnight.year, month, int(day))
    return found if found and found <= midnight else _replaced(midnight, midnight.year - 1, month, int(day))


def _replaced(midnight: dt.datetime, year: int, month: int, day: int) -> dt.datetime | None:
    try:
        found = midnight.replace(year=year, month=month, day=day)
    except ValueError:
        return None
    return found if found <= midnight else None


def _at_clock(said: str, now: dt.datetime) -> dt.datetime | None:
    """A time of day, today or, where it is still to come, yesterday."""
    match = _CLOCK.fullmatch(said.removeprefix("at "))
    if match is None:
        return None
    hour, minute = int(match[1]), int(match[2] or 0)
    if match[3]:
        hour = hour % 12 + (12 if match[3] == "pm" else 0)
    if hour > 23 or minute > 59:  # noqa: PLR2004 - of a day
        return None
    found = now.replace(hour=hour, minute=minute, second=0, microsecond=0)
    return found if found <= now else found - dt.timedelta(days=1)

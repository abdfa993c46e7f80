"""Summaries: a text read window by window, then merged; every line stays linked to what it rests on."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.completions import Completion, ModelRole, StopReason
from core.documents import Chunk, Passage
from core.messages import Exchange, Outcome, Question
from core.progress import Progress
from core.transcripts import Channels, Said, Transcript
from prompts.render import render
from retrieval.access import allowed
from retrieval.search import Query, Search
from workers.answering.abstention import named, no_such_document
from workers.answering.budget import AnsweringSettings, tokens
from workers.answering.calls import Calls
from workers.answering.conclusion import Conclusion, refused
from workers.answering.grounding import markers
from workers.answering.grounding.citations import cite
from workers.answering.grounding.evidence import Evidence, unquoted
from workers.answering.grounding.figures.check import FigureCheck
from workers.answering.grounding.gate import Statement
from workers.answering.grounding.statements import complete
from workers.answering.intent import Subject
from workers.answering.process import Recollection

_EXCHANGES = 200
_MESSAGES = 500
"""Most messages of people that go into one summary; markers have three digits."""

_NEAREST = 10
_ITEM = re.compile(r"^[ \t]*(?:[-*•]|\d{1,2}[.)])[ \t]+", re.MULTILINE)
_NOTHING_SAID = "There is nothing in this conversation yet that I could summarise."
_NO_LINES = "I could not summarise this: no line of what the language model wrote rests on the text."


@dataclass(frozen=True, slots=True)
class Window:
    """Consecutive passages that are summarised in one go. `offset` is how many stand before them."""

    offset: int
    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class Windows:
    """A text in windows. `left_out` are the passages beyond the last one that may be read."""

    read: tuple[Window, ...]
    left_out: tuple[Passage, ...] = ()

    @property
    def passages(self) -> tuple[Passage, ...]:
        """All passages that are read; line number `n` rests on `passages[n - 1]`."""
        return tuple(passage for window in self.read for passage in window.passages)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a summary, without its markers, and the numbers of the passages that it rests on."""

    text: str
    numbers: tuple[int, ...]

    def __str__(self) -> str:
        return f"- {self.text} {markers.joined(list(self.numbers))}"


@dataclass(frozen=True, slots=True)
class Text:
    """What is to be summarised, in order: a document's chunks, people's messages, or earlier exchanges.

    Attributes:
        title: how it is called in the summary's first line.
        spoken: whether these are people's messages, of which the newest matter most.
        left_out: in words, what of it was not even read.
        refusal: why it may not be read, in words for the asker.
    """

    subject: Subject
    title: str
    passages: tuple[Passage, ...]
    spoken: bool = False
    left_out: str = ""
    refusal: str = ""


def collect(
    subject: Subject,
    question: Question,
    turn_id: str,
    conversations: Recollection,
    channels: Mapping[str, Channels],
) -> Text:
    """Bring the text together as passages.

    A thread is what people wrote in it, where its platform can be read and they wrote more there than
    questions to Candor; else what Candor was asked and answered.
    """
    if not subject.thread:
        title = named(subject.chunks[0].title) if subject.chunks else subject.name
        return Text(subject, title, _passages(subject.chunks))
    platform = channels.get(question.address.platform)
    transcript = platform.transcript(question, _MESSAGES) if platform else Transcript("", "")
    place = {"thread": question.span.thread} if question.span and question.span.thread else {}
    history = conversations.recent(
        question.address.model_copy(update=place), before=turn_id, limit=_EXCHANGES
    )
    asked = {exchange.question for exchange in history}
    of_channel = question.span is not None and not question.span.thread
    more = any(said.text not in asked for said in transcript.said)
    if transcript.refusal or of_channel or more:
        chunks = [_message(position, transcript, said) for position, said in enumerate(transcript.said)]
        name = transcript.name or subject.name
        return Text(
            subject,
            name,
            _passages(chunks),
            spoken=True,
            left_out=transcript.left_out,
            refusal=transcript.refusal,
        )
    exchanges = [_chunk(position, exchange) for position, exchange in enumerate(history)]
    return Text(subject, subject.name, _passages(exchanges))


def _passages(chunks: Sequence[Chunk]) -> tuple[Passage, ...]:
    return tuple(Passage(chunk, score=0.0) for chunk in chunks)


def nearest(text: Text, question: Question, search: Search) -> list[Passage]:
    """What search finds for the name of a document that is not there; nothing for any that is."""
    if text.passages or text.subject.thread:
        return []
    audience, sources = question.audience, question.manner.sources
    found = search.find(Query(text.subject.name, audience, limit=_NEAREST, source_ids=sources))
    return [passage for passage in found if allowed(passage.chunk, audience)]


def split(text: Text, settings: AnsweringSettings) -> Windows:
    """Cut a text into windows of consecutive passages, none over the budget unless it is a single passage.

    Where it is too long, a document's end is left out, and the oldest of people's messages.
    """
    windows = _windows(text.passages, settings)
    most = settings.summary_windows
    if len(windows) <= most:
        return Windows(tuple(windows))
    if text.spoken:
        before = windows[-most].offset
        kept = _windows(text.passages[before:], settings)
        return Windows(tuple(kept), text.passages[:before])
    return Windows(tuple(windows[:most]), text.passages[windows[most].offset :])


def _windows(passages: Sequence[Passage], settings: AnsweringSettings) -> list[Window]:
    windows: list[Window] = []
    start, size = 0, 0
    for at, passage in enumerate(passages):
        more = tokens(passage.chunk.text)
        if at > start and size + more > settings.summary_window_tokens:
            windows.append(Window(start, tuple(passages[start:at])))
            start, size = at, 0
        size += more
    if passages:
        windows.append(Window(start, tuple(passages[start:])))
    return windows


def read(title: str, windows: Windows, calls: Calls, progress: Progress) -> tuple[Line, ...]:
    """Summarise each window. A line that rests on no passage of its window is dropped."""
    lines: list[Line] = []
    for part, window in enumerate(windows.read, start=1):
        progress.status(f"Reading part {part} of {len(windows.read)}")
        prompt = render("summarize", title=title, passages=window.passages)
        evidence = Evidence(window.passages)
        for item in _items(calls.ask(ModelRole.STRONG, prompt)):
            body, given = evidence.attributed(f"- {item}")
            numbers = tuple(window.offset + number for number in given if number <= len(window.passages))
            if numbers:
                lines.append(Line(_said(body), numbers))
    return tuple(lines)


def merge(title: str, lines: tuple[Line, ...], calls: Calls) -> tuple[Line, ...]:
    """Merge the lines of several windows into one summary; those of a single window stay as they are.

    A merged line keeps markers that the lines had, or is dropped. When none is left, the lines stay unmerged.
    """
    if len(calls.made) <= 1 or not lines:
        return lines
    given = {str(line): line for line in lines}
    known = {number for line in lines for number in line.numbers}
    prompt = render("merge_summaries", title=title, lines=tuple(given))
    merged: list[Line] = []
    for item in _items(calls.ask(ModelRole.STRONG, prompt)):
        body, found = markers.split_last(item)
        numbers = tuple(number for number in found if number in known)
        same = given.get(f"- {' '.join(item.split())}")
        if same or numbers:
            merged.append(same or Line(_said(body), numbers))
    return tuple(merged) or lines


def conclude(
    text: Text, windows: Windows, lines: tuple[Line, ...], near: Sequence[Passage], calls: Calls
) -> Conclusion:
    """Put the summary into words, its sources numbered in the order in which they appear."""
    if text.refusal:
        return Conclusion(Outcome.REFUSED, text.refusal)
    if not text.passages:
        said = _NOTHING_SAID if text.subject.thread else no_such_document(text.subject.name, near)
        return Conclusion(Outcome.ABSTAINED, said)
    lines, notes = _founded(lines, windows)
    if not lines:
        refusals = [refusal for call in calls.made if (refusal := refused(call.completion))]
        return refusals[0] if refusals else Conclusion(Outcome.ABSTAINED, _NO_LINES, notes=notes)
    order = list(dict.fromkeys(number for line in lines for number in line.numbers))
    shown = [Line(line.text, tuple(order.index(number) + 1 for number in line.numbers)) for line in lines]
    said = "\n".join([f"Summary of {text.title}:", "", *(str(line) for line in shown)])
    if left_out := _left_out(text, windows):
        said += f"\n\nLeft out, since it is too long: {left_out}."
    statements = [Statement(str(line), line.numbers, quoted=line.text) for line in shown]
    citations = cite(statements, order, windows.passages, Evidence(windows.passages), text.title)
    return Conclusion(Outcome.ANSWERED, said, citations, notes)


def _founded(lines: tuple[Line, ...], windows: Windows) -> tuple[tuple[Line, ...], tuple[str, ...]]:
    """The lines whose figures their passages have, and a note on how many had others."""
    check = FigureCheck()
    passages = windows.passages
    kept = tuple(
        line
        for line in lines
        if not check.wrong(line.text, [passages[number - 1] for number in line.numbers])
    )
    gone = len(lines) - len(kept)
    return kept, (f"lines with figures that rest on nothing, left out: {gone}",) if gone else ()


def _left_out(text: Text, windows: Windows) -> str:
    """In words, what of a text is not in its summary."""
    count = len(windows.left_out)
    if not count:
        return text.left_out
    if text.spoken:
        until = windows.read[0].passages[0].chunk.place
        older = f"the {count} messages before {until}"
        return f"{text.left_out} and {older}" if text.left_out else older
    heading = windows.left_out[0].chunk.place
    since = f", from “{heading}” on" if heading else ""
    return f"the last {count} of {len(text.passages)} passages{since}"


def show(end: Conclusion, progress: Progress) -> None:
    """Show a summary, whole: it is known only when all of it is."""
    if end.outcome is Outcome.ANSWERED:
        progress.write(end.text)


def cited(end: Conclusion, windows: Windows) -> list[Passage]:
    """The passages that a summary rests on, for the trace."""
    quotes = {citation.quote for citation in end.citations}
    return [each for each in windows.passages if any(quote in each.chunk.text for quote in quotes)]


def _items(completion: Completion) -> list[str]:
    """The list items of a model's text; what stands before the first is no line. A cut-off last one goes."""
    if completion.stop not in (StopReason.END, StopReason.LENGTH):
        return []
    items = [item.strip() for item in _ITEM.split(completion.text)[1:]]
    if completion.stop is StopReason.LENGTH and items and not complete(items[-1]):
        items.pop()
    return [item for item in items if item]


def _said(body: str) -> str:
    return " ".join(markers.remove(unquoted(body)).split())


def _message(position: int, transcript: Transcript, said: Said) -> Chunk:
    """One message as a chunk that begins with its speaker and leads to where it stands."""
    return Chunk(
        id=f"message-{said.id}",
        document_id=transcript.id,
        source_id="conversation",
        title=transcript.name,
        heading=(f"{said.speaker}, {said.at:%Y-%m-%d %H:%M}",),
        text=f"{said.speaker}: {said.text}",
        link=said.link,
        position=position,
        start=0,
        readers=(),
        date=said.at.date().isoformat(),
    )


def _chunk(position: int, exchange: Exchange) -> Chunk:
    """An earlier exchange as a chunk of the conversation. Its own markers point elsewhere, so they go."""
    return Chunk(
        id=f"exchange-{position}",
        document_id="conversation",
        source_id="conversation",
        title="This conversation",
        heading=(f"Question {position + 1}",),
        text=f"{exchange.question}\n\n{markers.remove(exchange.answer)}",
        link="",
        position=position,
        start=0,
        readers=(),
    )

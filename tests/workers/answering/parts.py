"""Parts to wire a pipeline with: a model that follows a script, a small library, a memory, a transcript."""

import re
from collections import deque
from collections.abc import Callable, Sequence

from core.completions import Capabilities, Completion, CompletionRequest, Model, ModelRole, Models, StopReason
from core.deadline import Deadline
from core.documents import Chunk, Passage
from core.messages import (
    EVERYONE,
    Address,
    Answer,
    Asker,
    Audience,
    Exchange,
    Outcome,
    Question,
    QuestionKey,
    Task,
)
from core.tools import Tool
from retrieval.access import Rights, allowed
from retrieval.search import Query, Search
from workers.answering.budget import AnsweringSettings
from workers.answering.pipeline import answer
from workers.answering.process import Confirmations, Process
from workers.guardrails._guard import Guard

ADDRESS = Address(platform="terminal", workspace="here", channel="chat")


class ScriptedModel:
    """Replies with what was enqueued, in order, and keeps the requests.

    It streams in pieces of `size`, at 0 not at all; `streams` is what it streams instead of its reply.
    """

    capabilities = Capabilities(api="none", seed=True)

    def __init__(
        self,
        *replies: str | Completion | Exception,
        name: str = "scripted:one",
        size: int = 7,
        streams: str = "",
    ) -> None:
        self.name = name
        self.requests: list[CompletionRequest] = []
        self._replies = deque(replies)
        self._size = size
        self._streams = streams

    def complete(
        self, request: CompletionRequest, on_text: Callable[[str], None] | None = None
    ) -> Completion:
        self.requests.append(request)
        reply = self._replies.popleft()
        if isinstance(reply, Exception):
            raise reply
        completion = Completion(text=reply) if isinstance(reply, str) else reply
        if on_text and self._size and completion.stop is not StopReason.REFUSAL:
            text = self._streams or completion.text
            for at in range(0, len(text), self._size):
                on_text(text[at : at + self._size])
        return completion

    def told(self, call: int = -1) -> str:
        """The last user message of a call."""
        return self.requests[call].prompt.messages[-1].content


class Library(Search):
    """Documents in memory, ranked by the words that they share with the query. It keeps the reader rule."""

    def __init__(self, *chunks: Chunk, leaky: bool = False) -> None:
        self.queries: list[Query] = []
        self._chunks = chunks
        self._leaky = leaky

    def find(self, query: Query) -> list[Passage]:
        self.queries.append(query)
        words = _words(query.text)
        passages = [
            Passage(chunk, score=float(shared), scores={"sparse": float(shared)})
            for chunk in self._within(query.rights, query.source_ids)
            if (shared := len(words & _words(f"{chunk.title} {chunk.text}")))
        ]
        return sorted(passages, key=lambda each: -each.score)[: query.limit]

    def document(self, name: str, rights: Rights, source_ids: Sequence[str] = ()) -> list[Chunk]:
        return [
            each
            for each in self._within(rights, source_ids)
            if name.casefold() in (each.document_id, each.title.casefold())
        ]

    def documents(self, rights: Rights) -> int:
        return len({chunk.document_id for chunk in self._readable(rights)})

    def _within(self, rights: Rights, source_ids: Sequence[str]) -> list[Chunk]:
        return [each for each in self._readable(rights) if not source_ids or each.source_id in source_ids]

    def _readable(self, rights: Rights) -> list[Chunk]:
        return [each for each in self._chunks if self._leaky or allowed(each, rights)]


class Memory:
    """Earlier exchanges of one thread."""

    def __init__(self, *exchanges: Exchange) -> None:
        self.asked: list[tuple[Address, str]] = []
        self._exchanges = exchanges

    def recent(self, address: Address, *, before: str, limit: int = 20) -> list[Exchange]:
        self.asked.append((address, before))
        return list(self._exchanges[-limit:])


class Transcript:
    """What the asker saw while the answer was written."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.pieces: list[str] = []
        self.taken_back: list[str] = []

    def status(self, text: str) -> None:
        self.said.append(text)

    def write(self, text: str) -> None:
        self.pieces.append(text)

    def restart(self) -> None:
        self.taken_back.append(self.text)
        self.pieces.clear()

    @property
    def text(self) -> str:
        return "".join(self.pieces)


def chunk(
    text: str,
    *,
    title: str = "Handbook",
    document: str = "",
    position: int = 0,
    readers: tuple[str, ...] = (EVERYONE,),
    heading: tuple[str, ...] = (),
    date: str = "",
) -> Chunk:
    document = document or f"{title.casefold().replace(' ', '-')}.md"
    return Chunk(
        id=f"{document}#{position}",
        document_id=document,
        source_id="docs",
        title=title,
        heading=heading,
        text=text,
        link=f"/docs/{document}",
        position=position,
        start=0,
        readers=readers,
        date=date,
    )


def passage(text: str, score: float = 1.0, *, title: str = "Handbook", position: int = 0) -> Passage:
    return Passage(chunk(text, title=title, position=position), score)


def exchange(question: str, said: str, query: str = "") -> Exchange:
    return Exchange(question=question, query=query or question, answer=said, outcome=Outcome.ANSWERED)


def question(
    text: str, *, groups: tuple[str, ...] = (EVERYONE,), task: Task = Task.ANSWER, subject: str = ""
) -> Question:
    return Question(
        key=QuestionKey(platform="terminal", workspace="here", channel="chat", message=text),
        address=ADDRESS,
        asker=Asker(id="ann"),
        text=text,
        audience=Audience(groups=groups),
        task=task,
        subject=subject,
    )


def ask(
    asked: Question | str,
    search: Search,
    model: Model,
    *,
    small: Model | None = None,
    memory: Memory | None = None,
    transcript: Transcript | None = None,
    seconds: float = 30,
    settings: AnsweringSettings | None = None,
    tools: Sequence[Tool] = (),
    confirmations: Confirmations | None = None,
    turn_id: str = "turn-1",
    guard: Guard | None = None,
) -> Answer:
    """One walk through the pipeline."""
    models = {ModelRole.STRONG: model} | ({ModelRole.SMALL: small} if small else {})
    process = Process(
        search,
        Models(models),
        memory or Memory(),
        settings or AnsweringSettings(),
        tools=tools,
        confirmations=confirmations,
        guard=guard or Guard(),
    )
    asked = question(asked) if isinstance(asked, str) else asked
    return answer(turn_id, asked, process, transcript or Transcript(), Deadline(seconds))


def _words(text: str) -> set[str]:
    return {word for word in re.findall(r"\w+", text.casefold()) if len(word) > 3}

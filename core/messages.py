"""What crosses the walls of the house: questions, answers, addresses. Frozen and plain."""

from collections.abc import Iterable
from enum import StrEnum

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

EVERYONE = "everyone"
"""The reader group that each person and each audience belongs to."""


class Frozen(BaseModel):
    """Base of everything that crosses a wall: immutable, and nothing unknown gets in."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Address(Frozen):
    """A place on a platform: a channel, a thread in it, or one message there.

    `thread` and `message` are empty where there is none. `handle` is the platform's own key to a reply that
    the asker alone sees, valid for a time only; empty, everybody there sees the reply. `promise` is its key
    to a reply that it shows as being written already, whoever sees it; that too is valid for a time only.
    """

    platform: str
    workspace: str
    channel: str
    thread: str = ""
    message: str = ""
    handle: str = ""
    promise: str = ""


class QuestionKey(Frozen):
    """What makes a question unique, however often its platform delivers it.

    `message` is the platform's own id of the message or command; `version` is 0, or the time of the edit.
    """

    platform: str
    workspace: str
    channel: str
    message: str
    version: int = 0


class Asker(Frozen):
    """The person who asks, by the platform's own id; or another bot, where one may."""

    id: str
    name: str = ""
    bot: bool = False


class Audience(Frozen):
    """Everyone who can read the reply, as the reader groups that they belong to.

    `groups` are those that all of them belong to. `people` has, for each kind of person among them, the
    groups that these belong to besides; empty, all are alike.
    """

    groups: tuple[str, ...] = (EVERYONE,)
    people: tuple[tuple[str, ...], ...] = ()

    @property
    def each(self) -> tuple[tuple[str, ...], ...]:
        """All groups of each kind of person."""
        return tuple((*self.groups, *own) for own in self.people) or (self.groups,)

    def may_read(self, readers: Iterable[str]) -> bool:
        """Whether every one of them belongs to at least one of the groups that are readers."""
        needed = frozenset(readers)
        return all(not needed.isdisjoint(groups) for groups in self.each)


class File(Frozen):
    """A file that somebody attached to a question, as its platform describes it.

    `size` is in bytes, `url` where the platform keeps it. What is empty or 0 has to be asked of the platform.
    """

    id: str
    name: str = ""
    media_type: str = ""
    size: int = 0
    url: str = ""


class Span(Frozen):
    """What people said and somebody wants summarised: a thread, or a channel since a moment.

    `channel` is the platform's id, or what people call it; empty is the one where it is asked. `thread` is
    the platform's id of a thread there; empty is the channel itself. `since` is the moment in the asker's
    own words, such as `Monday`; empty is when they last wrote there. `first` is the platform's id of the
    message that the span begins with, where somebody pointed at one; it goes before `since`.
    """

    channel: str = ""
    thread: str = ""
    since: str = ""
    first: str = ""


class Manner(Frozen):
    """How a channel wants its answers: from which sources, in whose voice, in what tone.

    `sources` are ids of the ledger's sources; empty means all. `persona` and `tone` are people's words:
    wishes about style that loosen no rule.
    """

    sources: tuple[str, ...] = ()
    persona: str = Field(default="", max_length=300)
    tone: str = Field(default="", max_length=100)


class Task(StrEnum):
    """What is asked for."""

    ANSWER = "answer"
    SUMMARIZE = "summarize"
    SEARCH = "search"


class Question(Frozen):
    """A question as its platform handed it over.

    `subject` names what to summarise, by document id or title; empty means the thread itself, or what `span`
    says. `retry_of` is the turn that this one tries again. `files` are those attached to it.
    `quoted` says that nobody there saw it asked, so that its words are shown above the reply. `unasked` says
    that people asked one another and not Candor, which is silent where it has no answer.
    """

    key: QuestionKey
    address: Address
    asker: Asker
    text: str
    audience: Audience = Audience()
    task: Task = Task.ANSWER
    subject: str = ""
    retry_of: str = ""
    manner: Manner = Manner()
    files: tuple[File, ...] = ()
    span: Span | None = None
    quoted: bool = False
    unasked: bool = False


class Outcome(StrEnum):
    """How a turn ended. A turn ends once."""

    ANSWERED = "answered"
    ABSTAINED = "abstained"
    REFUSED = "refused"
    ESCALATED = "escalated"
    WITHDRAWN = "withdrawn"
    FAILED = "failed"


class Citation(Frozen):
    """One numbered source of an answer. `quote` stands word for word in the document at `source`.

    `source` is the document's link: a URL, or a file's path. `date` is the ISO 8601 day of the document's
    last change, or empty where it is unknown.
    """

    n: int
    title: str
    source: str
    quote: str
    heading: str = ""
    document_id: str = ""
    date: str = ""


class ToolUse(Frozen):
    """One function call that an answer rests on; arguments and result as JSON text, known secrets masked."""

    name: str
    arguments: str
    result: str


class Confirmation(Frozen):
    """A call of a tool that changes something, which waits for the asker's "yes".

    `arguments` is the JSON text that will be run, and nothing else will; `expires_at` is when a "yes" comes
    too late.
    """

    tool: str
    arguments: str
    expires_at: AwareDatetime


class Usage(Frozen):
    """Tokens that the model's vendor counted."""

    input_tokens: int = 0
    output_tokens: int = 0


class Stage(StrEnum):
    """Where on the walk of a question a guardrail stands."""

    INPUT = "input"
    PASSAGES = "passages"
    OUTPUT = "output"


class Action(StrEnum):
    """What a guardrail does, mildest first.

    ALLOW nothing; FLAG is seen in the trace alone; MASK goes on with a changed text; REWRITE has the model
    write again; ESCALATE hands over to a person; REFUSE ends the turn.
    """

    ALLOW = "allow"
    FLAG = "flag"
    MASK = "mask"
    REWRITE = "rewrite"
    ESCALATE = "escalate"
    REFUSE = "refuse"


class Decision(Frozen):
    """What one guardrail made of what it was shown. `score` is from 0 to 1, `ms` how long it took."""

    rule: str
    stage: Stage
    score: float
    action: Action
    reason: str = ""
    ms: float = 0.0


class Candidate(Frozen):
    """A passage that search found, as the trace keeps it. `scores` are by retriever, before fusion.

    `used` says whether the model was given it, `readers` which groups may read its document.
    """

    rank: int
    document_id: str
    title: str
    heading: str
    source: str
    text: str
    score: float
    scores: dict[str, float]
    used: bool
    readers: tuple[str, ...] = ()


class TraceMessage(Frozen):
    """One message of the prompt as it was sent."""

    role: str
    content: str


class Trace(Frozen):
    """Why an answer is as it is: what was searched, what was found, what the model was told.

    `transcript` is what the model and its tools said to one another behind the prompt. `notes` are the
    pipeline's own remarks, such as a follow-up rewritten or a marker removed. `figures_rewritten` and
    `figures_removed` count the statements whose figures rested on nothing.
    `perplexity` is the answer's, where the model gives probabilities. `decisions` are those of the
    guardrails that did more than look.
    """

    query: str = ""
    searched_documents: int = 0
    candidates: tuple[Candidate, ...] = ()
    prompt_name: str = ""
    prompt_version: str = ""
    prompt: tuple[TraceMessage, ...] = ()
    transcript: tuple[TraceMessage, ...] = ()
    system_fingerprint: str = ""
    seed: int | None = None
    notes: tuple[str, ...] = ()
    figures_rewritten: int = 0
    figures_removed: int = 0
    perplexity: float | None = None
    decisions: tuple[Decision, ...] = ()


class Answer(Frozen):
    """What the pipeline made of a question. `text` is Markdown with `[n]` markers.

    `timings` are milliseconds by step. `cost_usd` is None where the price is unknown. `model` is
    `provider:model` as the settings name it. `confirmation` is what the text asks the asker to confirm.
    `follow_ups` are further questions that the documents answer. `people` says that there is somebody who can
    be asked beyond it. `withheld` counts documents that fit the question and that the asker may read, but not
    everyone who can read the reply: it is for the asker alone.
    """

    outcome: Outcome
    text: str
    citations: tuple[Citation, ...] = ()
    tools: tuple[ToolUse, ...] = ()
    confirmation: Confirmation | None = None
    model: str = ""
    usage: Usage = Usage()
    cost_usd: float | None = None
    timings: dict[str, float] = {}
    trace: Trace = Trace()
    follow_ups: tuple[str, ...] = ()
    people: bool = False
    withheld: int = 0


class Exchange(Frozen):
    """One earlier turn of a conversation. `query` is the question as it was searched: it stands alone."""

    question: str
    query: str
    answer: str
    outcome: Outcome


class Handover(Frozen):
    """A question as it is handed to people: all that they are told, and nothing else.

    Attributes:
        question: what was asked.
        asker: what people call whoever asks, or empty.
        outcome: how Candor's own turn ended.
        answer: what Candor said, where it did answer.
        query: what was searched for; empty where nothing was.
        documents: how many documents were searched.
        nearest: titles of what was found nearest.
    """

    question: str
    asker: str = ""
    outcome: Outcome
    answer: str = ""
    query: str = ""
    documents: int = 0
    nearest: tuple[str, ...] = ()

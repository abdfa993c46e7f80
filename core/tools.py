"""The port to tools: functions that a model may call, and what one call hands back."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from pydantic import BaseModel

from core.completions import ToolSpec
from core.deadline import Deadline
from core.documents import Passage
from core.messages import Question


@dataclass(frozen=True, slots=True)
class ToolContext:
    """On whose behalf a tool runs.

    Attributes:
        question: the turn's question; its asker's rights hold, and its audience decides what may be found.
        deadline: when the whole answer must be there.
    """

    question: Question
    deadline: Deadline

    @property
    def groups(self) -> tuple[str, ...]:
        """The reader groups that all belong to who can read the reply, for a search that knows no more."""
        return self.question.audience.groups


@dataclass(frozen=True, slots=True)
class Fact:
    """A live value, with what a reply that carries it must say.

    Attributes:
        label: what is measured, such as "30-year fixed mortgage rate".
        value: the value as the service wrote it, such as "6.81".
        unit: such as "percent".
        as_of: the day that the value is of; None where the service gives none.
        source: who publishes it.
        url: where it can be looked up, or empty.
        stale: why it is too old to be today's, or empty.
        caution: what else the reply must say of it, such as that an average is not an offer; or empty.
    """

    label: str
    value: str
    unit: str = ""
    as_of: date | None = None
    source: str = ""
    url: str = ""
    stale: str = ""
    caution: str = ""


@dataclass(frozen=True, slots=True)
class ToolResult:
    """What a call handed back. All of it is data, and none of it an instruction.

    Attributes:
        text: what the model reads. Of passages it says no more than that they are there: whoever has the
            tool called numbers them and shows them to the model behind the text.
        facts: live values in it, which the reply must date and attribute.
        passages: passages in it, which the reply can cite as it cites those of the search.
        shown: Markdown that stands under the answer, such as the SQL that was run; or empty.
        failed: whether the tool could not do its work; `text` then says why, for the model and the asker.
    """

    text: str
    facts: tuple[Fact, ...] = ()
    passages: tuple[Passage, ...] = ()
    shown: str = ""
    failed: bool = False


class Tool(Protocol):
    """A function that a model may call.

    Attributes:
        spec: its name, what it is for, and the JSON Schema of its arguments.
        writes: whether it changes anything: then the asker is asked before it runs.
    """

    @property
    def spec(self) -> ToolSpec: ...  # noqa: D102

    @property
    def writes(self) -> bool: ...  # noqa: D102

    def parse(self, arguments: str) -> BaseModel | Mapping[str, Any]:
        """The arguments that the model wrote as JSON, checked.

        Raises:
            BadArguments: with what is wrong, in words that help the model to mend it.
        """
        ...

    def describe(self, arguments: Any) -> str:
        """What a call with arguments that `parse` returned would do, as an asker is told before it is done.

        One sentence without a full stop that goes on from "Shall I", such as "call crm__add_note with ...".
        """
        ...

    def run(self, arguments: Any, context: ToolContext) -> ToolResult:
        """Do the work with arguments that `parse` returned. What can fail is a result that says `failed`."""
        ...

"""The one door to the prompts: a name and its variables in, messages for the model out."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import frontmatter
from jinja2 import StrictUndefined, Template, meta
from jinja2.sandbox import ImmutableSandboxedEnvironment
from pydantic import Field, ValidationError

from core.completions import Message, Prompt
from core.documents import Passage
from core.errors import Misconfigured
from core.messages import Exchange, Frozen

FOLDER = Path(__file__).parent

# Code keeps its brackets: there `[1]` is an index, not a source.
_CODE_OR_MARKER = re.compile(
    r"(?P<code>^[ \t>]*(?P<fence>`{3,}|~{3,})[^\n]*\n.*?(?:^[ \t>]*(?P=fence)[ \t]*$|\Z)"
    r"|(?<!`)(?P<tick>`+)(?!`)[^`\n]+(?P=tick))"
    r"|[\[【](?P<number>\d{1,3})[\]】]",
    re.MULTILINE | re.DOTALL,
)
_TAG = re.compile(r"<(?=\s*/?\s*(?:passage|exchange|lines|result|manner))", re.IGNORECASE)

_RESULT = re.compile(r"<result(?P<failed> failed=\"yes\")?>\n(?P<text>.*?)\n</result>", re.DOTALL)


class WrongVariables(Misconfigured):
    """A prompt was given too few or too many variables, or its file declares others than it uses."""


class Example(Frozen):
    """One worked example: what the user might write, and the reply that we want."""

    user: str
    assistant: str


class Head(Frozen):
    """The front matter of a prompt. `variables` says of each variable what it is.

    `defaults` are the values of those that need not be given.
    """

    version: str
    description: str
    variables: dict[str, str]
    defaults: dict[str, str] = Field(default_factory=dict)
    examples: tuple[Example, ...] = ()


@dataclass(frozen=True, slots=True)
class PromptFile:
    """A prompt as it was read: its front matter, its body, and the variables that the body uses."""

    head: Head
    template: Template
    used: frozenset[str]


class Fenced(str):
    """Text in which nothing can be taken for a fence of ours any more."""

    __slots__ = ()


def _unfence(value: object) -> Fenced:
    """Make a value harmless: what looks like the opening or closing of a fence loses its bracket."""
    return value if isinstance(value, Fenced) else Fenced(_TAG.sub("&lt;", str(value)))


def _unmark(text: str) -> str:
    """Turn what looks like a citation marker of ours into round brackets, except in code."""
    return _CODE_OR_MARKER.sub(lambda m: m["code"] or f"({m['number']})", text)


def _line(text: str) -> str:
    return _unfence(_unmark(" ".join(text.split())))


def passage_blocks(passages: Sequence[Passage], first: int = 1) -> Fenced:
    """Fence passages as data, numbered from `first`: title, heading and date, then the text.

    No text can close its fence, open another or carry a number that looks like one of ours.
    """
    blocks = []
    for number, passage in enumerate(passages, start=first):
        chunk = passage.chunk
        facts = [("Title", chunk.title), ("Heading", " > ".join(chunk.heading)), ("Date", chunk.date)]
        lines = [f"{name}: {_line(value)}" for name, value in facts if value]
        text = _unfence(_unmark(chunk.text))
        blocks.append("\n".join([f'<passage n="{number}">', *lines, "", text, "</passage>"]))
    return Fenced("\n\n".join(blocks))


def exchange_blocks(history: Sequence[Exchange]) -> Fenced:
    """Fence the earlier turns of a conversation as data, oldest first, without their citation markers."""
    blocks = [
        f"<exchange>\nAsked: {_line(each.question)}\nAnswered: {_unfence(_unmark(each.answer))}\n</exchange>"
        if each.answer
        else f"<exchange>\nSaid: {_line(each.question)}\n</exchange>"
        for each in history
    ]
    return Fenced("\n\n".join(blocks))


def line_blocks(lines: Sequence[str]) -> Fenced:
    """Fence the lines of several summaries as data. They keep their markers, which are ours."""
    return Fenced("\n".join(["<lines>", *(_unfence(" ".join(line.split())) for line in lines), "</lines>"]))


def tool_block(text: str, passages: Sequence[Passage], *, first: int, failed: bool) -> Fenced:
    """Fence what a tool handed back as data, its passages numbered from `first` behind it."""
    state = ' failed="yes"' if failed else ""
    said = f"<result{state}>\n{_unfence(_unmark(text))}\n</result>"
    return Fenced("\n\n".join([said, *([passage_blocks(passages, first)] if passages else [])]))


def result_blocks(texts: Sequence[str]) -> Fenced:
    """Fence what several tools handed back as data."""
    return Fenced("\n\n".join(tool_block(text, (), first=1, failed=False) for text in texts))


def result_text(block: str) -> tuple[str, bool]:
    """The text that `tool_block` fenced, and whether the tool failed."""
    found = _RESULT.match(block)
    return (found["text"], bool(found["failed"])) if found else ("", True)


def _environment() -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined, finalize=_unfence, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters |= {
        "passages": passage_blocks,
        "exchanges": exchange_blocks,
        "lines": line_blocks,
        "results": result_blocks,
    }
    return environment


def names() -> list[str]:
    """The prompts there are."""
    return sorted(path.stem for path in FOLDER.glob("*.md"))


@cache
def read(name: str) -> PromptFile:
    """Read a prompt's file.

    Raises:
        Misconfigured: when there is no such prompt, or its front matter is wrong.
    """
    if name not in names():
        raise Misconfigured(f"there is no prompt {name!r}; the prompts are {', '.join(names())}")
    post = frontmatter.loads((FOLDER / f"{name}.md").read_text(encoding="utf-8"))
    environment = _environment()
    try:
        head = Head.model_validate(post.metadata)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise Misconfigured(f"prompts/{name}.md: {where}: {first['msg']}") from None
    used = frozenset(meta.find_undeclared_variables(environment.parse(post.content)))
    return PromptFile(head=head, template=environment.from_string(post.content), used=used)


def render(name: str, /, **variables: Any) -> Prompt:
    """Fill a prompt.

    The body has two blocks, `system` and `user`; the examples stand between them as messages of their own.

    Raises:
        WrongVariables: naming the variables that are missing, unknown, or declared but not used.
        Misconfigured: when there is no such prompt, or its front matter is wrong.
    """
    prompt = read(name)
    variables = {**prompt.head.defaults, **variables}
    declared = prompt.head.variables.keys()
    for wrong, what in (
        (declared ^ prompt.used, "not both declared and used"),
        (declared - variables.keys(), "missing"),
        (variables.keys() - declared, "unknown"),
    ):
        if wrong:
            raise WrongVariables(f"prompts/{name}.md: {what}: {', '.join(sorted(wrong))}")
    context = prompt.template.new_context(variables)
    system, user = ("".join(prompt.template.blocks[part](context)).strip() for part in ("system", "user"))
    messages = [Message("system", system)]
    for example in prompt.head.examples:
        messages += [Message("user", example.user.strip()), Message("assistant", example.assistant.strip())]
    messages.append(Message("user", user))
    return Prompt(name=name, version=prompt.head.version, messages=tuple(messages), variables=variables)

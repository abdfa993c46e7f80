"""What a scripted model says when no script tells it: it answers from the passages in its prompt."""

import re
from collections.abc import Iterable

from core.completions import NO_ANSWER

_PASSAGE = re.compile(r'<passage n="(\d+)">\n(.*?)\n</passage>', re.DOTALL)
_SENTENCE = re.compile(r"(?:[^#\s>].*?[.!?:](?=\s|$))|(?:[^#\s>][^\n]+)", re.DOTALL)
_LINES = 7


def answer(system: str, user: str) -> str:
    """The reply to a prompt, by its last user message.

    Args:
        system: the prompt's system message.
        user: its last user message.

    Returns:
        The first sentence of the first passage, cited; where the prompt has no question, a line for each
        passage; without passages, what the prompt wants for "no answer", else the follow-up put behind the
        question that came before it, else the lines that were given.
    """
    passages = [(int(number), _first_sentence(body)) for number, body in _PASSAGE.findall(user)]
    asks = re.search(r"^Question:", user, re.MULTILINE) is not None
    if passages and asks:
        number, sentence = passages[0]
        return f"{sentence} [{number}]"
    if passages:
        return "\n".join(f"- {sentence} [{number}]" for number, sentence in passages[:_LINES])
    if NO_ANSWER in system:
        return NO_ANSWER
    last = user.strip().rsplit("\n", 1)[-1].partition(": ")[2] or user.strip()
    if asked := re.findall(r"^Asked: (.*)$", user, re.MULTILINE):
        return f"{asked[-1]} {last}"
    lines = re.findall(r"^- .*$", user, re.MULTILINE)
    return "\n".join(lines) or last


def unanswered(messages: Iterable[tuple[bool, list[str], str]]) -> str:
    """What is wrong with the order of tool calls and their results, or an empty text.

    Args:
        messages: of each, whether it is a tool's result, the ids of its calls, the id that it answers.
    """
    waiting: set[str] = set()
    for is_result, calls, answers in messages:
        if is_result and answers not in waiting:
            return f"a tool message must answer a preceding tool call, not {answers!r}"
        if is_result:
            waiting.discard(answers)
        elif waiting:
            break
        else:
            waiting = set(calls)
    return "each tool call must be answered by a tool message" if waiting else ""


def _first_sentence(body: str) -> str:
    _, _, text = body.partition("\n\n")
    # Headings are no sentences.
    text = re.sub(r"^#+ .*$", "", text or body, flags=re.MULTILINE)
    found = _SENTENCE.search(text)
    return " ".join(found.group().split()) if found else " ".join(text.split())

"""Slack's one message builder: blocks, and the plain text beside them."""

import re
from urllib.parse import urlsplit

from bot import markdown
from bot.outgoing import Json, Payload
from core.messages import Answer, Citation, Outcome

FEEDBACK, STOP, TRY_AGAIN = "feedback", "stop", "try_again"
"""Ids of the buttons."""

UP, DOWN = "up", "down"

NOTICE = "Written by an assistant from your team's documents. It can be wrong: check the sources."

# A payload takes 12,000 characters of Markdown, about 13,000 of everything and 50 blocks, and one block of
# Markdown becomes several: a heading, a rule, a table or a fence each stand alone.
_PART, _RENDERED = 9000, 36
_STANDS_ALONE = re.compile(r"[ \t]*(#(?=#{0,5} )|-(?=--)|\*(?=\*\*)|`(?=``)|~(?=~~)|\|)")
_SOURCES, _TITLE = 20, 120

_RATED = frozenset({Outcome.ANSWERED, Outcome.ABSTAINED, Outcome.REFUSED})


class SlackRender:
    """Builds what `SlackEgress` sends.

    A payload has `turn_id` and one of `status`, `markdown` (so far) and `parts` (in the end), each part a
    message of `text` and `blocks`; `footer` are the blocks below the last part's text.
    """

    def status(self, text: str, turn_id: str, /) -> Payload:
        """What is being done, and a way to stop it."""
        blocks: list[Json] = [_context(f"{text}…"), _buttons(_button(STOP, "Stop", turn_id))]
        return {"turn_id": turn_id, "status": text, "text": f"{text}…", "blocks": blocks}

    def partial(self, text: str, turn_id: str, /) -> Payload:
        """The answer as far as it is written; of a long one its beginning."""
        shown = parts_of(text)[0]
        blocks: list[Json] = [_markdown(shown), _buttons(_button(STOP, "Stop", turn_id))]
        return {"turn_id": turn_id, "markdown": text, "text": shown, "blocks": blocks}

    def answer(self, answer: Answer, turn_id: str, /) -> Payload:
        """The whole answer with its sources, the notice and the buttons below its last part."""
        pieces = parts_of(answer.text)
        footer = _footer(answer, turn_id)
        parts: list[Json] = [{"text": piece, "blocks": [_markdown(piece)]} for piece in pieces[:-1]]
        whole = "\n\n".join(part for part in (pieces[-1], _sources_as_text(answer)) if part)
        parts.append({"text": whole, "blocks": [_markdown(pieces[-1]), *footer]})
        return {"turn_id": turn_id, "final": answer.text, "parts": parts, "footer": footer}


def parts_of(text: str) -> list[str]:
    """The text cut into pieces that Slack takes in one message each; never none."""
    most = _PART
    pieces = markdown.split(text, most)
    while most > _PART // 8 and any(_rendered(piece) > _RENDERED for piece in pieces):
        most //= 2
        pieces = markdown.split(text, most)
    return pieces or [" "]


def _rendered(piece: str) -> int:
    blocks, before = 0, ""
    for line in piece.splitlines():
        mark = _STANDS_ALONE.match(line)
        kind = mark[1] if mark else "text"
        if kind != before or kind not in ("text", "|"):
            blocks += 1
        before = kind
    return blocks


def _footer(answer: Answer, turn_id: str) -> list[Json]:
    footer: list[Json] = []
    if answer.citations:
        footer.append(_sources(answer.citations))
    if answer.outcome in _RATED:
        footer.extend([_context(NOTICE), _feedback(turn_id)])
    footer.append(_buttons(_button(TRY_AGAIN, "Try again", turn_id)))
    return footer


def _sources(citations: tuple[Citation, ...]) -> Json:
    """The sources as rich text, whose words Slack takes as they are and whose links are its own elements."""
    elements: list[Json] = []
    for citation in citations[:_SOURCES]:
        heading = f" › {citation.heading}" if citation.heading else ""
        title = f"{citation.title}{heading}"[:_TITLE]
        url = urlsplit(citation.source)
        elements.append({"type": "text", "text": f"{chr(10) if elements else ''}[{citation.n}] "})
        if url.scheme in ("http", "https") and url.hostname:
            elements.append({"type": "link", "url": citation.source, "text": title})
            elements.append({"type": "text", "text": f" ({url.hostname})"})
        else:
            elements.append({"type": "text", "text": f"{title} ({citation.document_id or citation.title})"})
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": elements}]}


def _sources_as_text(answer: Answer) -> str:
    lines = [f"[{each.n}] {each.title}" for each in answer.citations[:_SOURCES]]
    return "\n".join(["Sources", *lines]) if lines else ""


def _feedback(turn_id: str) -> Json:
    return {
        "type": "context_actions",
        "elements": [
            {
                "type": "feedback_buttons",
                "action_id": FEEDBACK,
                "positive_button": {"text": _plain("Good answer"), "value": f"{UP}:{turn_id}"},
                "negative_button": {"text": _plain("Bad answer"), "value": f"{DOWN}:{turn_id}"},
            }
        ],
    }


def _markdown(text: str) -> Json:
    return {"type": "markdown", "text": text}


def _context(text: str) -> Json:
    return {"type": "context", "elements": [_plain(text)]}


def _buttons(*buttons: Json) -> Json:
    return {"type": "actions", "elements": list(buttons)}


def _button(action: str, label: str, value: str) -> Json:
    return {"type": "button", "action_id": action, "text": _plain(label), "value": value}


def _plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}

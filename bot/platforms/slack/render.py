"""Slack's one message builder: blocks, and the plain text beside them."""

import re
from datetime import UTC, datetime
from urllib.parse import urlsplit

from bot import markdown
from bot.outgoing import Json, Payload
from bot.platforms.slack.handover import ASK_PERSON
from core.messages import Answer, Citation, Outcome, Question

FEEDBACK, STOP, TRY_AGAIN, SHARE = "feedback", "stop", "try_again", "share"
FOLLOW_UP = "follow_up_"
"""Ids of the buttons; behind a follow-up's stands its number."""

UP, DOWN = "up", "down"

NOTICE = "Written by an assistant from your team's documents. It can be wrong: check the sources."
BY_A_PERSON = "Written by a person whom I asked for you."

# A payload takes 12,000 characters of Markdown, about 13,000 of everything and 50 blocks, and one block of
# Markdown becomes several: a heading, a rule, a table or a fence each stand alone.
_PART, _RENDERED = 9000, 36
_STANDS_ALONE = re.compile(r"[ \t]*(#(?=#{0,5} )|-(?=--)|\*(?=\*\*)|`(?=``)|~(?=~~)|\|)")
_SOURCES, _TITLE, _LABEL = 20, 120, 75

_RATED = frozenset({Outcome.ANSWERED, Outcome.ABSTAINED, Outcome.REFUSED})
_HANDED_ON = frozenset({Outcome.ANSWERED, Outcome.ABSTAINED, Outcome.REFUSED, Outcome.FAILED})


class SlackRender:
    """Builds what `SlackEgress` sends.

    A payload has `turn_id` and one of `status`, `markdown` (so far) and `parts` (in the end), each part a
    message of `text` and `blocks`; `footer` are the blocks below the last part's text, and `alone` those that
    stand below them where the asker alone sees the reply.
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
        shared = answer.outcome is Outcome.ANSWERED
        alone: list[Json] = [_buttons(_button(SHARE, "Share with the channel", turn_id))] if shared else []
        return {"turn_id": turn_id, "final": answer.text, "parts": parts, "footer": footer, "alone": alone}


def introduction(question: Question) -> Payload:
    """What was asked, where nobody saw it asked: the message that stands above the reply."""
    who = f"{question.asker.name} asked:" if question.asker.name else "The question was:"
    lead: Json = {"type": "rich_text_section", "elements": [{"type": "text", "text": who}]}
    asked = question.text[:_PART]
    quote: Json = {"type": "rich_text_quote", "elements": [{"type": "text", "text": asked}]}
    return {"text": f"{who} {asked}", "blocks": [{"type": "rich_text", "elements": [lead, quote]}]}


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
    if answer.outcome is Outcome.ESCALATED:
        return [*footer, _context(BY_A_PERSON)]
    if answer.outcome in _RATED:
        footer.extend([_context(NOTICE), _feedback(turn_id)])
    buttons = [_button(TRY_AGAIN, "Try again", turn_id)]
    if answer.people and answer.outcome in _HANDED_ON:
        buttons.append(_button(ASK_PERSON, "Ask a person", turn_id))
    footer.append(_buttons(*buttons))
    if answer.follow_ups:
        asked = enumerate(answer.follow_ups)
        footer.append(_buttons(*(_button(f"{FOLLOW_UP}{n}", _label(text), turn_id) for n, text in asked)))
    return footer


def _sources(citations: tuple[Citation, ...]) -> Json:
    """The sources as rich text, whose words Slack takes as they are and whose links are its own elements."""
    elements: list[Json] = []
    today = datetime.now(UTC).date()
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
        if age := markdown.age(citation.date, today):
            elements.append({"type": "text", "text": f" · {age}"})
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


def _label(text: str) -> str:
    return text if len(text) <= _LABEL else f"{text[: _LABEL - 1].rstrip()}…"


def _plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}

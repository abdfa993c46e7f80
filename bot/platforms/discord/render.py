"""Discord's one message builder: Markdown of at most 2,000 characters, and rows of buttons below it."""

from urllib.parse import urlsplit

from bot import markdown
from bot.outgoing import Json, Payload, discord_text
from bot.platforms.discord.handover import ASK_PERSON
from bot.platforms.discord.words import quoted
from core.messages import Answer, Citation, Outcome, Question

UP, DOWN, STOP, TRY_AGAIN, SHARE, PART = "up", "down", "stop", "again", "share", "part"
"""What a button's custom id begins with; a colon and the turn's id follow."""

NOTICE = "-# Written by an assistant from your team's documents. It can be wrong: check the sources."

BY_A_PERSON = "-# Written by a person whom I asked for you."

MOST = 2000
"""Characters of one message (https://docs.discord.com/developers/resources/message#create-message)."""

_SOURCES, _TITLE, _LINK, _QUESTION = 10, 100, 300, 900
_RATED = frozenset({Outcome.ANSWERED, Outcome.ABSTAINED, Outcome.REFUSED})
_HANDED_ON = _RATED | {Outcome.FAILED}
_GREY = 2


class DiscordRender:
    """Builds what `DiscordEgress` sends.

    A payload has `turn_id`, and either a message's `content` and `components`, or in the end `parts`, which
    are such messages, with `alone`, the rows that stand below the last one where the asker alone sees it. A
    part behind the first carries, in a button that cannot be pressed, which it is.
    """

    def status(self, text: str, turn_id: str, /) -> Payload:
        """What is being done, and a way to stop it."""
        shown = f"*{plain(text)}…*"
        return {"turn_id": turn_id, "status": text, "content": shown, "components": [_stop(turn_id)]}

    def partial(self, text: str, turn_id: str, /) -> Payload:
        """The answer as far as it is written; of a long one its beginning."""
        return {"turn_id": turn_id, "content": parts_of(text)[0], "components": [_stop(turn_id)]}

    def answer(self, answer: Answer, turn_id: str, /) -> Payload:
        """The whole answer with its sources and the notice, and the buttons below its last part."""
        pieces = parts_of("\n\n".join([answer.text, *_footer(answer)]))
        rows = [_mark(n, len(pieces), turn_id) if n else [] for n in range(len(pieces))]
        rows[-1] = [*rows[-1], *_buttons(answer, turn_id)]
        parts: list[Json] = [
            {"content": piece, "components": [_row(*row)] if row else []}
            for piece, row in zip(pieces, rows, strict=True)
        ]
        share = [_button(SHARE, "Share with the channel", turn_id)]
        alone: list[Json] = [_row(*share)] if answer.outcome is Outcome.ANSWERED else []
        return {"turn_id": turn_id, "parts": parts, "alone": alone}


def introduction(question: Question) -> Payload:
    """What was asked, where nobody saw it asked: the message that stands above the reply."""
    who = f"{plain(question.asker.name)} asked:" if question.asker.name else "The question was:"
    return {"content": f"{who}\n> {plain(question.text[:_QUESTION])}", "components": []}


def plain(text: str) -> str:
    """Words as Markdown that shows them as they are."""
    return quoted(text, len(text))


def parts_of(text: str) -> list[str]:
    """The text cut into pieces that Discord takes in one message each; never none."""
    return markdown.split(discord_text(text), MOST) or ["…"]


def _footer(answer: Answer) -> list[str]:
    footer = [_sources(answer.citations)] if answer.citations else []
    if answer.outcome is Outcome.ESCALATED:
        return [*footer, BY_A_PERSON]
    return [*footer, NOTICE] if answer.outcome in _RATED else footer


def _sources(citations: tuple[Citation, ...]) -> str:
    return "\n".join(["**Sources**", *(_source(citation) for citation in citations[:_SOURCES])])


def _source(citation: Citation) -> str:
    heading = f" › {citation.heading}" if citation.heading else ""
    title = plain(f"{citation.title}{heading}"[:_TITLE])
    url = urlsplit(citation.source)
    is_link = url.scheme in ("http", "https") and url.hostname and len(citation.source) <= _LINK
    where = f"<{citation.source}>" if is_link else f"({plain(citation.document_id or citation.title)})"
    return f"\\[{citation.n}\\] {title} {where}"


def _buttons(answer: Answer, turn_id: str) -> list[Json]:
    if answer.outcome is Outcome.ESCALATED:
        return []
    rated = answer.outcome in _RATED
    thumbs = [_button(UP, "👍", turn_id), _button(DOWN, "👎", turn_id)] if rated else []
    asking = answer.people and answer.outcome in _HANDED_ON
    person = [_button(ASK_PERSON, "Ask a person", turn_id)] if asking else []
    return [*thumbs, _button(TRY_AGAIN, "Try again", turn_id), *person]


def _stop(turn_id: str) -> Json:
    return _row(_button(STOP, "Stop", turn_id))


def _mark(n: int, of: int, turn_id: str) -> list[Json]:
    return [{**_button(f"{PART}:{n}", f"{n + 1}/{of}", turn_id), "disabled": True}]


def _row(*buttons: Json) -> Json:
    return {"type": 1, "components": list(buttons)}


def _button(action: str, label: str, turn_id: str) -> dict[str, Json]:
    return {"type": 2, "style": _GREY, "label": label, "custom_id": f"{action}:{turn_id}"}

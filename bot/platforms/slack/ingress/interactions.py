"""Buttons, the command, shortcuts and the modal that asks for a reason."""

from typing import Any

from bot import summaries
from bot.books import Books
from bot.intake import Intake
from bot.manners import SWITCHED_OFF
from bot.outgoing import Json, Payload
from bot.platforms.slack import PLATFORM, words
from bot.platforms.slack.ingress import bodies
from bot.platforms.slack.ingress.bodies import Body
from bot.platforms.slack.ingress.hearing import Hearing
from bot.platforms.slack.render import DOWN, FOLLOW_UP, UP
from bot.sharing import YOURS_ALONE, is_of_another_channel, shared
from core import log
from core.channels import Listening
from core.messages import Address, Asker, Question, QuestionKey, Span, Task
from ledger.turns import Turn

_log = log.get(__name__)

REASON = "reason"
"""The id of the modal, its input blocks and their elements."""

COMMENT = "comment"

REASONS = {
    "wrong": "It is wrong",
    "stale": "It is out of date",
    "no_source": "It has no source, or the wrong one",
    "unsafe": "It should not be shown",
    "other": "Something else",
}

LOOKING = "Looking into it…"
HOW_TO_ASK = "Write your question behind the command, such as `/ask How do I hand in receipts?`"
ONLY_THE_ASKER = "Only the person who asked can stop this."


class Interactions:
    """What people do with Candor besides writing messages.

    Each method raises LedgerUnavailable where nothing is written down.
    """

    def __init__(self, intake: Intake, books: Books, hearing: Hearing) -> None:
        self._intake = intake
        self._turns = books.turns
        self._channels = books.channels
        self._hearing = hearing

    def command(self, body: Body) -> str:
        """Take the question behind `/ask`. The reply is the asker's alone.

        Returns:
            What the asker reads at once.
        """
        text = words.plain(str(body.get("text") or ""))
        if not text:
            return HOW_TO_ASK
        question = _private(body, str(body["team_id"]), str(body["channel_id"]), body["user_id"], text)
        if self._is_off(question):
            return SWITCHED_OFF
        self._intake.take(summaries.spanned(question))
        return LOOKING

    def ask_about(self, body: Body) -> None:
        """Take a message that somebody wants to know more about, as a question of theirs."""
        text = words.plain(str((body.get("message") or {}).get("text") or ""))
        if text:
            self._take(_from_shortcut(body, text))

    def summarise(self, body: Body) -> None:
        """Summarise the thread that a message stands in, for whoever asked."""
        message = body.get("message") or {}
        question = _from_shortcut(body, "Summarise this thread")
        thread = str(message.get("thread_ts") or message.get("ts") or "")
        span = Span(channel=question.address.channel, thread=thread)
        self._take(question.model_copy(update={"task": Task.SUMMARIZE, "span": span}))

    def rated(self, body: Body) -> str:
        """Count a thumb given by button.

        Returns:
            The turn to ask a reason for, or nothing.
        """
        thumb, _, turn_id = bodies.value(body).partition(":")
        turn = self._turn(body, turn_id)
        if turn is None or thumb not in (UP, DOWN):
            return ""
        self._intake.rate(turn.id, bodies.person(body), 1 if thumb == UP else -1)
        return turn.id if thumb == DOWN else ""

    def reasoned(self, body: Body) -> None:
        """Add the reason to a thumb-down."""
        view = body["view"]
        turn = self._turns.get(str(view.get("private_metadata", "")))
        if turn is None or turn.question.key.workspace != bodies.workspace(body):
            return
        state = view["state"]["values"]
        chosen = str(
            ((state.get(REASON) or {}).get(REASON, {}).get("selected_option") or {}).get("value", "")
        )
        comment = str((state.get(COMMENT) or {}).get(COMMENT, {}).get("value") or "").strip()
        self._intake.rate(
            turn.id, bodies.person(body), -1, ": ".join(part for part in (chosen, comment) if part)
        )

    def stopped(self, body: Body) -> str:
        """Stop a turn, for the person who asked.

        Returns:
            What to tell the person who pressed, or nothing.
        """
        turn = self._turn(body, bodies.value(body))
        if turn is None:
            return ""
        if turn.question.asker.id != bodies.person(body):
            return ONLY_THE_ASKER
        self._hearing.stop(turn)
        return ""

    def tried_again(self, body: Body) -> None:
        """Ask a question anew; the reply takes the old one's place."""
        turn = self._turn(body, bodies.value(body))
        if turn is None or turn.finished_at is None:
            return
        key = turn.question.key.model_copy(update={"message": str(body["trigger_id"]), "version": 0})
        asker = Asker(id=bodies.person(body))
        address, reply = turn.question.address, turn.reply
        if reply and reply.handle:
            # The old response URL has run out by now; the button brought a fresh one.
            address = address.model_copy(update={"handle": _handle(body, asker.id)})
            reply = None
        again = turn.question.model_copy(
            update={"key": key, "address": address, "asker": asker, "retry_of": turn.id, "unasked": False}
        )
        self._intake.take(again, reply)

    def shared(self, body: Body) -> str:
        """Ask a question anew for the whole channel, once. Its audience is another: nothing is repeated.

        Returns:
            What to tell the person who pressed, or nothing.
        """
        turn = self._turn(body, bodies.value(body))
        if turn is None or turn.question.asker.id != bodies.person(body):
            return ""
        if is_of_another_channel(turn.question):
            return YOURS_ALONE
        question = shared(turn, Asker(id=bodies.person(body), name=bodies.name(body)))
        self._take(question)
        return ""

    def followed_up(self, body: Body) -> None:
        """Ask a question that an answer suggested, once, whoever presses and however often."""
        turn = self._turn(body, bodies.value(body))
        number = str((body.get("actions") or [{}])[0].get("action_id", "")).removeprefix(FOLLOW_UP)
        suggested = turn.answer.follow_ups if turn and turn.answer else ()
        if turn is None or not number.isdecimal() or int(number) >= len(suggested):
            return
        asked = turn.question
        address = asked.address
        if address.handle:
            address = address.model_copy(update={"handle": _handle(body, bodies.person(body))})
        question = Question(
            key=asked.key.model_copy(update={"message": f"follow-up:{turn.id}:{number}", "version": 0}),
            address=address,
            asker=Asker(id=bodies.person(body), name=bodies.name(body)),
            text=suggested[int(number)],
            audience=asked.audience,
            quoted=True,
        )
        self._take(question)

    def _take(self, question: Question) -> None:
        """Take a question of somebody who pressed or typed a command, unless Candor is switched off there."""
        if self._is_off(question):
            self._hearing.decline(question)
        else:
            self._intake.take(question)

    def _is_off(self, question: Question) -> bool:
        return self._channels.of(question.address).listening is Listening.OFF

    def _turn(self, body: Body, turn_id: str) -> Turn | None:
        """The turn that a button names, if it belongs where the button was pressed."""
        turn = self._turns.get(turn_id) if turn_id else None
        here = (bodies.workspace(body), str((body.get("channel") or {}).get("id", "")))
        if turn is None or (turn.question.key.workspace, turn.question.key.channel) != here:
            _log.warning("a button of no turn here", turn=turn_id)
            return None
        return turn


def reason_view(turn_id: str) -> Payload:
    """The modal that asks why an answer is bad."""
    options: list[Json] = [
        {"text": {"type": "plain_text", "text": label}, "value": value} for value, label in REASONS.items()
    ]
    return {
        "type": "modal",
        "callback_id": REASON,
        "private_metadata": turn_id,
        "title": {"type": "plain_text", "text": "What is wrong?"},
        "submit": {"type": "plain_text", "text": "Send"},
        "close": {"type": "plain_text", "text": "Not now"},
        "blocks": [
            {
                "type": "input",
                "block_id": REASON,
                "label": {"type": "plain_text", "text": "What is wrong with this answer?"},
                "element": {"type": "radio_buttons", "action_id": REASON, "options": options},
            },
            {
                "type": "input",
                "block_id": COMMENT,
                "optional": True,
                "label": {"type": "plain_text", "text": "What would have been right?"},
                "element": {
                    "type": "plain_text_input",
                    "action_id": COMMENT,
                    "multiline": True,
                    "max_length": 2000,
                },
            },
        ],
    }


def _private(body: Body, workspace: str, channel: str, person: Any, text: str) -> Question:
    """A question whose reply only its asker sees: a conversation of its own, known by its trigger."""
    trigger = str(body["trigger_id"])
    place = {"platform": PLATFORM, "workspace": workspace, "channel": channel}
    return Question(
        key=QuestionKey(**place, message=trigger),
        address=Address(**place, thread=trigger, message=trigger, handle=_handle(body, str(person))),
        asker=Asker(id=str(person)),
        text=text,
    )


def _from_shortcut(body: Body, text: str) -> Question:
    return _private(body, bodies.workspace(body), str(body["channel"]["id"]), bodies.person(body), text)


def _handle(body: Body, person: str) -> str:
    return f"{person}|{body.get('response_url', '')}"

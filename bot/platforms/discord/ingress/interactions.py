"""Commands, buttons and forms: what each asks of Candor, and the first answer that Discord gets to it."""

from collections.abc import Callable

from bot import summaries
from bot.books import Books
from bot.intake import Intake
from bot.manners import SWITCHED_OFF
from bot.outgoing import Payload
from bot.platforms.discord.ingress import forms, messages
from bot.platforms.discord.ingress.commanding import Commanding
from bot.platforms.discord.ingress.commands import ASK
from bot.platforms.discord.ingress.handing import Handing
from bot.platforms.discord.ingress.hearing import Hearing
from bot.platforms.discord.ingress.interaction import EPHEMERAL, Interaction, Kind, Reaction, named, say
from bot.platforms.discord.places import chain, promise
from bot.platforms.discord.render import DOWN, SHARE, STOP, TRY_AGAIN, UP
from bot.sharing import YOURS_ALONE, is_of_another_channel, shared
from core import log
from core.channels import Listening
from core.errors import CandorError
from core.messages import Asker, Question
from ledger.turns import Turn

_log = log.get(__name__)

REASON, COMMENT = "reason", "comment"
"""Custom ids of the form's parts; the form's own is `reason:` and the turn's id."""

REASONS = {
    "wrong": "It is wrong",
    "stale": "It is out of date",
    "no_source": "It has no source, or the wrong one",
    "unsafe": "It should not be shown",
    "other": "Something else",
}

THANKS = "Thank you. I have noted it."
ONLY_THE_ASKER = "Only the person who asked can do this."
NOT_MINE = "I do not know this answer any more. Please ask again."
UNKNOWN = "I do not know this command. Please try again in a minute."


class Interactions:
    """Takes interactions. Whatever raises here must be said at once: Discord tells of none twice."""

    def __init__(self, intake: Intake, books: Books, hearing: Hearing, handing: Handing) -> None:
        self._intake = intake
        self._turns = books.turns
        self._channels = books.channels
        self._hearing = hearing
        self._commanding = Commanding(intake, books, hearing, handing)
        self._own = {**self._commanding.buttons, **handing.buttons}
        self._commands: dict[str, Callable[[Interaction], Payload]] = {
            **self._commanding.commands,
            ASK: self._ask,
        }
        self._forms = {**self._commanding.forms, **handing.forms, REASON: self._reasoned}
        self._buttons: dict[str, Callable[[Interaction, Turn], Payload]] = {
            UP: self._thumb_up,
            DOWN: self._thumb_down,
            STOP: self._stop,
            TRY_AGAIN: self._try_again,
            SHARE: self._share,
            **handing.of_turns,
        }

    def answer(self, interaction: Interaction) -> Payload:
        """The first answer to an interaction, for which Discord waits three seconds."""
        try:
            return self._answer(interaction)
        except CandorError as error:
            _log.error("an interaction is not taken", error=str(error))
            return say(error.say)

    def _answer(self, interaction: Interaction) -> Payload:
        match interaction.kind:
            case Kind.COMMAND:
                command = self._commands.get(str(interaction.data.get("name")))
                return command(interaction) if command else say(UNKNOWN)
            case Kind.COMPONENT:
                return self._pressed(interaction)
            case Kind.FORM:
                form = self._forms.get(named(interaction)[0])
                return form(interaction) if form else say(UNKNOWN)
            case Kind.AUTOCOMPLETE:
                return self._commanding.propose(interaction)
            case _:
                return say(UNKNOWN)

    def _pressed(self, interaction: Interaction) -> Payload:
        action, turn_id = named(interaction)
        if own := self._own.get(action):
            return own(interaction)
        button, turn = self._buttons.get(action), self._turn(interaction, turn_id)
        return button(interaction, turn) if button and turn else say(NOT_MINE)

    def _ask(self, interaction: Interaction) -> Payload:
        """Take a question; whether its asker alone sees the reply is decided here, once and for all."""
        private = bool(interaction.option("private", default=False))
        address = interaction.alone if private else interaction.address
        if self._channels.of(address).listening is Listening.OFF and interaction.place.guild:
            return say(SWITCHED_OFF)
        self._intake.take(
            summaries.spanned(
                Question(
                    key=messages.key(interaction.place, interaction.id),
                    address=address,
                    asker=Asker(id=interaction.person, name=interaction.name),
                    text=str(interaction.option("question")).strip() or messages.WHAT_CAN_I_ASK,
                )
            )
        )
        deferred: Payload = {"type": Reaction.DEFER}
        return {**deferred, "data": {"flags": EPHEMERAL}} if private else deferred

    def _thumb_up(self, interaction: Interaction, turn: Turn) -> Payload:
        self._intake.rate(turn.id, interaction.person, 1)
        return say(THANKS)

    def _thumb_down(self, interaction: Interaction, turn: Turn) -> Payload:
        self._intake.rate(turn.id, interaction.person, -1)
        return {"type": Reaction.FORM, "data": reason_form(turn.id)}

    def _reasoned(self, interaction: Interaction) -> Payload:
        """Add the reason to a thumb-down."""
        turn = self._turn(interaction, named(interaction)[1])
        if turn is None:
            return say(NOT_MINE)
        given = forms.filled_in(interaction.data)
        reason = ": ".join(part for name in (REASON, COMMENT) for part in given.get(name, ()))
        self._intake.rate(turn.id, interaction.person, -1, reason)
        return say(THANKS)

    def _stop(self, interaction: Interaction, turn: Turn) -> Payload:
        """Stop a turn, for the person who asked."""
        if turn.question.asker.id != interaction.person:
            return say(ONLY_THE_ASKER)
        self._hearing.stop(turn)
        return {"type": Reaction.DEFER_UPDATE}

    def _try_again(self, interaction: Interaction, turn: Turn) -> Payload:
        """Ask a question anew; the reply takes the old one's place."""
        if turn.finished_at is None:
            return {"type": Reaction.DEFER_UPDATE}
        address, reply = turn.question.address.model_copy(update={"promise": ""}), turn.reply
        if interaction.private:
            # The old token has run out by now; the button brought a fresh one for the same message.
            fresh = {"promise": promise(interaction.application, interaction.token)}
            address, reply = address.model_copy(update=fresh), None
        elif reply:
            reply = reply.model_copy(update={"promise": "", "handle": ""})
        again = turn.question.model_copy(
            update={
                "key": messages.key(interaction.place, interaction.id),
                "address": address,
                "asker": Asker(id=interaction.person, name=interaction.name),
                "retry_of": turn.id,
            }
        )
        self._intake.take(again, reply)
        return {"type": Reaction.DEFER_UPDATE}

    def _share(self, interaction: Interaction, turn: Turn) -> Payload:
        """Ask a question anew for the whole channel, for the person who asked, once."""
        if turn.question.asker.id != interaction.person:
            return say(ONLY_THE_ASKER)
        if is_of_another_channel(turn.question):
            return say(YOURS_ALONE)
        asker = Asker(id=interaction.person, name=interaction.name)
        self._intake.take(shared(turn, asker, chain(f"share:{turn.id}")))
        return {"type": Reaction.DEFER_UPDATE}

    def _turn(self, interaction: Interaction, turn_id: str) -> Turn | None:
        """The turn that a button names, if it belongs where the button was pressed."""
        turn = self._turns.get(turn_id) if turn_id else None
        here = interaction.place
        if turn and turn.reply and turn.reply.channel == here.channel:
            return turn
        asked = (turn.question.key.workspace, turn.question.key.channel) if turn else ()
        if asked == (messages.workspace(here), here.channel):
            return turn
        _log.warning("a button of no turn here", turn=turn_id)
        return None


def reason_form(turn_id: str) -> Payload:
    """The form that asks why an answer is bad."""
    return forms.form(
        f"{REASON}:{turn_id}",
        "What is wrong?",
        forms.choice(REASON, "What is wrong with this answer?", REASONS, ()),
        forms.text(COMMENT, "What would have been right?", most=2000, long=True),
    )

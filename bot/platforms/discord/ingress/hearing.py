"""What Candor does with what happens on Discord: questions, edits, deletions, reactions, stops."""

from typing import Literal

from bot import outgoing
from bot.books import Books
from bot.intake import Intake
from bot.manners import SWITCHED_OFF, Manners
from bot.platforms.discord.egress import DiscordEgress
from bot.platforms.discord.ingress import messages
from bot.platforms.discord.ingress.handing import Handing
from bot.platforms.discord.ingress.said import Place, Said
from bot.platforms.discord.render import DiscordRender
from core import log
from core.channels import Listening, ReplyTo
from core.errors import CandorError, LedgerUnavailable
from core.messages import Answer, Outcome, Question
from core.secrets import mask
from ledger.turns import Turn

_log = log.get(__name__)

STOPPED = "Stopped, as you asked."

_THUMBS: dict[str, Literal[1, -1]] = {"👍": 1, "👎": -1}


class Hearing:
    """Turns what happens into what the door takes. Discord tells of nothing twice: what fails is said."""

    def __init__(
        self, bot: str, intake: Intake, books: Books, egress: DiscordEgress, handing: Handing
    ) -> None:
        self._bot = bot
        self._intake = intake
        self._threads = books.threads
        self._channels = books.channels
        self._manners = Manners(books.threads, books.attention)
        self._egress = egress
        self._handing = handing
        self._render = DiscordRender()

    def message(self, said: Said) -> None:
        """Take a message, if it is meant for Candor."""
        if said.author == self._bot or not (said.text or said.files):
            return
        heard = messages.heard(said, self._bot)
        try:
            question = self._question(said)
            settings = self._channels.of(question.address)
            if self._manners.heeds(question.address, heard, settings) or self._is_about_ours(
                said, settings.listening
            ):
                alone = settings.reply_to is ReplyTo.ASKER and said.place.guild
                self._intake.take(messages.to_asker(question) if alone else question)
            elif settings.listening is Listening.OFF and self._bot in said.mentions and not said.bot:
                self._decline(question)
        except LedgerUnavailable as error:
            _log.error("a question is not written down", error=str(error))
            if heard.direct or heard.named:
                self._apologise(said, error)

    def edited(self, said: Said) -> None:
        """Answer an edited question again, in the same reply; only a change of its words counts."""
        if said.author == self._bot or not said.text:
            return
        question = self._question(said, version=said.edited)
        versions = self._threads.versions(question.key)
        if not versions:
            self.message(said)
            return
        last = versions[0]
        if self._channels.of(question.address).listening is Listening.OFF:
            return
        if last.question.text == mask(question.text) or last.question.key.version >= said.edited:
            return
        self._intake.withdraw(last.id)
        self._handing.outdated(last)
        reply = next((turn.reply for turn in versions if turn.reply), None)
        self._intake.take(question.model_copy(update={"address": last.question.address}), reply)

    def deleted(self, place: Place, message: str) -> None:
        """Withdraw a deleted question and take its reply away."""
        key = messages.key(place, message)
        for turn in self._threads.versions(key):
            self._intake.withdraw(turn.id)
            self._take_back(turn)
        # Read again: a reply that was posted before the withdrawal stands in the ledger by now; one that was
        # posted after it is taken away by whoever posted it.
        for reply in {turn.reply for turn in self._threads.versions(key) if turn.reply}:
            self._egress.delete(reply)

    def reacted(self, place: Place, message: str, person: str, emoji: str, *, added: bool) -> None:
        """Count a thumb that was put on a reply, or taken from it."""
        value = _THUMBS.get(emoji[:1])
        if value is None or person == self._bot:
            return
        turn = self._threads.replied(messages.message_at(place, message))
        if turn is None:
            return
        if added:
            self._intake.rate(turn.id, person, value)
        else:
            self._intake.unrate(turn.id, person, value)

    def stop(self, turn: Turn) -> None:
        """End one turn and say so in its reply."""
        if not self._intake.withdraw(turn.id):
            return
        latest = self._threads.turn(turn.id)
        if latest and latest.reply:
            answer = Answer(outcome=Outcome.WITHDRAWN, text=STOPPED)
            try:
                self._egress.update(latest.reply, outgoing.clean(self._render.answer(answer, turn.id)))
            except CandorError as error:
                # The turn is withdrawn whatever the reply says.
                _log.warning("the stop is not shown", error=str(error))

    def _take_back(self, turn: Turn) -> None:
        """Take a deleted question from the people who have it, and the answer that they had sent."""
        brought = self._handing.withdrawn(turn)
        if brought:
            self._intake.withdraw(brought.id)
            latest = self._threads.turn(brought.id)
            if latest and latest.reply:
                self._egress.delete(latest.reply)

    def _question(self, said: Said, *, version: int = 0) -> Question:
        """The question that a message is; a reply to Candor goes on with what was said there."""
        conversation = ""
        if said.answers and said.answered in ("", self._bot) and said.place.guild:
            turn = self._threads.replied(messages.message_at(said.place, said.answers))
            conversation = turn.question.address.thread if turn else ""
        return messages.question(said, self._bot, conversation=conversation, version=version)

    def _is_about_ours(self, said: Said, listening: Listening) -> bool:
        """Whether somebody begins a thread at a message of ours, or at one that we replied to."""
        if said.bot or said.roles or said.mentions or not said.place.parent:
            return False
        if listening in (Listening.OFF, Listening.MENTION) or self._threads.latest(
            messages.address(said.place, said.id)
        ):
            return False
        begun = Place(said.place.guild, said.place.parent)
        return bool(
            self._threads.replied(messages.message_at(begun, said.place.channel))
            or self._threads.versions(messages.key(begun, said.place.channel))
        )

    def _decline(self, question: Question) -> None:
        try:
            self._egress.tell(question, SWITCHED_OFF)
        except CandorError as error:
            _log.info("the asker is not told that Candor is off", error=str(error))

    def _apologise(self, said: Said, error: LedgerUnavailable) -> None:
        try:
            self._egress.say(messages.address(said.place, said.id), error.say)
        except CandorError as unsaid:
            _log.warning("nor could the asker be told", error=str(unsaid))

"""What Candor does with what happens in Slack: questions, edits, deletions, reactions, stops."""

from typing import Literal

from bot import outgoing
from bot.books import Books
from bot.intake import Intake
from bot.manners import SWITCHED_OFF, Heard, Manners
from bot.outgoing import Payload
from bot.platforms.slack import PLATFORM, words
from bot.platforms.slack.egress import SlackEgress
from bot.platforms.slack.ingress import messages
from bot.platforms.slack.ingress.handing import Handing
from bot.platforms.slack.render import SlackRender
from bot.platforms.slack.words import Event
from core import log
from core.channels import ChannelSettings, Listening, ReplyTo
from core.errors import CandorError
from core.messages import Address, Answer, Outcome, Question, QuestionKey
from core.secrets import mask
from ledger.turns import Turn

_log = log.get(__name__)

STOPPED = "Stopped, as you asked."

_THUMBS: dict[str, Literal[1, -1]] = {"+1": 1, "thumbsup": 1, "-1": -1, "thumbsdown": -1}


class Hearing:
    """Turns events into what the door takes. Whatever raises here is not acknowledged, and comes again."""

    def __init__(self, intake: Intake, books: Books, egress: SlackEgress, handing: Handing) -> None:
        self._intake = intake
        self._threads = books.threads
        self._channels = books.channels
        self._sources = books.sources
        self._manners = Manners(books.threads, books.attention)
        self._egress = egress
        self._handing = handing
        self._render = SlackRender()

    def message(self, workspace: str, event: Event, bot: str) -> None:
        """Take a message, if it is a person's, or a bot's where bots may ask, and meant for Candor."""
        if not (words.written_by_person(event) or words.written_by_bot(event)):
            return
        question, settings = self._asked(workspace, event, bot)
        heard = messages.heard(event, bot)
        if self._is_for_people(question, event, heard):
            return
        if self._manners.heeds(question.address, heard, settings):
            if not self._is_for_a_person(question, event, heard):
                unasked = not (heard.direct or heard.named or heard.threaded)
                self._intake.take(question.model_copy(update={"unasked": unasked}))
        elif settings.listening is Listening.OFF and event.get("type") == "app_mention" and not heard.bot:
            self.decline(messages.to_asker(question))

    def edited(self, workspace: str, event: Event, bot: str) -> None:
        """Answer an edited question again, in the same reply; only a change of its words counts."""
        after = {**(event.get("message") or {}), "channel": event["channel"]}
        after["channel_type"] = event.get("channel_type", "")
        if after.get("subtype") == "tombstone":
            # A message with replies is not deleted but emptied.
            self.deleted(workspace, {**event, "deleted_ts": after["ts"]})
            return
        if not words.written_by_person(after):
            return
        question, settings = self._asked(workspace, after, bot, version=messages.edit_time(event))
        versions = self._threads.versions(question.key)
        if not versions:
            if (event.get("previous_message") or {}).get("text") != after.get("text"):
                self.message(workspace, after, bot)
            return
        last = versions[0]
        if settings.listening is Listening.OFF:
            return
        if last.question.text == mask(question.text) or last.question.key.version >= question.key.version:
            return
        self._intake.withdraw(last.id)
        self._handing.outdated(last)
        reply = next((turn.reply for turn in versions if turn.reply), None)
        unasked = last.question.unasked and not messages.heard(after, bot).named
        self._intake.take(question.model_copy(update={"unasked": unasked}), reply)

    def deleted(self, workspace: str, event: Event) -> None:
        """Withdraw a deleted question and take its reply away."""
        key = QuestionKey(
            platform=PLATFORM,
            workspace=workspace,
            channel=str(event["channel"]),
            message=str(event["deleted_ts"]),
        )
        versions = self._threads.versions(key)
        for turn in versions:
            self._intake.withdraw(turn.id)
            self._take_back(turn)
        # Read again: a reply that was posted before the withdrawal stands in the ledger by now; one that was
        # posted after it is taken away by whoever posted it.
        for reply in {turn.reply for turn in self._threads.versions(key) if turn.reply}:
            self._egress.delete(reply)
        self._forget(workspace, event)

    def _forget(self, workspace: str, event: Event) -> None:
        """Have what was deleted leave the index at once, where its channel is a source."""
        source = self._sources.find(f"{PLATFORM}:{workspace}/{event['channel']}")
        if source:
            before = event.get("previous_message") or {}
            gone = words.conversations(str(event["deleted_ts"]), str(before.get("thread_ts") or ""))
            self._intake.forget(source.id, gone)

    def reacted(self, workspace: str, event: Event, bot: str, *, added: bool) -> None:
        """Count a thumb that was put on a reply, or on a further part of a long one, or taken from it."""
        value = _THUMBS.get(str(event.get("reaction", "")).partition("::")[0])
        item = event.get("item") or {}
        if value is None or item.get("type") != "message":
            return
        place = Address(
            platform=PLATFORM, workspace=workspace, channel=str(item["channel"]), message=str(item["ts"])
        )
        turn = self._threads.replied(place)
        if turn is None and str(event.get("item_user") or "") == bot:
            turn = self._threads.replied(self._egress.first_part(place))
        if turn is None:
            return
        if added:
            self._intake.rate(turn.id, str(event["user"]), value)
        else:
            self._intake.unrate(turn.id, str(event["user"]), value)

    def stopped(self, workspace: str, event: Event) -> None:
        """End all that is being answered in a thread."""
        thread = str(event.get("thread_ts") or "")
        place = Address(platform=PLATFORM, workspace=workspace, channel=str(event["channel"]), thread=thread)
        for turn in self._threads.open(place):
            self.stop(turn)
        self._egress.clear_status(place)

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

    def _is_for_people(self, question: Question, event: Event, heard: Heard) -> bool:
        """Whether a message belongs to people who were handed a question, and is not for Candor."""
        if heard.named or heard.bot or not heard.threaded:
            return False
        place = messages.place(question.key.workspace, event)
        sentence = self._handing.replied(place, heard.author, heard.text)
        if sentence:
            self._whisper(place, heard.author, {"text": sentence})
        return sentence is not None

    def _is_for_a_person(self, question: Question, event: Event, heard: Heard) -> bool:
        """Whether a message asks for a person rather than for an answer."""
        said = None if heard.bot else self._handing.asked_in_words(question, direct=heard.direct)
        if said:
            self._whisper(messages.place(question.key.workspace, event), heard.author, said)
        return said is not None

    def _take_back(self, turn: Turn) -> None:
        """Take a deleted question from the people who have it, and the answer that they had sent."""
        brought = self._handing.withdrawn(turn)
        if brought:
            self._intake.withdraw(brought.id)
            latest = self._threads.turn(brought.id)
            if latest and latest.reply:
                self._egress.delete(latest.reply)

    def _whisper(self, place: Address, person: str, payload: Payload) -> None:
        """Say something to one person where they wrote."""
        try:
            self._egress.whisper(place, person, outgoing.clean(payload))
        except CandorError as error:
            _log.warning("not said", error=str(error))

    def decline(self, question: Question) -> None:
        """Tell somebody who asked in a channel where Candor is switched off."""
        try:
            self._egress.tell(question, SWITCHED_OFF)
        except CandorError as error:
            _log.info("the asker is not told that Candor is off", error=str(error))

    def _asked(
        self, workspace: str, event: Event, bot: str, *, version: int = 0
    ) -> tuple[Question, ChannelSettings]:
        """The question that a message would be, and the settings of its channel."""
        question = messages.question(workspace, event, bot, version=version)
        if messages.is_direct(event):
            return question, ChannelSettings()
        settings = self._channels.of(question.address)
        return (messages.to_asker(question) if settings.reply_to is ReplyTo.ASKER else question), settings

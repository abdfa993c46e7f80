"""What Candor does with what happens in Slack: questions, edits, deletions, reactions, stops."""

from typing import Literal

from bot import outgoing
from bot.intake import Intake
from bot.platforms.slack import PLATFORM
from bot.platforms.slack.egress import SlackEgress
from bot.platforms.slack.ingress import messages
from bot.platforms.slack.ingress.messages import Event
from bot.platforms.slack.render import SlackRender
from core import log
from core.errors import CandorError
from core.messages import Address, Answer, Outcome, QuestionKey
from core.secrets import mask
from ledger.threads import Threads
from ledger.turns import Turn

_log = log.get(__name__)

STOPPED = "Stopped, as you asked."

_THUMBS: dict[str, Literal[1, -1]] = {"+1": 1, "thumbsup": 1, "-1": -1, "thumbsdown": -1}


class Hearing:
    """Turns events into what the door takes. Whatever raises here is not acknowledged, and comes again."""

    def __init__(self, intake: Intake, threads: Threads, egress: SlackEgress) -> None:
        self._intake = intake
        self._threads = threads
        self._egress = egress
        self._render = SlackRender()

    def message(self, workspace: str, event: Event, bot: str) -> None:
        """Take a message, if it is a person's and meant for Candor."""
        if not messages.written_by_person(event):
            return
        question = messages.question(workspace, event, bot)
        if self._is_for_us(question.address, event, bot):
            self._intake.take(question)

    def edited(self, workspace: str, event: Event, bot: str) -> None:
        """Answer an edited question again, in the same reply; only a change of its words counts."""
        after = {**(event.get("message") or {}), "channel": event["channel"]}
        after["channel_type"] = event.get("channel_type", "")
        if after.get("subtype") == "tombstone":
            # A message with replies is not deleted but emptied.
            self.deleted(workspace, {**event, "deleted_ts": after["ts"]})
            return
        if not messages.written_by_person(after):
            return
        question = messages.question(workspace, after, bot, version=messages.edit_time(event))
        versions = self._threads.versions(question.key)
        if not versions:
            if (event.get("previous_message") or {}).get("text") != after.get("text"):
                self.message(workspace, after, bot)
            return
        last = versions[0]
        if last.question.text == mask(question.text) or last.question.key.version >= question.key.version:
            return
        self._intake.withdraw(last.id)
        reply = next((turn.reply for turn in versions if turn.reply), None)
        self._intake.take(question, reply)

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
        # Read again: a reply that was posted before the withdrawal stands in the ledger by now; one that was
        # posted after it is taken away by whoever posted it.
        for reply in {turn.reply for turn in self._threads.versions(key) if turn.reply}:
            self._egress.delete(reply)

    def reacted(self, workspace: str, event: Event, *, added: bool) -> None:
        """Count a thumb that was put on a reply, or taken from it."""
        value = _THUMBS.get(str(event.get("reaction", "")).partition("::")[0])
        item = event.get("item") or {}
        if value is None or item.get("type") != "message":
            return
        place = Address(
            platform=PLATFORM, workspace=workspace, channel=str(item["channel"]), message=str(item["ts"])
        )
        turn = self._threads.replied(place)
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

    def _is_for_us(self, address: Address, event: Event, bot: str) -> bool:
        """Direct messages and mentions are, and in a thread that Candor is in all that names nobody else."""
        named = messages.mentioned(event)
        if messages.is_direct(event) or bot in named:
            return True
        if not event.get("thread_ts") or named:
            return False
        last = self._threads.latest(address)
        return last is not None and last.state != Outcome.WITHDRAWN

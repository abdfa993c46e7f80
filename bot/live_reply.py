"""The one visible reply of a turn: placeholder, status, the answer as it comes, all of it."""

import time

from bot import outgoing
from bot.outgoing import Payload
from bot.platforms import Speaker
from core import log
from core.errors import CandorError, LostClaim, MessageGone
from core.messages import Address, Answer, Outcome
from ledger.turns import Claim, Turns

_log = log.get(__name__)


class LiveReply:
    """Speaks for one claimed turn, always in the same message.

    Made, it posts the placeholder, or adopts the one that an earlier attempt left; everything later edits it,
    so that crashes leave one message and not two. Every write first asks whether the claim still holds: an
    attempt that has been overtaken must not speak.

    It is the pipeline's `Progress`: what it cannot deliver before the end is logged, never raised, save a
    lost claim.

    Where nobody asked Candor, there is no placeholder: an answer is said all at once, and nothing else is.
    """

    def __init__(self, claim: Claim, turns: Turns, speaker: Speaker, *, hosts: tuple[str, ...] = ()) -> None:
        self._claim = claim
        self._turns = turns
        self._speaker = speaker
        self._hosts = hosts
        self._written = ""
        self._updated_at = 0.0
        self._message = self._adopt()
        if self._message is None and not claim.question.unasked:
            self._message = self._post(speaker.render.status("Looking into it", claim.turn_id))
        if self._message:
            self._save(self._message)

    def _adopt(self) -> Address | None:
        if self._claim.reply:
            return self._claim.reply
        if self._claim.attempt == 1:
            return None
        return self._speaker.egress.find(self._claim.question.address, self._claim.turn_id)

    def _post(self, payload: Payload) -> Address:
        return self._speaker.egress.post(self._claim.question, self._claim.turn_id, outgoing.clean(payload))

    def _save(self, message: Address) -> None:
        """Tell the ledger where the reply stands. A turn that was taken back meanwhile leaves no trace."""
        try:
            self._turns.save_reply(self._claim, message)
        except LostClaim:
            turn = self._turns.get(self._claim.turn_id)
            if turn is None or turn.state == Outcome.WITHDRAWN:
                self._speaker.egress.delete(message)
            raise

    def status(self, text: str) -> None:
        """Say what is being done, as long as nothing of the answer is shown."""
        if not self._written:
            self._try_update(self._speaker.render.status(text, self._claim.turn_id))

    def write(self, text: str) -> None:
        """Show the next piece of the answer, at the pace that the platform allows."""
        self._written += outgoing.piece(text, self._hosts)
        if time.monotonic() - self._updated_at >= self._speaker.pace:
            self._try_update(self._speaker.render.partial(self._written, self._claim.turn_id))
            self._updated_at = time.monotonic()

    def restart(self) -> None:
        """Forget what was written: the next status or piece takes its place."""
        self._written = ""
        self._updated_at = 0.0

    def finish(self, answer: Answer) -> None:
        """Show the whole answer.

        Raises:
            LostClaim: another attempt speaks now.
            Unavailable: the platform does not answer.
            Unwelcome: Candor may no longer speak there.
        """
        payload = self._speaker.render.answer(answer, self._claim.turn_id)
        if self._message is None and answer.outcome is not Outcome.ANSWERED:
            return
        if self._message is None:
            self._say(payload)
            return
        try:
            self._update(payload)
        except MessageGone as error:
            # Said anew, and all at once: where one message cannot be edited, its successor may not be either.
            _log.info("the reply is said in a new message", error=str(error))
            lost = self._message
            self._say(payload)
            self._speaker.egress.delete(lost)

    def _say(self, payload: Payload) -> None:
        self._turns.heartbeat(self._claim)
        self._message = self._post(payload)
        self._save(self._message)

    def _try_update(self, payload: Payload) -> None:
        try:
            self._update(payload)
        except LostClaim:
            raise
        except CandorError as error:
            _log.warning("progress not shown", error=str(error))

    def _update(self, payload: Payload) -> None:
        self._turns.heartbeat(self._claim)
        if self._message:
            self._speaker.egress.update(self._message, outgoing.clean(payload))

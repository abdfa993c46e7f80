"""The task that answers a turn: claim it, keep its lease, say the answer, close it."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field

import structlog
from celery import Celery

from bot import outgoing
from bot.escalation import Experts
from bot.live_reply import LiveReply
from bot.platforms import Speaker
from core import log
from core import telemetry as names
from core.deadline import Deadline
from core.errors import CandorError, LedgerUnavailable, LostClaim, Unavailable, Unwelcome
from core.messages import Answer, Outcome
from core.queue import ANSWER, Job
from core.tracing import Value, span
from core.watch import Watch
from ledger.turns import Claim, Turns
from workers.answering import pipeline
from workers.answering.process import Process
from workers.lease import Heartbeat

_log = log.get(__name__)

GIVEN_UP = (
    "I tried several times and could not answer this. Your question is kept, and the person who runs me can "
    "have me try again."
)


def offered(withheld: int) -> str:
    """What the asker alone is told of documents that not everyone may read who saw the reply."""
    if withheld == 1:
        return "1 more source fits your question, but only you can see it. Ask me here, and I use it too."
    return (
        f"{withheld} more sources fit your question, but only you can see them. "
        "Ask me here, and I use them too."
    )


@dataclass(frozen=True, slots=True)
class Answering:
    """Brings a turn to its one outcome.

    Attributes:
        turns: the ledger.
        process: the parts that the pipeline works with.
        speakers: the platforms that this process can speak on, by name.
        heartbeat: keeps the leases.
        worker: this worker's name in the ledger.
        max_attempts: attempts at an answer before a turn ends as failed.
        seconds: how long one attempt may take.
        pauses: seconds before the second attempt, the third, and so on. Short, since somebody is waiting.
        experts: who can be asked beyond an answer.
        watch: who sees what becomes of each attempt.
    """

    turns: Turns
    process: Process
    speakers: Mapping[str, Speaker]
    heartbeat: Heartbeat[Claim]
    worker: str
    max_attempts: int
    seconds: float
    pauses: tuple[float, ...] = (1.0, 2.0, 4.0)
    experts: Experts | None = None
    watch: Watch = field(default_factory=Watch)

    def run(self, turn_id: str, trace: str = "") -> None:
        """Work on a turn, unless somebody else does or it has ended. Never raises what a retry could mend.

        Args:
            turn_id: the turn.
            trace: the span of the event behind it, or empty.
        """
        try:
            claim = self.turns.claim(turn_id, self.worker)
        except LedgerUnavailable as error:
            _log.warning("not claimed; the sweep will bring it back", turn=turn_id, error=str(error))
            return
        if claim is None:
            return
        deadline = Deadline(self.seconds)
        known: dict[str, Value] = {
            names.TURN: turn_id,
            names.ATTEMPT: claim.attempt,
            names.PLATFORM: claim.question.key.platform,
        }
        if claim.attempt == 1:
            self.watch.metrics.began(claim.waited)
        with (
            structlog.contextvars.bound_contextvars(turn=turn_id),
            self.watch.tracing.span("turn", known, parent=trace) as whole,
            self.heartbeat.hold(claim, deadline),
        ):
            whole.quote(names.QUESTION_TEXT, claim.question.text)
            try:
                self._bring_to_an_end(claim, deadline)
            except LostClaim:
                _log.warning("another attempt has this turn now", attempt=claim.attempt)
            except LedgerUnavailable as error:
                _log.warning("the lease will run out and the sweep bring it back", error=str(error))

    def _bring_to_an_end(self, claim: Claim, deadline: Deadline) -> None:
        reply: LiveReply | None = None
        try:
            speaker = self.speakers[claim.question.address.platform]
            reply = LiveReply(claim, self.turns, speaker, hosts=self._hosts(claim))
            if claim.exhausted and not claim.answer:
                self._fail(claim, reply, GIVEN_UP, "the attempts are used up")
                return
            answer = claim.answer or self._answer(claim, reply, deadline)
            self._finish(claim, reply, answer)
        except (LostClaim, LedgerUnavailable):
            raise
        except Unwelcome as error:
            self._close_unsaid(claim, error)
        except CandorError as error:
            self._try_again_or_fail(claim, reply, error)
        except Exception as error:  # noqa: BLE001 - the edge: whatever it was, the turn must not be lost
            _log.exception("an attempt failed in a way that nobody foresaw")
            unforeseen = CandorError(f"{type(error).__name__}: {error}")
            unforeseen.retry = True
            self._try_again_or_fail(claim, reply, unforeseen)

    def _answer(self, claim: Claim, reply: LiveReply, deadline: Deadline) -> Answer:
        answer = pipeline.answer(claim.turn_id, claim.question, self.process, reply, deadline)
        self.watch.metrics.answered(answer)
        return self._save(claim, outgoing.answer(answer, self._hosts(claim)))

    def _finish(self, claim: Claim, reply: LiveReply, answer: Answer, error: str = "") -> None:
        with span("reply", {names.OUTCOME: answer.outcome.value}) as said:
            said.quote(names.ANSWER_TEXT, answer.text)
            reply.finish(answer)
        self._close(claim, answer.outcome, error)
        if answer.withheld:
            self._offer(claim, answer.withheld)

    def _offer(self, claim: Claim, withheld: int) -> None:
        """Tell the asker alone what only they can see. The turn has ended: said twice it never is."""
        try:
            self.speakers[claim.question.address.platform].egress.tell(claim.question, offered(withheld))
        except CandorError as unsaid:
            _log.warning("what was withheld is not offered", error=str(unsaid))

    def _close(self, claim: Claim, outcome: Outcome, error: str = "") -> None:
        self.turns.close(claim, outcome, error=error)
        seconds = claim.waited + time.monotonic() - claim.claimed
        self.watch.metrics.ended(claim.question.key.platform, outcome.value, seconds)

    def _hosts(self, claim: Claim) -> tuple[str, ...]:
        """The hosts that links may lead to where the question was asked."""
        return self.process.guard.at(claim.question.address).links

    def _save(self, claim: Claim, answer: Answer) -> Answer:
        """Store an answer, and with it whether there is somebody who can be asked beyond it."""
        people = self.experts is not None and bool(self.experts.of(claim.question.address))
        stored = answer.model_copy(update={"people": people})
        self.turns.save_answer(claim, stored)
        return stored

    def _try_again_or_fail(self, claim: Claim, reply: LiveReply | None, error: CandorError) -> None:
        if isinstance(error, Unavailable) and error.after:
            _log.info("asked to wait", seconds=error.after, error=str(error))
            self.watch.metrics.retried(error)
            self.turns.release(claim, after=error.after, error=str(error), forgive=True)
            return
        _log.warning("attempt failed", attempt=claim.attempt, retry=error.retry, error=str(error))
        if reply is None or (error.retry and claim.tries < self.max_attempts):
            pause = self.pauses[min(claim.tries, len(self.pauses)) - 1]
            self.watch.metrics.retried(error)
            self.turns.release(claim, after=pause, error=str(error))
            return
        try:
            self._fail(claim, reply, error.say, str(error))
        except (LostClaim, LedgerUnavailable):
            raise
        except CandorError as unsaid:
            self.turns.release(claim, after=self.pauses[-1], error=str(unsaid))

    def _close_unsaid(self, claim: Claim, error: Unwelcome) -> None:
        """End a turn whose reply may not be said there: the asker is told alone, if there is a way."""
        _log.warning("the reply may not be said there", error=str(error))
        try:
            self.speakers[claim.question.address.platform].egress.tell(claim.question, error.say)
        except CandorError as unsaid:
            _log.warning("nor could the asker be told", error=str(unsaid))
        self.turns.save_answer(claim, Answer(outcome=Outcome.FAILED, text=error.say))
        self._close(claim, Outcome.FAILED, str(error))

    def _fail(self, claim: Claim, reply: LiveReply, sentence: str, error: str) -> None:
        answer = self._save(claim, Answer(outcome=Outcome.FAILED, text=sentence))
        self._finish(claim, reply, answer, error)


def register(app: Celery, answering: Answering) -> None:
    """Add the task to an app."""

    def answer(job: dict[str, object]) -> None:
        hint = Job.model_validate(job)
        answering.run(hint.turn_id, hint.trace)

    app.task(name=ANSWER)(answer)

"""Whatever happens in whatever order: a turn ends once, and only its newest claim writes."""

from collections.abc import Callable

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, update

from core.errors import LostClaim
from core.messages import Outcome
from ledger.tables import turns as table
from ledger.transactions import writing
from ledger.turns import Claim, Turns
from tests.ledger.questions import a_question, an_answer

MOST_CLAIMS = 4 + 3


class Life:
    """One turn in the ledger, and beside it the turn as it should be."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.turns = Turns(engine)
        self.turn_id, _ = self.turns.insert(a_question())
        self.state = "received"
        self.due = True
        self.enqueued = True  # lately
        self.claims: list[Claim] = []
        self.spent = 0
        self.holder: Claim | None = None

    @property
    def open(self) -> bool:
        return self.state in ("received", "running")

    @property
    def hopeless(self) -> bool:
        return self.spent >= MOST_CLAIMS

    def check(self) -> None:
        turn = self.turns.get(self.turn_id)
        assert turn is not None
        assert (turn.state, turn.attempt) == (self.state, self.spent)
        assert (turn.finished_at is None) == self.open

    def claim(self) -> None:
        claim = self.turns.claim(self.turn_id, "w")
        assert (claim is not None) == (self.open and self.due and not self.hopeless)
        if claim is not None:
            assert all(claim.attempt > earlier.attempt for earlier in self.claims)
            self.claims.append(claim)
            self.spent += 1
            assert claim.exhausted == (self.spent > 4)
            self.state, self.due, self.holder = "running", False, claim

    def time_passes(self) -> None:
        with writing(self.engine) as connection:
            long_ago = update(table).where(table.c.id == self.turn_id).values(due_at=0, enqueued_at=0)
            connection.execute(long_ago)
        self.due, self.enqueued = True, False

    def heartbeat(self) -> None:
        if self._writes(-1, self.turns.heartbeat):
            self.due = False

    def store(self) -> None:
        if self._writes(-1, lambda claim: self.turns.save_answer(claim, an_answer())):
            self.due = False

    def release(self) -> None:
        if self._writes(-1, lambda claim: self.turns.release(claim, after=0, error="again")):
            self.state, self.due, self.enqueued, self.holder = "received", True, False, None

    def close(self) -> None:
        if self._writes(-1, lambda claim: self.turns.close(claim, Outcome.ANSWERED)):
            self.state, self.holder = "answered", None

    def fail(self) -> None:
        if self._writes(-1, lambda claim: self.turns.close(claim, Outcome.FAILED)):
            self.state, self.holder = "failed", None

    def close_by_the_first_worker(self) -> None:
        if self._writes(0, lambda claim: self.turns.close(claim, Outcome.ABSTAINED)):
            self.state, self.holder = "abstained", None

    def withdraw(self) -> None:
        assert self.turns.withdraw(self.turn_id) == self.open
        if self.open:
            self.state, self.holder = "withdrawn", None

    def sweep(self) -> None:
        found = self.open and self.due and not self.enqueued
        assert self.turns.sweep() == ([self.turn_id] if found and not self.hopeless else [])
        if found:
            self.enqueued = True
            if self.hopeless:
                self.state, self.holder = "failed", None

    def redrive(self) -> None:
        assert self.turns.redrive(self.turn_id) == (self.state == "failed")
        if self.state == "failed":
            self.state, self.due, self.enqueued, self.spent = "received", True, True, 0

    def _writes(self, which: int, write: Callable[[Claim], None]) -> bool:
        """Whether the ledger let this claim write, as it lets the holder alone."""
        if not self.claims:
            return False
        claim = self.claims[which]
        try:
            write(claim)
        except LostClaim:
            assert claim is not self.holder
            return False
        assert claim is self.holder
        return True


EVENTS: tuple[Callable[[Life], None], ...] = (
    Life.claim,
    Life.time_passes,
    Life.heartbeat,
    Life.store,
    Life.release,
    Life.close,
    Life.fail,
    Life.close_by_the_first_worker,
    Life.withdraw,
    Life.sweep,
    Life.redrive,
)


@settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(events=st.lists(st.sampled_from(EVENTS), min_size=10, max_size=40))
def test_a_turn_ends_once_whatever_happens(engine: Engine, events: list[Callable[[Life], None]]) -> None:
    life = Life(engine)
    for event in events:
        event(life)
        life.check()
    life.turns.withdraw(life.turn_id)  # so that no later life's sweep finds it


def test_a_turn_dies_of_its_attempts_and_lives_again(engine: Engine) -> None:
    life = Life(engine)
    for event in (*(Life.claim, Life.time_passes, Life.sweep) * MOST_CLAIMS, Life.redrive):
        event(life)
        life.check()
    for event in (Life.close_by_the_first_worker, Life.claim, Life.close_by_the_first_worker, Life.close):
        event(life)
        life.check()
    assert life.state == "answered"

"""What guardrails decided: rule, stage, score and action, turn by turn."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, delete, func, select

from core.messages import Action, Decision, Stage
from ledger.tables import decisions
from ledger.transactions import reading


@dataclass(frozen=True, slots=True)
class Count:
    """How many turns a rule did something to."""

    rule: str
    stage: Stage
    action: Action
    turns: int


class Decisions:
    """The decisions of one ledger. Each method raises LedgerUnavailable when it is down or locked."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def of(self, turn_id: str) -> list[Decision]:
        """What was decided about a turn, in the order in which it was."""
        statement = select(decisions).where(decisions.c.turn_id == turn_id).order_by(decisions.c.position)
        with reading(self._engine) as connection:
            rows = connection.execute(statement).all()
        return [
            Decision(rule=row.rule, stage=row.stage, score=row.score, action=row.action, reason=row.reason)
            for row in rows
        ]

    def counts(self) -> list[Count]:
        """How often each rule did what, by turns: such as how many questions were answered in part."""
        named = (decisions.c.rule, decisions.c.stage, decisions.c.action)
        statement = (
            select(*named, func.count(decisions.c.turn_id.distinct()).label("turns"))
            .group_by(*named)
            .order_by(*named)
        )
        with reading(self._engine) as connection:
            rows = connection.execute(statement).all()
        return [Count(row.rule, Stage(row.stage), Action(row.action), row.turns) for row in rows]


def write(connection: Connection, turn_id: str, made: Sequence[Decision]) -> None:
    """Write down what was decided about a turn, in place of what an earlier attempt decided."""
    connection.execute(delete(decisions).where(decisions.c.turn_id == turn_id))
    if made:
        connection.execute(
            decisions.insert(),
            [
                {
                    "turn_id": turn_id,
                    "position": position,
                    "rule": each.rule,
                    "stage": each.stage.value,
                    "score": each.score,
                    "action": each.action.value,
                    "reason": each.reason,
                }
                for position, each in enumerate(made)
            ],
        )

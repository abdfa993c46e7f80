"""The tool with which a model offers to hand the question to people who know more."""

from collections.abc import Sequence

from bot.escalation import ASK_FIRST, SAID, Handed
from core.messages import Frozen, Question
from core.tools import ToolContext, ToolResult
from workers.failures import Refused
from workers.tools import Handing, Own, Parts, Supply
from workers.tools._function import Function

ELSEWHERE = (
    "Nobody can be asked from here. Ask me this in the chat where I am, such as Slack: “Ask a person” below "
    "my answer hands it to people there."
)
IN_PRIVATE = (
    "You asked this in private, so nothing is sent yet. Press “Ask a person” below my message before this "
    "one: you see every word that others would read, and “Send” sends it."
)


class NoArguments(Frozen):
    """Nothing: people are told the question as it was asked, and no word of the model's."""


class AskAPerson(Function[NoArguments]):
    """The same as the button *Ask a person*, under the same rules."""

    name = "ask_a_person"
    description = (
        "Hands the question to a person who knows more, whose answer comes to the asker later. Call it when "
        "the asker wants a human, or when neither the passages nor another tool can answer."
    )
    arguments = NoArguments
    writes = True

    def __init__(self, handing: Handing) -> None:
        self._handing = handing

    def is_offered(self, question: Question) -> bool:
        """Whether there is anybody to ask where the question was asked, or a place to be sent to.

        Raises:
            LedgerUnavailable: the ledger does not answer.
        """
        if question.address.platform in self._handing.is_public:
            return bool(self._handing.experts.of(question.address))
        return self._handing.elsewhere

    def describe(self, arguments: NoArguments) -> str:  # noqa: ARG002 - there are none
        """The call as a person is told."""
        return "hand your question to a person"

    def run(self, arguments: NoArguments, context: ToolContext) -> ToolResult:  # noqa: ARG002 - there are none
        """Hand over the question of the turn that proposed it, which has ended.

        Raises:
            Refused: there is no such turn.
            LedgerUnavailable: nothing was written down.
        """
        desk, asked = self._handing.desk, context.question
        is_public = self._handing.is_public.get(asked.address.platform)
        if is_public is None:
            return ToolResult(ELSEWHERE)
        turn = self._handing.turns.get(context.proposed_by)
        if turn is None or turn.answer is None:
            raise Refused(ASK_FIRST)
        if not desk.has_experts(turn):
            return ToolResult(SAID[Handed.NOBODY], failed=True)
        if desk.find(turn.id):
            return ToolResult(SAID[Handed.REPEATED])
        place = turn.question.address
        if place.handle or not is_public(place):
            return ToolResult(IN_PRIVATE)
        return ToolResult(SAID[desk.hand_over(turn, asked.asker.id, asked.asker.name)])


def supplies(parts: Parts) -> Sequence[Supply]:
    """The tool, in a process that can hand questions over."""
    return (Own(AskAPerson(parts.handing)),) if parts.handing else ()

"""The tool that hands a question to people: only where there are any, only once, and only after a yes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot.escalation import SAID, Desk, EscalationSettings, Handed, NamedExperts, searched, why
from core.channels import ChannelSettings
from core.completions import NO_ANSWER
from core.deadline import Deadline
from core.messages import EVERYONE, Address, Answer, Asker, Outcome, Question
from core.queue import escalation_job
from core.settings import HomeSettings
from core.tools import ToolContext
from ledger.channels import Channels
from ledger.confirmations import Confirmations
from ledger.engine import LedgerSettings, open_ledger
from ledger.escalations import Escalations
from ledger.turns import Turns
from tests.bot.books import CollectingQueue
from tests.workers.answering.fakes import calling
from tests.workers.answering.parts import Library, ScriptedModel, ask, chunk, question
from workers.bounded import Bounded, ToolSettings
from workers.tools import Handing
from workers.tools.ask_a_person import ELSEWHERE, IN_PRIVATE, AskAPerson

ASKED = "Who waters the plants in May?"
CALL = ("ask_a_person", "{}")


@dataclass
class Office:
    """Threads in Slack and the terminal on a real ledger; everybody may read the channel `C1`."""

    folder: Path
    experts: str = "slack:C9"
    model: ScriptedModel = field(default_factory=ScriptedModel)
    said: int = 0

    def __post_init__(self) -> None:
        self.engine = open_ledger(LedgerSettings(database_url=""), HomeSettings(home=self.folder))
        self.turns, self.channels = Turns(self.engine), Channels(self.engine)
        self.escalations, self.queue = Escalations(self.engine), CollectingQueue()
        settings = EscalationSettings(experts=self.experts)
        named = NamedExperts(settings, self.channels)
        self.handing = Handing(
            desk=Desk(self.escalations, named, self.queue),
            turns=self.turns,
            experts=named,
            is_public={"slack": lambda place: place.channel == "C1"},
            elsewhere=bool(self.experts),
        )
        self.tool = Bounded(AskAPerson(self.handing), ToolSettings(), (EVERYONE,))

    def place(self, platform: str = "slack", channel: str = "C1", handle: str = "") -> Address:
        return Address(platform=platform, workspace="T1", channel=channel, thread="t", handle=handle)

    def say(self, text: str, place: Address, *, asker: str = "ann") -> tuple[str, Answer]:
        """Have a message answered, and the turn ended, as a worker does it."""
        self.said += 1
        key = question(text).key.model_copy(
            update={"platform": place.platform, "workspace": "T1", "message": str(self.said)}
        )
        asked = question(text).model_copy(
            update={"key": key, "asker": Asker(id=asker, name=asker.title()), "address": place}
        )
        turn_id, _ = self.turns.insert(asked)
        claim = self.turns.claim(turn_id, "worker")
        assert claim
        answer = ask(
            asked,
            Library(chunk("The plants stand by the window.", title="Plants")),
            self.model,
            tools=[self.tool],
            confirmations=Confirmations(self.engine),
            turn_id=turn_id,
        )
        self.turns.save_answer(claim, answer)
        self.turns.close(claim, answer.outcome)
        return turn_id, answer

    def propose(self, place: Address) -> str:
        self.model = ScriptedModel(calling(CALL))
        turn_id, answer = self.say(ASKED, place)
        assert answer.text == "Shall I hand your question to a person? Reply “yes” here within 10 minutes."
        return turn_id


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = Office(tmp_path)
    yield made
    made.engine.dispose()


def asked_at(place: Address) -> Question:
    return question(ASKED).model_copy(update={"address": place})


def test_nothing_is_handed_over_before_the_asker_says_yes(office: Office) -> None:
    proposed = office.propose(office.place())
    assert office.escalations.get(proposed) is None
    assert office.queue.jobs == []


def test_a_yes_hands_over_the_question_that_proposed_it(office: Office) -> None:
    proposed = office.propose(office.place())
    agreed, answer = office.say("yes", office.place())
    assert (answer.outcome, answer.text) == (Outcome.ANSWERED, SAID[Handed.NEW])
    assert office.escalations.get(agreed) is None
    found = office.escalations.get(proposed)
    assert found
    assert (found.experts, found.person, found.handover.question) == ("C9", "ann", ASKED)
    assert found.handover.asker == "Ann"
    assert office.queue.jobs == [escalation_job(proposed)]


def test_experts_are_told_that_nothing_was_found_and_not_what_was_asked_of_the_asker(office: Office) -> None:
    proposed = office.propose(office.place())
    office.say("yes", office.place())
    found = office.escalations.get(proposed)
    assert found
    assert found.handover.answer == ""
    assert why(found.handover) == "I found no answer in the documents."
    assert searched(found.handover) == f"I searched one document for “{ASKED}”. The nearest: Plants."


def test_a_question_that_people_have_already_is_not_handed_over_again(office: Office) -> None:
    proposed = office.propose(office.place())
    turn = office.turns.get(proposed)
    assert turn
    office.handing.desk.hand_over(turn, "ann", "Ann")
    assert office.say("yes", office.place())[1].text == SAID[Handed.REPEATED]
    assert len(office.queue.jobs) == 1


@pytest.mark.parametrize("where", [{"channel": "D1"}, {"channel": "C1", "handle": "ephemeral"}])
def test_what_was_asked_in_private_goes_through_the_button_and_its_consent(
    office: Office, where: Mapping[str, str]
) -> None:
    place = office.place(**where)
    proposed = office.propose(place)
    assert office.say("yes", place)[1].text == IN_PRIVATE
    assert office.escalations.get(proposed) is None
    assert office.queue.jobs == []


def test_somebody_else_s_yes_hands_nothing_over(office: Office) -> None:
    proposed = office.propose(office.place())
    office.model = ScriptedModel(NO_ANSWER)
    office.say("yes", office.place(), asker="bob")
    assert office.escalations.get(proposed) is None


def test_experts_who_are_gone_by_then_are_not_asked(tmp_path: Path) -> None:
    office = Office(tmp_path, experts="")
    place = office.place()
    office.channels.set(place, ChannelSettings(experts="C7"), by="admin")
    proposed = office.propose(place)
    office.channels.set(place, ChannelSettings(), by="admin")
    answer = office.say("yes", place)[1]
    assert (answer.outcome, answer.text) == (Outcome.FAILED, SAID[Handed.NOBODY])
    assert office.escalations.get(proposed) is None
    office.engine.dispose()


def test_where_nobody_can_be_asked_the_tool_is_not_offered(tmp_path: Path) -> None:
    office = Office(tmp_path, experts="")
    for platform in ("slack", "terminal"):
        office.model = ScriptedModel(NO_ANSWER)
        office.say(ASKED, office.place(platform))
        assert office.model.requests[0].tools == ()
    office.engine.dispose()


def test_a_channel_s_own_experts_are_enough(tmp_path: Path) -> None:
    office = Office(tmp_path, experts="")
    office.channels.set(office.place(), ChannelSettings(experts="C7"), by="admin")
    proposed = office.propose(office.place())
    office.say("yes", office.place())
    found = office.escalations.get(proposed)
    assert found
    assert found.experts == "C7"
    office.engine.dispose()


def test_the_terminal_says_where_people_can_be_asked(office: Office) -> None:
    place = office.place("terminal")
    proposed = office.propose(place)
    assert office.say("yes", place)[1].text == ELSEWHERE
    assert office.escalations.get(proposed) is None


def test_a_call_that_nobody_proposed_hands_nothing_over(office: Office) -> None:
    result = office.tool.run(office.tool.parse("{}"), ToolContext(asked_at(office.place()), Deadline(20)))
    assert result.failed
    assert office.queue.jobs == []

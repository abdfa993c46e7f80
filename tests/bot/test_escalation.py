"""What experts are told of a question, and who is asked."""

from pathlib import Path

import pytest

from bot.escalation import (
    Desk,
    EscalationSettings,
    Handed,
    NamedExperts,
    asks_for_person,
    handover,
    searched,
    why,
)
from core.channels import ChannelSettings
from core.errors import Misconfigured
from core.messages import EVERYONE, Address, Answer, Candidate, Outcome, Trace
from core.queue import answer_job, escalation_job
from core.settings import HomeSettings
from ledger.channels import Channels
from ledger.engine import LedgerSettings, open_ledger
from ledger.escalations import Escalations
from ledger.turns import Turn, Turns
from tests.bot.books import CollectingQueue
from tests.ledger.questions import a_question

SECRET = "xoxb-" + "1" * 12 + "-" + "a" * 24


def candidate(title: str, *readers: str, used: bool = True) -> Candidate:
    return Candidate(
        rank=1,
        document_id=title,
        title=title,
        heading="",
        source="",
        text="",
        score=1.0,
        scores={},
        used=used,
        readers=readers,
    )


class Office:
    """A desk on a ledger in a file, with experts named for a whole platform."""

    def __init__(self, folder: Path, experts: str = "terminal:C9") -> None:
        engine = open_ledger(LedgerSettings(database_url=""), HomeSettings(home=folder))
        self.turns, self.channels = Turns(engine), Channels(engine)
        self.queue = CollectingQueue()
        self.experts = NamedExperts(EscalationSettings(experts=experts), self.channels)
        self.escalations = Escalations(engine)
        self.desk = Desk(self.escalations, self.experts, self.queue)

    def ended(self, answer: Answer) -> Turn:
        turn_id, _ = self.turns.insert(a_question())
        claim = self.turns.claim(turn_id, "worker")
        assert claim is not None
        self.turns.save_answer(claim, answer)
        self.turns.close(claim, answer.outcome)
        found = self.turns.get(turn_id)
        assert found is not None
        return found


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


def abstained(*candidates: Candidate) -> Answer:
    trace = Trace(query="key", searched_documents=3, candidates=candidates)
    return Answer(outcome=Outcome.ABSTAINED, text="I don't know.", trace=trace)


@pytest.mark.parametrize(
    "text",
    [
        "ask a person",
        "Ask a person!",
        "can I talk to a human?",
        "I'd like to speak to an expert, please",
        "please get a colleague",
        "Could you ask some real person?",
    ],
)
def test_it_knows_when_somebody_wants_a_person(text: str) -> None:
    assert asks_for_person(text)


@pytest.mark.parametrize(
    "text",
    [
        "How do I ask a person for leave?",
        "Which person do I ask about parking?",
        "Who was asked to get a colleague from the airport?",
        "I want to talk to a person about the invoice of March",
        "",
    ],
)
def test_a_question_about_people_is_a_question(text: str) -> None:
    assert not asks_for_person(text)


def test_experts_are_told_what_was_searched_and_why_it_stopped(office: Office) -> None:
    told = handover(office.ended(abstained(candidate("Keys", EVERYONE))), "Ana")
    assert told.question == "Where is the key?"
    assert told.asker == "Ana"
    assert why(told) == "I found no answer in the documents."
    assert searched(told) == "I searched 3 documents for “key”. The nearest: Keys."
    assert told.answer == ""


def test_what_not_everybody_may_read_is_not_named(office: Office) -> None:
    told = handover(office.ended(abstained(candidate("Pay", "board"), candidate("Keys", EVERYONE))), "")
    assert told.nearest == ("Keys",)


@pytest.mark.parametrize(("readers", "answer"), [(EVERYONE, "Under the mat."), ("board", "")])
def test_an_answer_is_told_where_everybody_may_read_what_it_rests_on(
    office: Office, readers: str, answer: str
) -> None:
    trace = Trace(query="key", searched_documents=1, candidates=(candidate("Keys", readers),))
    said = Answer(outcome=Outcome.ANSWERED, text="Under the mat.", trace=trace)
    assert handover(office.ended(said), "").answer == answer


def test_a_channels_own_experts_win_over_those_of_the_platform(office: Office) -> None:
    place = a_question().address
    assert office.experts.of(place) == "C9"
    office.channels.set(place, ChannelSettings(experts="S7"), by="admin")
    assert office.experts.of(place) == "S7"
    assert office.experts.of(Address(platform="slack", workspace="T", channel="C")) == ""


def test_a_setting_that_names_no_platform_is_refused() -> None:
    with pytest.raises(Misconfigured, match="CANDOR_EXPERTS"):
        EscalationSettings(experts="C0123456789")


def test_handing_over_hints_at_a_worker_and_is_done_once(office: Office) -> None:
    turn = office.ended(abstained())
    assert office.desk.hand_over(turn, "ana", "Ana") is Handed.NEW
    assert office.desk.hand_over(turn, "ana", "Ana") is Handed.REPEATED
    assert office.queue.jobs == [escalation_job(turn.id)]


def test_without_experts_nobody_is_asked(tmp_path: Path) -> None:
    office = Office(tmp_path, experts="")
    assert office.desk.hand_over(office.ended(abstained()), "ana", "Ana") is Handed.NOBODY
    assert office.queue.jobs == []


def test_an_answer_is_brought_with_its_secrets_masked(office: Office) -> None:
    turn = office.ended(abstained())
    office.desk.hand_over(turn, "ana", "Ana")
    office.desk.claim(turn.id, "ben", "Ben")
    assert not office.desk.answer(turn, "zoe", "In the shed.")
    assert not office.desk.answer(turn, "ben", "  ")
    assert office.desk.answer(turn, "ben", f"Use {SECRET}")
    brought = office.turns.recent()[0]
    assert answer_job(brought.id) in office.queue.jobs
    claim = office.turns.claim(brought.id, "worker")
    assert claim is not None
    assert claim.answer is not None
    assert claim.answer.text.startswith("Ben answers:")
    assert SECRET not in claim.answer.text
    assert claim.question.address == turn.question.address

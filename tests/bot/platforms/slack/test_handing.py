"""Asking a person: handed over once, claimed by one, answered in the asker's thread, taken back."""

import threading

import pytest

from bot.escalation import ASK_FIRST, CLAIM_FIRST, SAID, Handed
from bot.platforms.slack.handover import told_blocks
from bot.platforms.slack.ingress.home import FORGET_ME
from bot.platforms.slack.render import BY_A_PERSON
from bot.simulators.slack import Person
from bot.simulators.slack.state.channels import Channel
from bot.simulators.slack.state.messages import Message
from core.channels import ChannelSettings
from core.completions import NO_ANSWER
from core.messages import EVERYONE, Address, Outcome
from ledger.escalations import State
from ledger.proposals import Proposals
from tests.bot.platforms.slack.bench import Bench, labels

MENTION = "@candor where is the parking lot?"
QUESTION = "where is the parking lot?"


def set_experts(slack: Bench, channel: Channel, experts: str) -> None:
    place = Address(platform="slack", workspace=slack.slack.workspace.id, channel=channel.id)
    slack.books.channels.set(place, ChannelSettings(experts=experts), by="admin")


@pytest.fixture
def zoe(slack: Bench) -> Person:
    return slack.slack.person("Zoe")


@pytest.fixture
def experts(slack: Bench, zoe: Person) -> Channel:
    """The channel of those who know, with Ben and Zoe in it; Candor knows nothing of parking lots."""
    channel = slack.slack.workspace.channel("experts", slack.ben.user, zoe.user)
    set_experts(slack, slack.general, channel.id)
    set_experts(slack, slack.ana.direct(), channel.id)
    slack.model.text = NO_ANSWER
    return channel


@pytest.fixture
def reply(slack: Bench, experts: Channel) -> Message:
    return slack.answer_to(slack.ana.say(slack.general, MENTION), "I don't know")


def card(slack: Bench, channel: Channel, words: str = QUESTION) -> Message:
    """The card in the experts' channel, once it says these words and the ledger knows where it stands."""

    def there() -> Message | None:
        cards = [each for each in slack.slack.workspace.timeline.roots(channel.id) if each.metadata]
        assert len(cards) <= 1
        return next((each for each in cards if words in each.shown), None)

    found: Message = slack.until(there)
    place = Address(platform="slack", workspace=slack.slack.workspace.id, channel=channel.id, thread=found.ts)
    pause = threading.Event()
    for _ in range(500):
        if slack.books.escalations.at(place):
            return found
        pause.wait(0.02)
    raise AssertionError("the ledger does not know the card")


def told(slack: Bench, person: Person) -> list[str]:
    slack.slack.settle()
    everything = slack.slack.workspace.timeline.ephemeral
    return [each.shown for each in everything if each.visible_to == person.id]


def brought(slack: Bench, question: Message, words: str) -> Message:
    """The person's answer in the asker's thread."""
    return slack.answer_to(question, words)


def test_where_nobody_is_named_there_is_no_button(slack: Bench) -> None:
    slack.model.text = NO_ANSWER
    reply = slack.answer_to(slack.ana.say(slack.general, MENTION), "I don't know")
    assert labels(reply) == ["Try again"]


def test_a_question_is_handed_to_the_experts_with_what_was_searched_and_why(
    slack: Bench, experts: Channel, reply: Message
) -> None:
    assert labels(reply) == ["Try again", "Ask a person"]
    assert slack.ana.press(reply, "ask_person").acknowledged
    shown = card(slack, experts)
    assert "ana asks:" in shown.shown.lower()
    assert "I found no answer in the documents." in shown.shown
    assert f"I searched one document for “{QUESTION}”." in shown.shown
    assert "The nearest: Handbook." in shown.shown or "nearest" not in shown.shown
    assert labels(shown) == ["Claim"]
    assert shown.pings == frozenset()
    assert shown.unfurls == ()
    assert SAID[Handed.NEW] in told(slack, slack.ana)


def test_pressing_twice_hands_it_over_once(slack: Bench, experts: Channel, reply: Message) -> None:
    slack.ana.press(reply, "ask_person")
    slack.ben.press(reply, "ask_person")
    card(slack, experts)
    assert SAID[Handed.REPEATED] in told(slack, slack.ben)
    assert len(slack.slack.workspace.timeline.roots(experts.id)) == 1


def test_the_first_to_claim_owns_it_and_the_others_see_who(
    slack: Bench, experts: Channel, zoe: Person, reply: Message
) -> None:
    slack.ana.press(reply, "ask_person")
    shown = card(slack, experts)
    assert slack.ben.press(shown, "claim").acknowledged
    slack.until(lambda: "ben has claimed this" in shown.shown.lower())
    assert labels(shown) == ["Answer"]
    assert slack.books.escalations.claim(slack.turns.recent()[0].id, zoe.id, "Zoe") is False


def test_whoever_claims_on_an_old_card_is_told_who_was_first(
    idle: Bench,
) -> None:
    zoe = idle.slack.person("Zoe")
    experts = idle.slack.workspace.channel("experts", idle.ben.user, zoe.user)
    set_experts(idle, idle.general, experts.id)
    idle.model.text = NO_ANSWER
    idle.ana.say(idle.general, MENTION)
    idle.slack.settle()
    turn = idle.turns.recent()[0]
    idle.answering.run(turn.id)
    reply = idle.replies(idle.slack.workspace.timeline.roots(idle.general.id)[0])[0]
    idle.ana.press(reply, "ask_person")
    idle.escalating.run(turn.id)
    shown = card(idle, experts)
    idle.ben.press(shown, "claim")
    assert labels(shown) == ["Claim"]  # no worker has shown the claim yet
    assert zoe.press(shown, "claim").acknowledged
    assert any("ben has claimed this" in each.lower() for each in told(idle, zoe))
    found = idle.books.escalations.get(turn.id)
    assert found is not None
    assert found.owner == idle.ben.id


def test_the_owners_reply_in_the_cards_thread_reaches_the_asker_in_their_thread(
    slack: Bench, experts: Channel, zoe: Person
) -> None:
    question = slack.ana.say(slack.general, MENTION)
    reply = slack.answer_to(question, "I don't know")
    slack.ana.press(reply, "ask_person")
    shown = card(slack, experts)
    slack.ben.press(shown, "claim")
    slack.until(lambda: "has claimed" in shown.shown)
    zoe.say(experts, "Is it not behind the house?", thread=shown)
    slack.ben.say(experts, "Behind the station, <!channel>.", thread=shown)
    answer = brought(slack, question, "Behind the station")
    assert "ben answers:" in answer.shown.lower()
    assert BY_A_PERSON in answer.shown
    assert answer.pings == frozenset()
    assert labels(answer) == []
    slack.until(lambda: "ben has answered this" in shown.shown.lower())
    newest = slack.turns.recent()[0]
    assert (newest.state, newest.question.retry_of) == (Outcome.ESCALATED, slack.turns.recent()[1].id)
    assert len(slack.slack.workspace.timeline.replies(slack.general.id, question.ts)) == 2
    slack.ben.say(experts, "And the gate is green.", thread=shown)
    slack.slack.settle()
    assert len(slack.settled()) == 2


def test_the_owner_can_answer_in_a_modal(slack: Bench, experts: Channel, reply: Message, zoe: Person) -> None:
    slack.ana.press(reply, "ask_person")
    shown = card(slack, experts)
    slack.ben.press(shown, "claim")
    slack.until(lambda: labels(shown) == ["Answer"])
    zoe.press(shown, "answer_as_person")
    assert zoe.modal is None
    slack.ben.press(shown, "answer_as_person")
    assert slack.ben.submit({"words": "Behind the station."}).acknowledged
    root = slack.slack.workspace.timeline.find(slack.general.id, reply.thread)
    brought(slack, root, "Behind the station")


def test_an_answer_is_kept_as_a_proposal_for_those_of_its_thread(
    slack: Bench, experts: Channel, reply: Message
) -> None:
    slack.ana.press(reply, "ask_person")
    shown = card(slack, experts)
    slack.ben.press(shown, "claim")
    slack.until(lambda: "has claimed" in shown.shown)
    slack.ben.say(experts, "Behind the station.", thread=shown)
    slack.until(lambda: "has answered" in shown.shown)
    asked = slack.settled()[-1].question.address
    proposals = Proposals(slack.books.escalations._engine)
    (kept,) = proposals.readable(asked, (EVERYONE,))
    assert (kept.question, kept.text, kept.author) == (QUESTION, "Behind the station.", slack.ben.id)
    assert proposals.readable(asked.model_copy(update={"thread": "1.1"}), (EVERYONE,)) == []


def test_a_reply_before_the_claim_is_not_taken_and_its_writer_is_told(
    slack: Bench, experts: Channel, reply: Message
) -> None:
    slack.ana.press(reply, "ask_person")
    slack.ben.say(experts, "Behind the station.", thread=card(slack, experts))
    assert CLAIM_FIRST in told(slack, slack.ben)
    assert len(slack.settled()) == 1


def test_from_a_private_channel_nothing_is_sent_before_consent(
    slack: Bench, experts: Channel, zoe: Person
) -> None:
    closed = slack.slack.workspace.channel("closed", slack.ana.user, private=True)
    set_experts(slack, closed, experts.id)
    consent(slack, experts, slack.ana.say(closed, MENTION))


def test_from_a_direct_message_nothing_is_sent_before_consent(slack: Bench, experts: Channel) -> None:
    consent(slack, experts, slack.ana.say(slack.ana.direct(), QUESTION))


def consent(slack: Bench, experts: Channel, question: Message) -> None:
    reply = slack.answer_to(question, "I don't know")
    assert slack.ana.press(reply, "ask_person").acknowledged
    slack.slack.settle()
    modal = slack.ana.modal
    assert modal is not None
    assert slack.slack.workspace.timeline.roots(experts.id) == []
    assert slack.books.escalations.get(slack.turns.recent()[0].id) is None
    assert slack.ana.submit().acknowledged
    shown = card(slack, experts)
    found = slack.books.escalations.get(slack.turns.recent()[0].id)
    assert found is not None
    sent = [unnamed(block) for block in shown.blocks]
    seen = [unnamed(block) for block in modal.content["blocks"]]
    # The card ends with how far it has come and its button; the modal begins with a sentence of its own.
    assert seen[1:] == sent[:-2] == told_blocks(found.handover)


def unnamed(block: dict[str, object]) -> dict[str, object]:
    return {key: value for key, value in block.items() if key != "block_id"}


def test_without_consent_nothing_is_sent(slack: Bench, experts: Channel) -> None:
    reply = slack.answer_to(slack.ana.say(slack.ana.direct(), QUESTION), "I don't know")
    slack.ana.press(reply, "ask_person")
    slack.slack.settle()
    slack.ana.close_modal()
    assert slack.slack.workspace.timeline.roots(experts.id) == []


def test_an_answer_to_a_command_reaches_its_asker_in_their_direct_messages(
    slack: Bench, experts: Channel
) -> None:
    slack.ana.command(slack.general, "/ask", QUESTION)
    alone = slack.slack.workspace.timeline.ephemeral
    (private,) = slack.until(lambda: [each for each in alone if "I don't know" in each.shown])
    slack.settled()
    slack.ana.press(private, "ask_person")
    slack.slack.settle()
    assert slack.ana.modal is not None
    slack.ana.submit()
    shown = card(slack, experts)
    slack.ben.press(shown, "claim")
    slack.until(lambda: "has claimed" in shown.shown)
    slack.ben.say(experts, "Behind the station.", thread=shown)
    direct = slack.ana.direct()
    (root,) = slack.until(lambda: slack.slack.workspace.timeline.roots(direct.id))
    assert QUESTION in root.shown
    slack.until(lambda: any("Behind the station" in each.shown for each in slack.replies(root)))
    assert [turn.state for turn in slack.settled()] == [Outcome.ESCALATED, Outcome.ABSTAINED]


def test_the_phrase_in_a_thread_hands_over_what_was_asked_there(
    slack: Bench, experts: Channel, reply: Message
) -> None:
    slack.ana.say(slack.general, "@candor ask a person", thread=reply)
    card(slack, experts)
    assert SAID[Handed.NEW] in told(slack, slack.ana)
    assert len(slack.settled()) == 1


def test_the_phrase_in_a_direct_message_leads_to_the_consent(slack: Bench, experts: Channel) -> None:
    direct = slack.ana.direct()
    slack.answer_to(slack.ana.say(direct, QUESTION), "I don't know")
    slack.ana.say(direct, "Can I talk to a human?")
    slack.slack.settle()
    offered = next(e for e in slack.slack.workspace.timeline.ephemeral if "You see first" in e.shown)
    assert slack.slack.workspace.timeline.roots(experts.id) == []
    slack.ana.press(offered, "show_handover")
    slack.slack.settle()
    assert slack.ana.modal is not None
    slack.ana.submit()
    card(slack, experts)


def test_the_phrase_without_a_question_says_what_to_do(slack: Bench, experts: Channel) -> None:
    slack.ana.say(slack.general, "@candor I want to talk to a person")
    assert ASK_FIRST in told(slack, slack.ana)
    assert slack.turns.recent() == []


def test_a_deleted_question_is_taken_back_from_the_experts(slack: Bench, experts: Channel) -> None:
    question = slack.ana.say(slack.general, MENTION)
    reply = slack.answer_to(question, "I don't know")
    slack.ana.press(reply, "ask_person")
    shown = card(slack, experts)
    slack.ben.press(shown, "claim")
    slack.until(lambda: "has claimed" in shown.shown)
    slack.ana.delete(question)
    slack.until(lambda: "taken back" in shown.shown)
    assert QUESTION not in shown.shown
    assert QUESTION not in shown.text
    assert labels(shown) == []
    slack.ben.say(experts, "Behind the station.", thread=shown)
    slack.slack.settle()
    assert len(slack.settled()) == 1


def test_an_edited_question_is_taken_back_too_since_what_experts_see_is_out_of_date(
    slack: Bench, experts: Channel
) -> None:
    question = slack.ana.say(slack.general, MENTION)
    slack.ana.press(slack.answer_to(question, "I don't know"), "ask_person")
    shown = card(slack, experts)
    slack.ana.edit(question, "@candor where is the bike lot?")
    slack.until(lambda: "taken back" in shown.shown)
    assert QUESTION not in shown.shown


def test_a_question_deleted_after_its_answer_takes_that_along(slack: Bench, experts: Channel) -> None:
    question = slack.ana.say(slack.general, MENTION)
    slack.ana.press(slack.answer_to(question, "I don't know"), "ask_person")
    shown = card(slack, experts)
    slack.ben.press(shown, "claim")
    slack.until(lambda: "has claimed" in shown.shown)
    slack.ben.say(experts, "Behind the station.", thread=shown)
    brought(slack, question, "Behind the station")
    slack.ana.delete(question)
    slack.until(lambda: not slack.slack.workspace.timeline.replies(slack.general.id, question.ts))


def test_a_user_group_is_asked_person_by_person_and_each_sees_who_claimed(
    slack: Bench, zoe: Person, experts: Channel
) -> None:
    group = slack.slack.workspace.directory.add_group("house", [slack.ben.id, zoe.id])
    set_experts(slack, slack.general, group.id)
    reply = slack.answer_to(slack.ana.say(slack.general, MENTION), "I don't know")
    slack.ana.press(reply, "ask_person")
    bens, zoes = card(slack, slack.ben.direct()), card(slack, zoe.direct())
    slack.ben.press(bens, "claim")
    slack.until(lambda: "ben has claimed this" in zoes.shown.lower())
    slack.ben.say(slack.ben.direct(), "Behind the station.", thread=bens)
    root = slack.slack.workspace.timeline.find(slack.general.id, reply.thread)
    brought(slack, root, "Behind the station")


def test_experts_who_cannot_be_reached_are_said_to_the_asker(slack: Bench, experts: Channel) -> None:
    unknown = slack.slack.workspace.channel("elsewhere", slack.ben.user, with_bot=False)
    set_experts(slack, slack.general, unknown.id)
    reply = slack.answer_to(slack.ana.say(slack.general, MENTION), "I don't know")
    slack.ana.press(reply, "ask_person")
    direct = slack.ana.direct()
    slack.until(lambda: any("could not reach" in each.shown for each in slack.ana.sees(direct)))
    found = slack.books.escalations.get(slack.turns.recent()[0].id)
    assert found is not None
    assert found.state is State.UNDELIVERED


def test_slack_out_of_order_delays_the_card_and_does_not_lose_it(
    slack: Bench, experts: Channel, reply: Message
) -> None:
    slack.slack.api.fail("chat.postMessage", times=2)
    slack.ana.press(reply, "ask_person")
    card(slack, experts)


def test_a_card_that_the_ledger_never_heard_of_is_found_and_not_posted_again(
    slack: Bench, experts: Channel, reply: Message
) -> None:
    slack.queue.escalate = None
    slack.ana.press(reply, "ask_person")
    slack.slack.settle()
    escalation = slack.books.escalations.get(slack.turns.recent()[0].id)
    assert escalation is not None
    # Posted, and dead before the ledger was told where.
    slack.escalating.cards["slack"].post(slack.slack.workspace.id, experts.id, escalation)
    slack.escalating.run(escalation.turn_id)
    assert len(slack.slack.workspace.timeline.roots(experts.id)) == 1
    now = slack.books.escalations.get(escalation.turn_id)
    assert now is not None
    assert list(now.cards) == [experts.id]


def test_a_button_pressed_elsewhere_claims_nothing(slack: Bench, experts: Channel, reply: Message) -> None:
    slack.ana.press(reply, "ask_person")
    shown = card(slack, experts)
    turn = slack.turns.recent()[0]
    stray = slack.answer_to(slack.ana.say(slack.general, "@candor and the bikes?"), "I don't know")
    button = next(block for block in stray.blocks if block["type"] == "actions")["elements"][0]
    button |= {"action_id": "claim", "value": turn.id}
    slack.ana.press(stray, "claim")
    slack.slack.settle()
    assert labels(shown) == ["Claim"]
    found = slack.books.escalations.get(turn.id)
    assert found is not None
    assert found.owner == ""


def test_being_forgotten_takes_the_question_from_the_people_who_have_it(
    slack: Bench, experts: Channel, reply: Message
) -> None:
    slack.ana.press(reply, "ask_person")
    shown = card(slack, experts)
    slack.ana.open_home()
    assert slack.slack.settle()
    assert slack.ana.home is not None
    assert slack.ana.press(slack.ana.home, FORGET_ME).acknowledged
    assert QUESTION not in shown.shown
    assert "taken back" in shown.shown
    assert labels(shown) == []
    assert slack.turns.recent() == []


def test_a_card_that_slack_does_not_let_go_of_keeps_nobody_in_the_ledger(
    slack: Bench, experts: Channel, reply: Message
) -> None:
    slack.ana.press(reply, "ask_person")
    card(slack, experts)
    slack.queue.escalate = None
    slack.ana.open_home()
    assert slack.slack.settle()
    assert slack.ana.home is not None
    slack.slack.api.fail("chat.update", times=1)
    assert slack.ana.press(slack.ana.home, FORGET_ME).acknowledged
    assert slack.turns.recent() == []

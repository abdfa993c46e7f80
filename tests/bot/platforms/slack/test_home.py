"""App Home: what Candor can do, examples, one's own history, and being forgotten."""

import pytest

from bot.home import CAN, CANNOT, FORGOTTEN
from bot.platforms.slack.ingress.home import FORGET_ME, SETTINGS_OF
from bot.simulators.slack.rules.blocks import interactive
from core.messages import EVERYONE
from tests.bot.platforms.slack.bench import Bench

MENTION = "@candor where is the doorkey?"


def home(bench: Bench, who: str = "ana") -> str:
    person = {"ana": bench.ana, "ben": bench.ben}[who]
    person.open_home()
    assert bench.slack.settle()
    assert person.home is not None
    return str(person.home.content["blocks"])


def actions(blocks: str) -> set[str]:
    return {action for action in (FORGET_ME, SETTINGS_OF) if action in blocks}


def test_it_says_what_candor_can_and_cannot_do(idle: Bench) -> None:
    shown = home(idle)
    assert [line for line in (*CAN, *CANNOT) if line not in shown] == []


def test_it_shows_examples_of_what_everybody_may_read(idle: Bench) -> None:
    open_to_all = idle.books.sources.add("/docs/open", (EVERYONE,))
    closed = idle.books.sources.add("/docs/closed", ("board",))
    idle.books.sources.synced(open_to_all.id, {}, ["Where is the doorkey?"])
    idle.books.sources.synced(closed.id, {}, ["Who is dismissed?"])
    shown = home(idle)
    assert "Where is the doorkey?" in shown
    assert "dismissed" not in shown


def test_everybody_sees_their_own_history_and_no_other(idle: Bench) -> None:
    idle.ana.say(idle.general, MENTION)
    idle.ben.say(idle.ben.direct(), "where is <!channel> my *locker*?")
    assert idle.slack.settle()
    assert "where is the doorkey?" in home(idle)
    assert "locker" not in home(idle)
    assert "locker" in home(idle, "ben")


def test_whoever_asks_to_be_forgotten_is(slack: Bench) -> None:
    slack.answer_to(slack.ana.say(slack.general, MENTION))
    of_ben = slack.answer_to(slack.ben.say(slack.general, "@candor where is the spare doorkey?"))
    slack.ana.react(of_ben, "+1")
    assert slack.slack.settle()
    kept = next(turn for turn in slack.turns.recent() if turn.question.asker.id == slack.ben.id)
    home(slack)
    assert slack.ana.home is not None
    _, button = next(pair for pair in interactive(slack.ana.home.content["blocks"]) if FORGET_ME in str(pair))
    assert button["confirm"]["deny"]["text"]
    assert slack.ana.press(slack.ana.home, FORGET_ME).acknowledged
    assert [turn.id for turn in slack.turns.recent()] == [kept.id]
    assert slack.feedback.of(kept.id) == []
    shown = str(slack.ana.home.content["blocks"])
    assert FORGOTTEN in shown
    assert "doorkey" not in shown


def test_what_is_being_answered_is_stopped_before_it_is_forgotten(slack: Bench) -> None:
    slack.answer_to(slack.ana.say(slack.general, MENTION))
    slack.model.began.clear()
    slack.model.may_end.clear()
    message = slack.ana.say(slack.general, "@candor where is the other doorkey?")
    assert slack.model.began.wait(10)
    home(slack)
    assert slack.ana.home is not None
    assert slack.ana.press(slack.ana.home, FORGET_ME).acknowledged
    slack.model.may_end.set()
    slack.until(lambda: any("Stopped" in each.shown for each in slack.replies(message)))
    assert slack.turns.recent() == []


def test_there_is_nothing_to_forget_for_somebody_new(idle: Bench) -> None:
    assert actions(home(idle)) == set()


@pytest.mark.parametrize("admin", [True, False])
def test_admins_alone_find_the_settings_there(idle: Bench, admin: bool) -> None:
    idle.ana.user.admin = admin
    shown = home(idle)
    assert actions(shown) == ({SETTINGS_OF} if admin else set())


def test_an_admin_chooses_a_channel_there(idle: Bench) -> None:
    idle.ana.user.admin = True
    home(idle)
    assert idle.ana.home is not None
    assert idle.ana.press(idle.ana.home, SETTINGS_OF, idle.general.id).acknowledged
    assert idle.ana.modal is not None
    assert idle.ana.modal.content["private_metadata"] == idle.general.id


def test_a_home_that_slack_does_not_take_costs_no_event(idle: Bench) -> None:
    idle.slack.api.fail("views.publish", times=9)
    idle.ana.open_home()
    assert idle.slack.settle()
    assert [receipt.acknowledged for receipt in idle.slack.receipts] == [True]


def test_the_messages_tab_offers_examples(idle: Bench) -> None:
    source = idle.books.sources.add("/docs/open", (EVERYONE,))
    idle.books.sources.synced(source.id, {}, [f"Where is key {n}?" for n in range(9)])
    idle.ana.open_home("messages")
    assert idle.slack.settle()
    (body,) = idle.bodies("assistant.threads.setSuggestedPrompts")
    assert [prompt["message"] for prompt in body["prompts"]] == [f"Where is key {n}?" for n in range(4)]
    assert "thread_ts" not in body

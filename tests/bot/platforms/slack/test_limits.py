"""Slack's limits: they delay a message or cost its form, and never the answer."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.platforms.slack.calls import SlackCalls
from bot.platforms.slack.render import NOTICE
from bot.simulators.slack.rules.limits import PER_CHANNEL
from core.errors import Unavailable
from core.messages import Outcome
from core.settings import HomeSettings
from ledger.engine import Ledger, LedgerSettings, open_ledger
from ledger.pace import Pace
from tests.bot.platforms.slack.bench import LONG, PARTS, Bench

MENTION = "@candor where is the doorkey?"


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    opened = open_ledger(LedgerSettings(database_url=""), HomeSettings(home=tmp_path / "pace"))
    yield opened
    opened.dispose()


def post(bench: Bench, calls: SlackCalls) -> float:
    """Say something in the channel; the seconds that this has to wait, or 0 when it is said."""
    try:
        calls.at(bench.slack.workspace.id).write("chat.postMessage", channel=bench.general.id, text="hello")
    except Unavailable as error:
        return error.after
    return 0.0


def refused(bench: Bench) -> int:
    return sum(request.status == 429 for request in bench.slack.calls("chat.postMessage"))


def test_workers_together_keep_below_what_a_channel_takes(idle: Bench, ledger: Ledger) -> None:
    idle.slack.limits.set("chat.postMessage", PER_CHANNEL)
    workers = [SlackCalls(idle.settings, pacer=Pace(ledger)) for _ in range(2)]
    waits = [post(idle, workers[n % 2]) for n in range(20)]
    assert 5 <= waits.count(0.0) < 20
    assert refused(idle) == 0
    alone = SlackCalls(idle.settings)
    assert any(post(idle, alone) for _ in range(20))
    assert refused(idle) > 0


def test_one_worker_that_is_told_to_wait_keeps_the_others_from_asking(idle: Bench, ledger: Ledger) -> None:
    workers = [SlackCalls(idle.settings, pacer=Pace(ledger)) for _ in range(2)]
    idle.slack.limits.refuse("chat.postMessage", retry_after=30)
    assert post(idle, workers[0]) == 30
    assert 25 < post(idle, workers[1]) <= 30
    assert len(idle.slack.calls("chat.postMessage")) == 1


def test_an_archived_channel_is_told_to_the_asker_alone_and_not_tried_again(idle: Bench) -> None:
    idle.ana.say(idle.general, MENTION)
    assert idle.slack.settle()
    idle.general.archived = True
    turn = idle.turns.recent()[0]
    idle.answering.run(turn.id)
    told = [each for each in idle.ana.sees(idle.ana.direct()) if each.user == idle.slack.workspace.bot.id]
    assert len(told) == 1
    after = idle.turns.recent()[0]
    assert (after.state, after.attempt) == (Outcome.FAILED, 1)
    assert "is_archived" in after.error


def test_a_shorter_answer_leaves_nothing_of_the_longer_one(slack: Bench) -> None:
    slack.model.text = LONG
    message = slack.ana.say(slack.general, MENTION)
    slack.answer_to(message, NOTICE)
    assert len(slack.replies(message)) > 1
    slack.model.text = "The doorkey lies in the shed. [1]"
    slack.ana.edit(message, "@candor where is the doorkey now?")
    slack.until(lambda: len(slack.replies(message)) == 1 and NOTICE in slack.replies(message)[0].shown)
    slack.settled()
    (reply,) = slack.replies(message)
    assert "in the shed" in reply.shown
    assert "word" not in reply.shown


def test_a_longer_answer_after_a_long_one_stands_once(slack: Bench) -> None:
    slack.model.text = LONG
    message = slack.ana.say(slack.general, MENTION)
    slack.answer_to(message, NOTICE)
    before = len(slack.replies(message))
    slack.model.text = LONG.replace("word", "other")
    slack.ana.edit(message, "@candor where is the doorkey now?")
    slack.until(lambda: "other" in slack.replies(message)[-1].shown)
    slack.settled()
    after = slack.replies(message)
    assert not any("word" in reply.shown for reply in after)
    assert abs(len(after) - before) <= 1
    shown = "\n".join(reply.shown for reply in after)
    assert all(shown.count(f"{name}: other") == 1 for name in PARTS)


def test_a_deleted_question_takes_every_part_of_its_answer_along(slack: Bench) -> None:
    slack.model.text = LONG
    message = slack.ana.say(slack.general, MENTION)
    slack.answer_to(message, NOTICE)
    slack.ana.delete(message)
    slack.until(lambda: not slack.slack.workspace.timeline.replies(slack.general.id, message.ts))


@pytest.mark.parametrize("streams", [True, False])
def test_every_message_has_plain_text_beside_its_blocks_and_fetches_no_links(
    slack: Bench, streams: bool
) -> None:
    if not streams:
        slack.slack.limits.refuse("chat.startStream", times=99)
    slack.model.text = LONG
    slack.answer_to(slack.ana.say(slack.general, MENTION), NOTICE)
    sent = slack.bodies("chat.postMessage", "chat.update")
    assert sent
    assert all(body["text"].strip() and body["blocks"] for body in sent)
    assert all(body["unfurl_links"] is False for body in slack.bodies("chat.postMessage"))

"""The whole way: Slack, a bot process, a real Redis, worker processes, and death in between."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from bot.platforms.slack.render import NOTICE
from bot.simulators.slack import App, SlackSimulator
from bot.simulators.slack.example import furnish
from bot.simulators.slack.page import SlackScene
from bot.simulators.slack.state.messages import Message
from bot.simulators.view import viewing
from tests.bot.platforms.slack.bench import MANIFEST
from tests.bot.platforms.slack.browser import install
from tests.bot.simulators.visitor import Visitor
from tests.cli.candor import Candor, eventually, read_until, stop
from tests.servers.redis_server import RedisServer

PAGE = "# Keys\n\n## Where is the doorkey?\n\nThe doorkey lies under the mat.\n"


@pytest.fixture
def slack() -> Iterator[SlackSimulator]:
    with SlackSimulator(App.from_manifest(yaml.safe_load(MANIFEST.read_text()))) as running:
        running.limits.off()
        yield running


@pytest.fixture
def candor(tmp_path: Path, slack: SlackSimulator) -> Iterator[Candor]:
    (tmp_path / "keys.md").write_text(PAGE)
    with RedisServer() as redis:
        made = Candor(tmp_path / "home", tmp_path).set(
            broker_url=redis.url,
            embedder="none",
            lease_seconds="1",
            slack_api_url=slack.api_url,
            slack_bot_token=slack.bot_token,
            slack_app_token=slack.app.app_token,
        )
        made.done("ingest", str(tmp_path / "keys.md"))
        yield made


def replies(slack: SlackSimulator, message: Message) -> list[Message]:
    return slack.workspace.timeline.replies(message.channel, message.ts)


def ended(slack: SlackSimulator, message: Message) -> bool:
    return any(NOTICE in reply.shown for reply in replies(slack, message))


def test_what_a_worker_loads_to_speak_knows_no_bolt() -> None:
    loaded = "import cli.bootstrap.worker, bot.platforms.slack.egress, sys; print(*sys.modules)"
    modules = subprocess.run(
        [sys.executable, "-c", loaded], capture_output=True, text=True, check=True
    ).stdout
    assert "slack_sdk" in modules.split()
    assert "slack_bolt" not in modules.split()


def test_a_mention_is_answered_once_across_processes(candor: Candor, slack: SlackSimulator) -> None:
    ana = slack.person("Ana")
    general = slack.workspace.channel("general", ana.user)
    with candor.running("bot", "slack") as bot, candor.worker():
        read_until(bot.stdout, "Socket Mode.")
        message = ana.say(general, "@candor where is the doorkey?")
        eventually(lambda: ended(slack, message))
        assert stop(bot) == 0
    (reply,) = replies(slack, message)
    assert "The doorkey lies under the mat." in reply.shown
    assert [turn["outcome"] for turn in candor.object("turns", "list")] == ["answered"]


def test_a_question_on_the_demos_page_is_answered_there_across_processes(
    candor: Candor, slack: SlackSimulator
) -> None:
    people = furnish(slack).people
    with (
        viewing(SlackScene(people)) as url,
        Visitor(url) as visitor,
        candor.running("bot", "slack") as bot,
        candor.worker(),
    ):
        read_until(bot.stdout, "Socket Mode.")
        assert visitor.open("/").write("@candor where is the doorkey?").status_code == 303
        eventually(lambda: "1 reply" in visitor.reads("channel"))
        visitor.follow("1 reply")
        eventually(lambda: "Good answer" in visitor.reads("thread"))
        assert "The doorkey lies under the mat. [1]" in visitor.reads("thread")
        assert "keys.md" in visitor.reads("thread")
        assert visitor.press("Good answer", "thread").status_code == 303
        assert stop(bot) == 0
    assert outcomes(candor) == ["answered"]


def test_a_killed_worker_leaves_one_answer(candor: Candor, slack: SlackSimulator) -> None:
    ana = slack.person("Ana")
    general = slack.workspace.channel("general", ana.user)
    with candor.running("bot", "slack") as bot:
        read_until(bot.stdout, "Socket Mode.")
        messages = [ana.say(general, f"@candor where is the doorkey? ({n})") for n in range(6)]
        assert slack.settle()
        with candor.worker() as worker:
            eventually(lambda: any(replies(slack, message) for message in messages))
            worker.kill()
            worker.wait()
        with candor.worker():
            eventually(lambda: all(ended(slack, message) for message in messages))
    assert [len(replies(slack, message)) for message in messages] == [1] * 6


def test_a_bot_killed_at_any_moment_loses_no_question(candor: Candor, slack: SlackSimulator) -> None:
    ana = slack.person("Ana")
    general = slack.workspace.channel("general", ana.user)
    with candor.running("bot", "slack") as bot:
        read_until(bot.stdout, "Socket Mode.")
        messages = [ana.say(general, f"@candor where is the doorkey? ({n})") for n in range(20)]
        bot.kill()
    slack.settle()
    with candor.running("bot", "slack") as bot, candor.worker():
        read_until(bot.stdout, "Socket Mode.")
        # Slack tries again after a minute, and after five.
        slack.clock.advance(400)
        eventually(lambda: all(ended(slack, message) for message in messages))
    assert [len(replies(slack, message)) for message in messages] == [1] * 20


def test_it_does_not_start_without_a_signing_secret(candor: Candor) -> None:
    assert "CANDOR_SLACK_SIGNING_SECRET" in candor.refused("bot", "slack", "--http")


def test_everything_in_one_process_hears_slack_where_its_tokens_are_set(
    candor: Candor, slack: SlackSimulator
) -> None:
    ana = slack.person("Ana")
    whole = candor.set(broker_url="memory://")
    with whole.running("up") as process:
        read_until(process.stdout, "Hearing Slack: Socket Mode.")
        message = ana.say(ana.direct(), "where is the doorkey?")
        eventually(lambda: ended(slack, message))
        assert stop(process) == 0
    assert len(replies(slack, message)) == 1


def test_the_doctor_knows_whether_slack_takes_the_token(candor: Candor, slack: SlackSimulator) -> None:
    found = {each["part"]: each for each in candor.object("doctor")}
    assert found["slack"]["state"] == "on"
    assert "Socket Mode" in found["slack"]["text"]
    slack.revoke(slack.workspace)
    told = candor.run("doctor", "--json")
    assert told.code == 1
    assert "CANDOR_SLACK_BOT_TOKEN" in told.out


def test_a_question_handed_to_people_comes_back_through_processes_that_die(
    candor: Candor, slack: SlackSimulator
) -> None:
    ana, ben = slack.person("Ana"), slack.person("Ben")
    general = slack.workspace.channel("general", ana.user)
    experts = slack.workspace.channel("experts", ben.user)
    candor = candor.set(experts=f"slack:{experts.id}")
    with candor.running("bot", "slack") as bot:
        read_until(bot.stdout, "Socket Mode.")
        with candor.worker():
            question = ana.say(general, "@candor who painted the garden fence?")
            eventually(lambda: ended(slack, question))
        # Nobody works while the question is handed over and claimed.
        (reply,) = replies(slack, question)
        assert ana.press(reply, "ask_person").acknowledged
        bot.kill()
    with candor.worker() as worker:
        eventually(lambda: slack.workspace.timeline.roots(experts.id))
        worker.kill()
        worker.wait()
    (card,) = slack.workspace.timeline.roots(experts.id)
    assert "who painted the garden fence?" in card.shown
    with candor.running("bot", "slack") as bot:
        read_until(bot.stdout, "Socket Mode.")
        assert ben.press(card, "claim").acknowledged
        with candor.worker():
            eventually(lambda: "has claimed" in card.shown)
            ben.say(experts, "My aunt did.", thread=card)
            eventually(lambda: any("My aunt did." in each.shown for each in replies(slack, question)))
            eventually(lambda: "has answered" in card.shown)
            eventually(lambda: outcomes(candor) == ["abstained", "escalated"])
    assert len(slack.workspace.timeline.roots(experts.id)) == 1


def outcomes(candor: Candor) -> list[str]:
    return sorted(turn["outcome"] for turn in candor.object("turns", "list"))


def test_a_second_workspace_is_answered_by_a_worker_that_has_no_token_of_its_own(
    candor: Candor, slack: SlackSimulator
) -> None:
    second = slack.add_workspace("Second")
    dot = slack.person("Dot", second, admin=True)
    several = candor.set(
        slack_bot_token="",
        slack_client_id=slack.app.client_id,
        slack_client_secret=slack.app.client_secret,
        slack_signing_secret=slack.app.signing_secret,
        slack_http_port="0",
        slack_redirect_url="http://127.0.0.1/slack/oauth_redirect",
    )
    with several.running("bot", "slack", "--http") as bot, several.worker():
        port = read_until(bot.stdout, "/slack/install").partition("port ")[2].partition(",")[0]
        slack.listen(f"http://127.0.0.1:{port}/slack/events")
        assert install(f"http://127.0.0.1:{port}", second.id).status_code == 200
        message = dot.say(dot.direct(), "where is the doorkey?")
        eventually(
            lambda: any(NOTICE in each.shown for each in second.timeline.replies(message.channel, message.ts))
        )
    found = {each["part"]: each for each in several.object("doctor")}
    assert "OAuth" in found["slack"]["text"]
    both = several.set(slack_bot_token="xoxb-1")
    assert "CANDOR_SLACK_BOT_TOKEN" in both.refused("bot", "slack", "--http")

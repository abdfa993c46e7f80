"""The page on a simulated workspace, over HTTP."""

from collections.abc import Iterator

import httpx
import pytest

from bot.simulators.slack import SlackSimulator
from bot.simulators.slack.example import Example, furnish
from bot.simulators.slack.page import SlackScene
from bot.simulators.view import viewing
from tests.bot.simulators.visitor import Visitor


@pytest.fixture
def example(slack: SlackSimulator) -> Example:
    return furnish(slack)


@pytest.fixture
def visitor(example: Example) -> Iterator[Visitor]:
    with viewing(SlackScene(example.people)) as url, Visitor(url) as made:
        yield made.open("/")


HOSTILE = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[here](javascript:alert(1))",
    "![seen](https://tracker.example/pixel.png)",
    '"><svg onload=alert(1)>',
    "<javascript:alert(1)|here>",
    "{{ person.platform.app.signing_secret }}",
)


@pytest.mark.parametrize("text", HOSTILE)
def test_what_anybody_wrote_is_shown_and_never_run(
    slack: SlackSimulator, example: Example, visitor: Visitor, text: str
) -> None:
    ana = example.people[0]
    slack.workspace.directory.user(example.people[1].id).real_name = text
    question = ana.say(example.general, text)
    for blocks in (
        [{"type": "markdown", "text": text}],
        [{"type": "section", "text": {"type": "mrkdwn", "text": text}}],
        [{"type": "context", "elements": [{"type": "plain_text", "text": text}]}],
        [{"type": "actions", "elements": [
            {"type": "button", "action_id": "b", "text": {"type": "plain_text", "text": text}, "value": text}
        ]}],
        [{"type": "rich_text", "elements": [
            {"type": "rich_text_section", "elements": [{"type": "link", "url": "javascript:x", "text": text}]}
        ]}],
    ):  # fmt: skip
        httpx.post(
            f"{slack.api_url}chat.postMessage",
            json={"channel": example.general.id, "thread_ts": question.ts, "text": text, "blocks": blocks},
            headers={"authorization": f"Bearer {slack.bot_token}"},
            trust_env=False,
        ).raise_for_status()
    visitor.open(f"/{ana.id}/{example.general.id}/{question.ts}")
    assert len(visitor.page.xpath("//*[@id='thread']/article")) == 6
    assert [each.get("src") for each in visitor.page.iter("script")] == ["/live.js"]
    assert visitor.page.xpath("//img | //svg | //@onerror | //@onload") == []
    assert [link for link in visitor.page.xpath("//@href") if "script" in link] == []
    assert slack.app.signing_secret not in visitor.page.text_content()


def test_nothing_is_loaded_from_elsewhere_and_no_other_site_may_frame_it(visitor: Visitor) -> None:
    for path in ("/", "/look.css", "/live.js", "/nothing"):
        answer = visitor.client.get(path)
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
    assert "http" not in visitor.client.get("/live.js").text
    assert "url(" not in visitor.client.get("/look.css").text


def test_another_site_can_neither_read_nor_act(example: Example, visitor: Visitor) -> None:
    assert visitor.client.get("/", headers={"host": "evil.example"}).status_code == 400
    form = {"person": example.people[0].id, "channel": example.general.id, "text": "hello"}
    for origin in ("https://evil.example", "null"):
        assert visitor.client.post("/do/say", data=form, headers={"origin": origin}).status_code == 403
    assert "hello" not in visitor.reads("channel")
    own = str(visitor.client.base_url).rstrip("/")
    assert visitor.client.post("/do/say", data=form, headers={"origin": own}).status_code == 303
    assert "hello" in visitor.reads("channel")


def test_a_form_leads_to_no_other_site(example: Example, visitor: Visitor) -> None:
    form = {"person": example.people[0].id, "channel": example.general.id, "text": "hello"}
    for back in ("https://evil.example/", "//evil.example/"):
        answer = visitor.client.post("/do/say", data={**form, "back": back})
        assert answer.headers["location"] in ("/", "")


def test_everybody_sees_their_own_channels(example: Example, visitor: Visitor) -> None:
    ana, _, cleo = example.people
    assert "board" in visitor.open(f"/{ana.id}/{example.general.id}").reads("places")
    assert "board" not in visitor.open(f"/{cleo.id}/{example.general.id}").reads("places")
    board = next(each for each in ana.workspace.directory.channels.values() if each.name == "board")
    assert visitor.client.get(f"/{cleo.id}/{board.id}").status_code == 404
    form = {"person": cleo.id, "channel": board.id, "text": "hello"}
    assert visitor.client.post("/do/say", data=form).status_code == 404


@pytest.mark.parametrize("path", ["/U1/C1", "/changes?at=/U1/C1", "/favicon.ico"])
def test_what_is_not_there_is_said_to_be_missing(visitor: Visitor, path: str) -> None:
    assert visitor.client.get(path).status_code == 404
    assert visitor.client.post("/do/nothing", data={}).status_code == 404


def test_people_are_switched_by_a_link(example: Example, visitor: Visitor) -> None:
    visitor.follow("Ben").write("Here is Ben.")
    (author,) = visitor.open(visitor.place).page.xpath("//article[contains(., 'Here is Ben.')]//strong")
    assert author.text_content() == "Ben"


def test_a_page_follows_what_happens(example: Example, visitor: Visitor) -> None:
    with visitor.news() as news:
        assert set(next(news)) == {"places", "channel", "thread", "modal"}
        example.people[1].say(example.general, "Is *anybody* here?")
        changed = next(news)
        assert set(changed) == {"channel"}
        assert "Is <strong>anybody</strong> here?" in changed["channel"]


def test_a_message_is_edited_reacted_to_and_deleted(example: Example, visitor: Visitor) -> None:
    visitor.write("Lunch is at noon.")
    visitor.press("Save the edit", "channel", text="Lunch is at one.")
    assert "Lunch is at one." in visitor.reads("channel")
    assert "(edited)" in visitor.reads("channel")
    example.people[1].react(example.people[0].sees(example.general)[-1], "+1")
    visitor.press("👍 1", "channel")
    assert "👍 2" in visitor.labels("channel")
    visitor.press("👍 2", "channel")
    assert "👍 1" in visitor.labels("channel")
    visitor.press("Delete", "channel")
    assert "Lunch is at" not in visitor.reads("channel")


def test_nobody_deletes_what_others_wrote(example: Example, visitor: Visitor) -> None:
    ana, ben, _ = example.people
    message = ben.say(example.general, "This stays.")
    form = {"person": ana.id, "channel": example.general.id, "ts": message.ts}
    answer = visitor.client.post("/do/delete", data=form)
    assert (answer.status_code, answer.text) == (409, "Slack says no: cant_update_message.")
    assert "This stays." in visitor.reads("channel")


def test_an_app_that_is_not_there_is_missed(visitor: Visitor) -> None:
    answer = visitor.write("/ask where is the doorkey?")
    assert answer.status_code == 409
    assert "Is it running?" in answer.text


def test_a_stream_grows_with_its_status_and_people_stop_it(
    slack: SlackSimulator, example: Example, visitor: Visitor
) -> None:
    ana = example.people[0]
    question = ana.say(example.general, "hello")

    def call(method: str, **arguments: object) -> httpx.Response:
        return httpx.post(
            f"{slack.api_url}{method}",
            json={"channel": example.general.id, **arguments},
            headers={"authorization": f"Bearer {slack.bot_token}"},
            trust_env=False,
        )

    card = {"type": "task_update", "id": "1", "title": "Searching", "status": "in_progress"}
    reader = {"recipient_team_id": slack.workspace.id, "recipient_user_id": ana.id}
    started = call("chat.startStream", thread_ts=question.ts, chunks=[card], **reader).json()
    visitor.open(f"/{ana.id}/{example.general.id}/{question.ts}")
    assert "Searching" in visitor.reads("thread")
    call("chat.appendStream", ts=started["ts"], markdown_text="The **key**")
    assert "The key" in visitor.reads("thread")
    visitor.press("Stop", "status")
    refused = call("chat.appendStream", ts=started["ts"], markdown_text=" is").json()
    assert refused["error"] == "stopped_by_user"

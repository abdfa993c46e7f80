"""People who act over HTTP, as a page in a browser has them do."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from bot.simulators.discord import DiscordSimulator, Person, Remote
from bot.simulators.discord.state.channels import FORUM, Channel

Json = dict[str, Any]

ASK: Json = {
    "name": "ask",
    "description": "Ask",
    "options": [{"type": 3, "name": "q", "description": "What"}],
}


class People:
    """A client of the simulator's people."""

    def __init__(self, client: httpx.Client) -> None:
        self.client = client

    def do(self, deed: str, **body: Any) -> Json:
        done = self.client.post(f"/deeds/{deed}", json={"person": "Ana", **body})
        assert done.is_success, done.text
        return dict(done.json())

    def see(self, channel: str, **query: Any) -> Json:
        return dict(
            self.client.get(f"/channels/{channel}/messages", params={"person": "Ana", **query}).json()
        )


@pytest.fixture
def people(simulator: DiscordSimulator, ana: Person) -> Iterator[People]:
    with (
        Remote(simulator) as remote,
        httpx.Client(base_url=f"{remote.url}/simulator", trust_env=False) as client,
    ):
        yield People(client)


def test_people_speak_change_their_mind_and_react(people: People, ana: Person, general: Channel) -> None:
    said = people.do("say", channel=general.id, text="first", files={"a.txt": "one"})
    people.do("edit", message=said["id"], text="second")
    people.do("react", message=said["id"], emoji="👍")
    people.do("reply", message=said["id"], text="myself")
    [first, second] = people.see(general.id)["messages"]
    assert (first["content"], first["edited"], first["reactions"]) == ("second", True, {"👍": [ana.id]})
    assert httpx.get(first["files"][0]["url"]).text == "one"
    assert second["reference"] == said["id"]
    people.do("delete", message=said["id"])
    assert len(people.see(general.id)["messages"]) == 1


def test_who_waits_sees_a_change_when_it_comes(people: People, http: httpx.Client, general: Channel) -> None:
    seen = people.see(general.id)
    assert people.see(general.id, unlike=seen["digest"])["digest"] == seen["digest"]
    with ThreadPoolExecutor(1) as pool:
        later = pool.submit(people.see, general.id, unlike=seen["digest"], seconds=10)
        http.post(f"/channels/{general.id}/messages", json={"content": "news"})
        assert [message["content"] for message in later.result()["messages"]] == ["news"]


def test_people_use_commands_buttons_and_modals(
    people: People, http: httpx.Client, simulator: DiscordSimulator, general: Channel
) -> None:
    http.put(f"/applications/{simulator.app.id}/commands", json=[ASK])
    asked = people.do("command", channel=general.id, command="/ask", options={"q": "why?"})
    [interaction] = simulator.world.interactions.values()
    modal = {
        "custom_id": "m",
        "title": "More",
        "components": [{"type": 1, "components": [{"type": 4, "custom_id": "t", "style": 1, "label": "T"}]}],
    }
    http.post(f"/interactions/{asked['id']}/{interaction.token}/callback", json={"type": 9, "data": modal})
    told = people.client.get(f"/interactions/{asked['id']}", params={"seconds": 3}).json()
    assert (told["answer"], told["modal"]["title"]) == (9, "More")
    submitted = people.do("submit", interaction=asked["id"], values={"t": "text"})
    assert submitted["kind"] == 5
    rows = [{"type": 1, "components": [{"type": 2, "style": 1, "label": "Yes", "custom_id": "yes"}]}]
    sent = http.post(f"/channels/{general.id}/messages", json={"content": "?", "components": rows}).json()
    assert people.do("press", message=sent["id"], custom_id="yes")["name"] == "yes"


def test_people_open_threads_and_posts_and_write_directly(
    people: People, simulator: DiscordSimulator, ana: Person, general: Channel
) -> None:
    said = people.do("say", channel=general.id, text="question")
    thread = people.do("thread", message=said["id"], name="Days off")
    assert thread["id"] == said["id"]
    forum = people.client.post("/channels", json={"name": "help", "kind": FORUM}).json()
    post = people.do("post", channel=forum["id"], title="How?", text="Tell me.")
    assert people.see(post["id"])["messages"][0]["content"] == "Tell me."
    people.do("direct", text="psst")
    assert ana.sees(ana.direct())[-1].content == "psst"
    bob = people.client.post("/people", json={"name": "Bob", "admin": True}).json()
    overview = people.client.get("/overview").json()
    assert [one["id"] for one in overview["people"]] == [ana.id, bob["id"]]
    assert [one["name"] for one in overview["guilds"][0]["channels"]] == [
        "general",
        "Days off",
        "help",
        "How?",
    ]


def test_failures_are_ordered_and_findings_read(
    people: People, http: httpx.Client, simulator: DiscordSimulator, general: Channel
) -> None:
    route = "POST /channels/{channel_id}/messages"
    people.client.post("/faults/fail", json={"route": route, "status": 500})
    assert http.post(f"/channels/{general.id}/messages", json={"content": "x"}).status_code == 500
    http.post(f"/channels/{general.id}/messages", json={"content": "x" * 2001})
    [finding] = people.client.get("/findings").json()["findings"]
    assert finding["rule"] == "http 400"


def test_what_is_not_there_is_said(people: People, general: Channel) -> None:
    refused = people.client.post("/deeds/say", json={"person": "Nobody", "channel": general.id, "text": "x"})
    assert (refused.status_code, refused.json()["code"]) == (404, 10013)
    assert people.client.post("/deeds/dance", json={"person": "Ana"}).status_code == 404
    assert people.client.post("/deeds/say", json={"person": "Ana"}).status_code == 400

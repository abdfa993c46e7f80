"""Commands as they are registered, and as people may use them."""

from typing import Any

import httpx
import pytest

from bot.simulators.discord import DiscordError, DiscordSimulator, Person
from bot.simulators.discord.rules import permissions
from bot.simulators.discord.state.channels import Channel
from tests.bot.simulators.discord.refusals import fault, refusal

Json = dict[str, Any]


def command(name: str = "ask", *options: Json, **more: Any) -> Json:
    return {"name": name, "description": "Ask", "options": list(options), **more}


def option(name: str = "question", kind: int = 3, **more: Any) -> Json:
    return {"type": kind, "name": name, "description": "What", **more}


@pytest.fixture
def place(simulator: DiscordSimulator) -> str:
    simulator.limits.off()
    return f"/applications/{simulator.app.id}/commands"


def test_a_list_replaces_the_last_one_and_keeps_the_ids_of_what_stays(
    http: httpx.Client, simulator: DiscordSimulator, place: str
) -> None:
    first = http.put(place, json=[command("ask"), command("search")]).json()
    second = http.put(place, json=[command("ask"), command("sources")]).json()
    assert (first[0]["id"], first[0]["version"]) == (second[0]["id"], second[0]["version"])
    changed = http.put(place, json=[command("ask", option())]).json()
    assert changed[0]["id"] == first[0]["id"]
    assert changed[0]["version"] != first[0]["version"]
    assert [one["name"] for one in http.get(place).json()] == ["ask"]
    assert simulator.world.commands.writes == 3


def test_one_command_is_added_changed_and_taken_away(http: httpx.Client, place: str) -> None:
    made = http.post(place, json=command("ask"))
    assert made.status_code == 201
    one = f"{place}/{made.json()['id']}"
    assert http.patch(one, json={"description": "Ask me"}).json()["description"] == "Ask me"
    assert http.get(one).json()["description"] == "Ask me"
    assert http.delete(one).status_code == 204
    assert refusal(http.get(one)) == (404, 10063)


def test_a_guilds_own_commands_stand_before_those_for_all(
    http: httpx.Client, simulator: DiscordSimulator, place: str, ana: Person, general: Channel
) -> None:
    for_all = http.put(place, json=[command("ask"), command("search")]).json()
    own = f"/applications/{simulator.app.id}/guilds/{simulator.guild.id}/commands"
    [here] = http.put(own, json=[command("ask")]).json()
    assert here["guild_id"] == simulator.guild.id
    assert ana.command(general, "ask").data["id"] == here["id"]
    assert ana.command(general, "search").data["id"] == for_all[1]["id"]
    assert ana.command(ana.direct(), "ask").data["id"] == for_all[0]["id"]


@pytest.mark.parametrize(
    ("given", "path"),
    [
        (command("Ask"), [0, "name"]),
        (command("ask me"), [0, "name"]),
        (command("x" * 33), [0, "name"]),
        (command(description="x" * 101), [0, "description"]),
        (command("ask", *(option(str(n)) for n in range(26))), [0, "options"]),
        (command("ask", option(), option("b", required=True)), [0, "options", 1]),
        (command("ask", option(), option()), [0, "options", 1, "name"]),
        (
            command("ask", option(choices=[{"name": "x" * 101, "value": "x"}])),
            [0, "options", 0, "choices", 0, "name"],
        ),
        (command("ask", option(autocomplete=True, choices=[{"name": "x", "value": "x"}])), [0, "options", 0]),
        ({"name": "Ask about this", "type": 3, "description": "x"}, [0, "description"]),
    ],
)
def test_what_discord_would_not_register_is_refused_at_its_place(
    http: httpx.Client, place: str, given: Json, path: list[str | int]
) -> None:
    assert fault(http.put(place, json=[given]), *path)


def test_a_name_is_registered_once_and_only_so_many(http: httpx.Client, place: str) -> None:
    assert fault(http.put(place, json=[command(), command()]), 1, "name")
    assert http.put(place, json=[command(str(n)) for n in range(100)]).is_success
    assert fault(http.put(place, json=[command(str(n)) for n in range(101)]))
    assert http.put(place, json=[command(f"a{n}") for n in range(100)]).is_success
    assert refusal(http.put(place, json=[command("b")])) == (400, 30034)


def test_people_fill_in_what_the_options_ask_for(
    http: httpx.Client, simulator: DiscordSimulator, place: str, ana: Person, general: Channel
) -> None:
    choices = [{"name": "A day", "value": 1}]
    options = [option(required=True, max_length=5), option("days", 4, choices=choices), option("who", 6)]
    http.put(place, json=[command("ask", *options)])
    for wrong, reason in (
        ({}, "question is required"),
        ({"question": "too long"}, "does not fit question"),
        ({"question": "why", "days": 2}, "does not fit days"),
        ({"question": "why", "where": 2}, "no option where"),
    ):
        with pytest.raises(DiscordError, match=reason):
            ana.command(general, "ask", **wrong)
    asked = ana.command(general, "ask", question="why", days=1, who=ana.user)
    assert [one["value"] for one in asked.data["options"]] == ["why", 1, ana.id]
    assert asked.data["resolved"]["users"][ana.id]["username"] == "ana"
    assert "permissions" in asked.data["resolved"]["members"][ana.id]
    with pytest.raises(DiscordError, match="10063"):
        ana.command(general, "other")
    assert simulator.findings == []


def test_subcommands_are_nested(http: httpx.Client, place: str, ana: Person, general: Channel) -> None:
    http.put(place, json=[command("settings", option("language", 1, options=[option("code")]))])
    used = ana.command(general, "/settings language", code="de")
    [nested] = used.data["options"]
    assert (nested["name"], nested["type"]) == ("language", 1)
    assert nested["options"] == [{"name": "code", "type": 3, "value": "de"}]


def test_a_command_for_administrators_is_nobody_elses(
    http: httpx.Client, simulator: DiscordSimulator, place: str, ana: Person, general: Channel
) -> None:
    http.put(place, json=[command("settings", default_member_permissions=str(permissions.MANAGE_GUILD))])
    with pytest.raises(DiscordError, match="50013"):
        ana.command(general, "settings")
    boss = simulator.person("Boss", admin=True)
    assert boss.command(general, "settings").name == "settings"

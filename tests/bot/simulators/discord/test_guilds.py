"""Guilds, roles, members, channels and threads over plain HTTP, and what permissions come to."""

import httpx
import pytest

from bot.simulators.discord import App, DiscordError, DiscordSimulator, Person
from bot.simulators.discord.rules import permissions
from bot.simulators.discord.state.channels import FORUM, Channel, Overwrite
from tests.bot.simulators.discord.refusals import fault, refusal


def test_a_guild_is_read_with_its_roles_members_and_channels(
    http: httpx.Client, simulator: DiscordSimulator, ana: Person, general: Channel
) -> None:
    place = f"/guilds/{simulator.guild.id}"
    role = simulator.role("ops")
    simulator.world.join(simulator.guild, ana.user, role)
    assert http.get(place).json()["name"] == "Candor Test"
    assert [one["name"] for one in http.get(f"{place}/roles").json()] == ["@everyone", "Candor", "ops"]
    assert http.get(f"{place}/roles/{role.id}").json()["name"] == "ops"
    assert http.get(f"{place}/members/{ana.id}").json()["roles"] == [role.id]
    assert refusal(http.get(f"{place}/members/1")) == (404, 10007)
    assert len(http.get(f"{place}/members", params={"limit": 10}).json()) == 2
    assert [
        one["user"]["id"] for one in http.get(f"{place}/members/search", params={"query": "an"}).json()
    ] == [ana.id]
    assert [one["id"] for one in http.get(f"{place}/channels").json()] == [general.id]
    assert [one["id"] for one in http.get("/users/@me/guilds").json()] == [simulator.guild.id]
    assert http.get(f"/users/{ana.id}").json()["global_name"] == "Ana"
    elsewhere = simulator.world.add_guild("Elsewhere", with_bot=False)
    assert refusal(http.get(f"/guilds/{elsewhere.id}")) == (404, 10004)


def test_members_are_listed_for_who_was_granted_the_intent() -> None:
    with DiscordSimulator(App(intents=0)) as simulator:
        headers = {"Authorization": f"Bot {simulator.app.token}"}
        listed = httpx.get(f"{simulator.api_url}/guilds/{simulator.guild.id}/members", headers=headers)
        assert refusal(listed) == (403, 50001)


def test_content_is_read_by_who_was_granted_the_intent() -> None:
    with DiscordSimulator(App(intents=0)) as simulator:
        ana, room = simulator.person("Ana"), simulator.channel("room")
        secret = ana.say(room, "secret")
        ana.mention(room, "open")
        ana.reply(secret, "secret too")
        headers = {"Authorization": f"Bot {simulator.app.token}"}
        listed = httpx.get(f"{simulator.api_url}/channels/{room.id}/messages", headers=headers).json()
    assert [one["content"] for one in listed] == ["", f"<@{simulator.app.id}> open", ""]
    assert listed[0]["referenced_message"]["content"] == ""


def test_the_app_reads_itself(http: httpx.Client, simulator: DiscordSimulator) -> None:
    told = http.get("/oauth2/applications/@me").json()
    assert told["verify_key"] == simulator.app.public_key
    assert told["flags"] & (1 << 19)
    assert http.get("/users/@me").json()["id"] == simulator.app.id
    wrong = httpx.get(f"{simulator.api_url}/users/@me", headers={"Authorization": "Bot wrong"})
    assert (wrong.status_code, wrong.json()) == (401, {"message": "401: Unauthorized", "code": 0})


def test_overwrites_take_and_give_in_their_order(simulator: DiscordSimulator, ana: Person) -> None:
    guild, world = simulator.guild, simulator.world
    sees = permissions.VIEW_CHANNEL
    ops, staff = simulator.role("ops"), simulator.role("staff")
    channel = simulator.channel("room")

    def may() -> bool:
        return world.may(ana.id, channel, sees)

    world.overwrite(channel, Overwrite(guild.id, 0, deny=sees))
    assert not may()
    world.join(guild, ana.user, ops, staff)
    world.overwrite(channel, Overwrite(ops.id, 0, allow=sees))
    world.overwrite(channel, Overwrite(staff.id, 0, deny=sees))
    assert may()
    world.overwrite(channel, Overwrite(ana.id, 1, deny=sees))
    assert not may()
    boss = simulator.person("Boss", admin=True)
    assert world.permissions(boss.id, channel) == permissions.ALL
    world.take_role(guild, ana.user, ops)
    world.overwrite(channel, None, ana.id)
    assert not may()


def test_a_channel_for_some_is_for_them_alone(simulator: DiscordSimulator, ana: Person) -> None:
    bob = simulator.person("Bob")
    room = simulator.channel("room", only=(ana,))
    assert ana.say(room, "mine").content == "mine"
    with pytest.raises(DiscordError, match="50001"):
        bob.sees(room)
    assert simulator.world.may(simulator.app.id, room, permissions.VIEW_CHANNEL)


def test_channels_are_changed_by_those_who_manage_them() -> None:
    rights = permissions.BOT | permissions.MANAGE_CHANNELS | permissions.MANAGE_ROLES
    with DiscordSimulator(App(permissions=rights)) as simulator:
        headers = {"Authorization": f"Bot {simulator.app.token}"}
        with httpx.Client(base_url=simulator.api_url, headers=headers, trust_env=False) as http:
            guild = simulator.guild.id
            made = http.post(f"/guilds/{guild}/channels", json={"name": "new"}).json()
            place = f"/channels/{made['id']}"
            assert http.patch(place, json={"topic": "t"}).json()["topic"] == "t"
            overwrite = f"{place}/permissions/{guild}"
            assert http.put(overwrite, json={"type": 0, "deny": "2048"}).status_code == 204
            assert http.get(place).json()["permission_overwrites"][0]["deny"] == "2048"
            assert http.delete(overwrite).status_code == 204
            assert refusal(http.delete(overwrite)) == (404, 10009)
            assert http.delete(place).is_success
            assert refusal(http.get(place)) == (404, 10003)


def test_channels_are_not_changed_by_others(
    http: httpx.Client, simulator: DiscordSimulator, general: Channel
) -> None:
    assert refusal(http.patch(f"/channels/{general.id}", json={"topic": "t"})) == (403, 50013)
    made = http.post(f"/guilds/{simulator.guild.id}/channels", json={"name": "new"})
    assert refusal(made) == (403, 50013)


def test_a_thread_begins_at_a_message_and_has_its_id(
    http: httpx.Client, ana: Person, general: Channel
) -> None:
    message = ana.say(general, "question")
    place = f"/channels/{general.id}/messages/{message.id}/threads"
    thread = http.post(place, json={"name": "Days off"}).json()
    assert (thread["id"], thread["type"], thread["message_count"]) == (message.id, 11, 0)
    assert refusal(http.post(place, json={"name": "Again"})) == (400, 160004)
    assert fault(http.post(place, json={"name": ""}), "name")
    assert fault(http.post(place, json={"name": "x", "auto_archive_duration": 5}), "auto_archive_duration")
    read = http.get(f"/channels/{general.id}/messages/{message.id}").json()
    assert read["thread"]["id"] == message.id
    [starter] = http.get(f"/channels/{thread['id']}/messages").json()
    assert (starter["type"], starter["referenced_message"]["content"]) == (21, "question")
    assert http.get(f"/channels/{thread['id']}/thread-members").json()[0]["user_id"] != ana.id


def test_a_forum_takes_posts_and_nothing_else(
    http: httpx.Client, simulator: DiscordSimulator, ana: Person
) -> None:
    forum = simulator.channel("help", FORUM)
    post = http.post(
        f"/channels/{forum.id}/threads", json={"name": "How", "message": {"content": "So."}}
    ).json()
    assert post["message"]["id"] == post["id"]
    thread = simulator.world.channel(post["id"])
    assert [message.content for message in ana.sees(thread)] == ["So."]
    assert fault(http.post(f"/channels/{forum.id}/threads", json={"name": "How"}), "message")
    with pytest.raises(DiscordError, match="50008"):
        ana.say(forum, "loose")


def test_threads_are_entered_left_listed_and_archived(
    http: httpx.Client, simulator: DiscordSimulator, ana: Person, general: Channel
) -> None:
    thread = ana.open_thread(general, "t")
    place = f"/channels/{thread.id}/thread-members/@me"
    assert http.put(place).status_code == 204
    active = http.get(f"/guilds/{simulator.guild.id}/threads/active").json()
    assert ([one["id"] for one in active["threads"]], len(active["members"])) == ([thread.id], 1)
    assert http.delete(place).status_code == 204
    assert simulator.app.id not in thread.members
    ana.archive(thread)
    assert refusal(http.put(place)) == (400, 50083)
    archived = http.get(f"/channels/{general.id}/threads/archived/public").json()
    assert [one["id"] for one in archived["threads"]] == [thread.id]
    assert refusal(http.patch(f"/channels/{thread.id}", json={"archived": False})) == (403, 50013)


def test_a_bot_that_was_removed_sees_nothing_more(
    http: httpx.Client, simulator: DiscordSimulator, general: Channel
) -> None:
    simulator.world.remove_bot(simulator.guild)
    assert refusal(http.get(f"/channels/{general.id}/messages")) == (403, 50001)
    assert http.get("/users/@me/guilds").json() == []

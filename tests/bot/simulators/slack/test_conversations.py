from slack_sdk import WebClient

from bot.simulators.slack import Person, SlackSimulator
from bot.simulators.slack.state.channels import Channel
from tests.bot.simulators.slack.refusals import refusal


def test_history_is_newest_first_in_pages_and_without_replies(
    client: WebClient, ana: Person, general: Channel
) -> None:
    roots = [ana.say(general, str(n)) for n in range(5)]
    ana.say(general, "reply", thread=roots[0])
    texts, counts = [], []
    for page in client.conversations_history(channel=general.id, limit=2):
        texts.append([message["text"] for message in page["messages"]])
        counts += [message.get("reply_count", 0) for message in page["messages"]]
    assert texts == [["4", "3"], ["2", "1"], ["0"]]
    assert counts == [0, 0, 0, 0, 1]
    since = client.conversations_history(channel=general.id, oldest=roots[2].ts)["messages"]
    assert [message["text"] for message in since] == ["4", "3"]
    from_there = client.conversations_history(channel=general.id, oldest=roots[2].ts, inclusive=True)[
        "messages"
    ]
    assert from_there[-1]["text"] == "2"


def test_replies_begin_with_the_root(client: WebClient, ana: Person, general: Channel) -> None:
    root = ana.say(general, "root")
    ana.say(general, "first", thread=root)
    ana.say(general, "second", thread=root)
    messages = client.conversations_replies(channel=general.id, ts=root.ts)["messages"]
    assert [message["text"] for message in messages] == ["root", "first", "second"]
    assert messages[1]["parent_user_id"] == ana.id
    assert refusal(client.conversations_replies, channel=general.id, ts="1.000001") == "thread_not_found"


def test_a_broadcast_reply_stands_in_the_channel_too(
    client: WebClient, ana: Person, general: Channel
) -> None:
    root = ana.say(general, "root")
    ana.say(general, "loud", thread=root, broadcast=True)
    messages = client.conversations_history(channel=general.id)["messages"]
    assert [message.get("subtype") for message in messages] == ["thread_broadcast", None]
    assert messages[0]["root"]["text"] == "root"


def test_history_is_for_members_alone(slack: SlackSimulator, client: WebClient, ana: Person) -> None:
    outside = slack.workspace.channel("outside", ana.user, with_bot=False)
    assert refusal(client.conversations_history, channel=outside.id) == "not_in_channel"
    client.conversations_join(channel=outside.id)
    assert client.conversations_history(channel=outside.id)["ok"]
    hidden = slack.workspace.channel("hidden", ana.user, private=True, with_bot=False)
    assert refusal(client.conversations_join, channel=hidden.id) == "channel_not_found"


def test_channels_are_listed_as_far_as_the_app_can_know_of_them(
    slack: SlackSimulator, client: WebClient, ana: Person, general: Channel
) -> None:
    slack.workspace.channel("hidden", ana.user, private=True, with_bot=False)
    slack.workspace.channel("known", ana.user, private=True)
    types = "public_channel,private_channel"
    names = [channel["name"] for channel in client.conversations_list(types=types)["channels"]]
    assert names == ["general", "known"]
    hers = client.users_conversations(user=ana.id, types=types)["channels"]
    assert [channel["name"] for channel in hers] == ["general", "known"]
    assert refusal(client.conversations_list, types="secret") == "invalid_types"


def test_who_people_are_is_told_with_guests_and_strangers(
    slack: SlackSimulator, client: WebClient, ana: Person
) -> None:
    guest = slack.person("Gus", guest="single")
    stranger = slack.person("Sam", team="T0ELSEWHERE")
    assert client.users_info(user=ana.id)["user"]["is_admin"]
    assert client.users_info(user=guest.id)["user"]["is_ultra_restricted"]
    assert client.users_info(user=stranger.id)["user"]["is_stranger"]
    assert client.users_lookupByEmail(email="ana@example.com")["user"]["id"] == ana.id
    assert refusal(client.users_lookupByEmail, email="x@example.com") == "users_not_found"
    assert refusal(client.users_info, user="U123") == "user_not_found"


def test_members_and_user_groups_are_listed(
    slack: SlackSimulator, client: WebClient, ana: Person, general: Channel
) -> None:
    experts = slack.workspace.directory.add_group("experts", [ana.id])
    members = client.conversations_members(channel=general.id)["members"]
    assert set(members) == {ana.id, slack.workspace.bot.id}
    assert client.usergroups_users_list(usergroup=experts.id)["users"] == [ana.id]
    assert refusal(client.usergroups_users_list, usergroup="S123") == "no_such_subteam"


def test_a_direct_conversation_is_opened_once(client: WebClient, ana: Person) -> None:
    first = client.conversations_open(users=[ana.id])["channel"]["id"]
    assert client.conversations_open(users=[ana.id])["channel"]["id"] == first == ana.direct().id
    posted = client.chat_postMessage(channel=ana.id, text="hello")
    assert posted["channel"] == first


def test_reactions_are_put_on_once_and_taken_back(client: WebClient, ana: Person, general: Channel) -> None:
    message = ana.say(general, "x")
    where = {"channel": general.id, "timestamp": message.ts}
    client.reactions_add(**where, name="eyes")
    assert refusal(client.reactions_add, **where, name="eyes") == "already_reacted"
    assert refusal(client.reactions_add, **where, name="no such!") == "invalid_name"
    [reaction] = client.reactions_get(channel=general.id, timestamp=message.ts)["message"]["reactions"]
    assert (reaction["name"], reaction["count"]) == ("eyes", 1)
    client.reactions_remove(**where, name="eyes")
    assert refusal(client.reactions_remove, **where, name="eyes") == "no_reaction"


def test_files_of_a_shared_channel_have_to_be_asked_for(
    slack: SlackSimulator, client: WebClient, ana: Person
) -> None:
    shared = slack.workspace.channel("partners", ana.user, shared_with=["T0ELSEWHERE"])
    ana.say(shared, "x", files={"a.txt": b"a"})
    [message] = client.conversations_history(channel=shared.id)["messages"]
    assert message["files"][0]["file_access"] == "check_file_info"
    assert client.conversations_info(channel=shared.id)["channel"]["is_ext_shared"]

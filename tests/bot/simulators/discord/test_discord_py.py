"""The simulator carries discord.py itself, unpatched."""

from typing import Any

import discord

from bot.simulators.discord import DiscordSimulator, Person
from bot.simulators.discord.state.channels import FORUM, Channel
from tests.bot.simulators.discord.clients import Client, Running


def test_it_logs_in_and_knows_the_guild(
    running: Running, simulator: DiscordSimulator, general: Channel
) -> None:
    client = running.client
    assert client.user
    assert (client.user.id, client.user.name) == (int(simulator.app.id), "candor")
    [guild] = client.guilds
    assert guild.name == "Candor Test"
    channel = guild.get_channel(int(general.id))
    assert channel
    assert channel.permissions_for(guild.me).send_messages
    assert simulator.findings == []


def test_it_hears_a_message_and_replies(
    running: Running, client: Client, simulator: DiscordSimulator, ana: Person, general: Channel
) -> None:
    question = ana.mention(general, "how many days off?")
    heard: discord.Message = client.next("message")
    assert heard.content == f"<@{simulator.app.id}> how many days off?"
    assert heard.author.name == "ana"
    assert [user.id for user in heard.mentions] == [int(simulator.app.id)]
    running.call(heard.reply, "Thirty.", mention_author=False)
    [asked, reply] = ana.sees(general)
    assert (asked, reply.content, reply.reference) == (question, "Thirty.", question.id)
    assert not reply.pings
    sent: discord.Message = client.next("message", 2)
    running.call(sent.edit, content="Thirty days.")
    assert ana.sees(general)[-1].content == "Thirty days."
    running.call(sent.delete)
    assert ana.sees(general) == [question]
    client.next("raw_message_delete")


def test_edits_and_deletions_arrive_raw(
    client: Client, running: Running, ana: Person, general: Channel
) -> None:
    message = ana.say(general, "first")
    ana.edit(message, "second")
    edit: discord.RawMessageUpdateEvent = client.next("raw_message_edit")
    assert edit.data["content"] == "second"
    assert edit.data["edited_timestamp"]
    ana.delete(message)
    assert client.next("raw_message_delete").message_id == int(message.id)


def test_reactions_arrive_raw_and_can_be_put(
    client: Client, running: Running, ana: Person, general: Channel
) -> None:
    ana.say(general, "hello")
    heard: discord.Message = client.next("message")
    running.call(heard.add_reaction, "👍")
    assert ana.sees(general)[0].reactions == {"👍": [str(running.client.user and running.client.user.id)]}
    ana.react(ana.sees(general)[0], "👎")
    added: discord.RawReactionActionEvent = client.next("raw_reaction_add", 2)
    assert (str(added.emoji), added.user_id, added.message_id) == ("👎", int(ana.id), heard.id)
    ana.unreact(ana.sees(general)[0], "👎")
    removed = client.next("raw_reaction_remove")
    assert str(removed.emoji) == "👎"


def test_a_direct_message_is_heard_and_answered(client: Client, running: Running, ana: Person) -> None:
    ana.say(ana.direct(), "hello")
    heard: discord.Message = client.next("message")
    assert heard.guild is None
    running.call(heard.channel.send, "hello yourself")
    assert [message.content for message in ana.sees(ana.direct())] == ["hello", "hello yourself"]


def test_a_slash_command_is_registered_used_deferred_and_answered(
    client: Client, running: Running, simulator: DiscordSimulator, ana: Person, general: Channel
) -> None:
    @client.tree.command(name="ask", description="Ask a question")
    @discord.app_commands.describe(question="What you want to know", private="Only for you")
    async def ask(interaction: discord.Interaction, question: str, private: bool = False) -> None:
        await interaction.response.defer(ephemeral=private, thinking=True)
        await interaction.followup.send(f"You asked: {question}")

    running.call(client.tree.sync)
    open_to_all = ana.command(general, "/ask", question="why?")
    assert simulator.wait_for(lambda: open_to_all.shown)
    assert (open_to_all.shown, open_to_all.ephemeral) == ("You asked: why?", False)
    alone = ana.command(general, "/ask", question="and?", private=True)
    assert simulator.wait_for(lambda: alone.shown)
    assert alone.ephemeral
    bob = simulator.person("Bob")
    assert [message.content for message in bob.sees(general)] == ["You asked: why?"]
    assert [message.content for message in ana.sees(general)] == ["You asked: why?", "You asked: and?"]
    assert simulator.findings == []


def test_autocompletion_proposes_what_the_app_knows(
    client: Client, running: Running, simulator: DiscordSimulator, ana: Person, general: Channel
) -> None:
    @client.tree.command(name="sources", description="Show a source")
    async def sources(interaction: discord.Interaction, name: str) -> None:
        await interaction.response.send_message(name)

    @sources.autocomplete("name")
    async def complete(_: discord.Interaction, current: str) -> list[discord.app_commands.Choice[str]]:
        return [discord.app_commands.Choice(name=f"{current}book", value="handbook")]

    running.call(client.tree.sync)
    typed = ana.complete(general, "sources", "name", "hand")
    assert simulator.wait_for(lambda: typed.answer)
    assert typed.choices == [{"name": "handbook", "value": "handbook"}]


def test_a_context_menu_hands_over_the_message_even_without_the_intent(
    simulator: DiscordSimulator, ana: Person, general: Channel
) -> None:
    client = Client(discord.Intents.default())
    read: list[str] = []

    @client.tree.context_menu(name="Ask about this")
    async def about(interaction: discord.Interaction, message: discord.Message) -> None:
        read.append(message.content)
        await interaction.response.send_message("Well.", ephemeral=True)

    with Running(client, simulator) as running:
        client.next("ready")
        running.call(client.tree.sync)
        asked = ana.menu(ana.say(general, "long story"), "Ask about this")
        assert simulator.wait_for(lambda: asked.answer)
        assert client.next("message").content == ""
    assert read == ["long story"]
    assert asked.ephemeral


class Reason(discord.ui.Modal, title="Why?"):
    why: discord.ui.TextInput["Reason"] = discord.ui.TextInput(label="What was wrong?", custom_id="why")

    async def on_submit(self, interaction: discord.Interaction, /) -> None:
        await interaction.response.send_message(f"Noted: {self.why.value}", ephemeral=True)


class Thumbs(discord.ui.View):
    def __init__(self) -> None:
        super().__init__(timeout=None)

    @discord.ui.button(label="👎", custom_id="fb:down")
    async def down(self, interaction: discord.Interaction, _: Any) -> None:
        await interaction.response.send_modal(Reason())
        # discord.py knows of a modal only once Discord has answered: nobody fills it in sooner.
        interaction.client.dispatch("asked")

    @discord.ui.button(label="👍", custom_id="fb:up")
    async def up(self, interaction: discord.Interaction, _: Any) -> None:
        await interaction.response.edit_message(content="Thank you.", view=None)


async def send_with_thumbs(channel: Any) -> None:
    # A view belongs to the loop in which it is made.
    await channel.send("An answer.", view=Thumbs())


async def listen_for_thumbs(client: Client) -> None:
    client.add_view(Thumbs())


def test_a_button_opens_a_modal_that_is_filled_in(
    client: Client, running: Running, simulator: DiscordSimulator, ana: Person, general: Channel
) -> None:
    ana.say(general, "hello")
    heard: discord.Message = client.next("message")
    running.call(send_with_thumbs, heard.channel)
    answer = ana.sees(general)[-1]
    down = ana.press(answer, "fb:down")
    client.next("asked")
    sent = ana.submit(down, {"why": "It is old."})
    assert simulator.wait_for(lambda: sent.shown)
    assert (sent.shown, sent.ephemeral) == ("Noted: It is old.", True)
    up = ana.press(answer, "fb:up")
    assert simulator.wait_for(lambda: up.answer)
    assert (answer.content, answer.components) == ("Thank you.", [])
    assert simulator.findings == []


def test_a_button_of_an_earlier_process_works_in_the_next(
    simulator: DiscordSimulator, ana: Person, general: Channel
) -> None:
    first, second = Client(), Client()
    with Running(first, simulator) as running:
        first.next("ready")
        channel = first.get_channel(int(general.id))
        assert isinstance(channel, discord.TextChannel)
        running.call(send_with_thumbs, channel)
    with Running(second, simulator) as running:
        second.next("ready")
        running.call(listen_for_thumbs, second)
        up = ana.press(ana.sees(general)[-1], "fb:up")
        assert simulator.wait_for(lambda: up.answer)


def test_threads_and_forum_posts_are_told_of_and_answered(
    client: Client, running: Running, simulator: DiscordSimulator, ana: Person, general: Channel
) -> None:
    thread = ana.open_thread(ana.say(general, "a question"), "Days off")
    told: discord.Thread = client.next("thread_create")
    assert (told.id, told.parent_id, told.name) == (int(thread.id), int(general.id), "Days off")
    running.call(told.send, "In here.")
    assert ana.sees(thread)[-1].content == "In here."
    forum = simulator.channel("help", FORUM)
    client.next("guild_channel_create")
    post = ana.post(forum, "How?", "Tell me how.")
    asked: discord.Thread = client.next("thread_create", 2)
    assert asked.id == int(post.id)
    starter = running.call(asked.fetch_message, asked.id)
    assert starter.content == "Tell me how."
    place = client.get_channel(int(forum.id))
    assert isinstance(place, discord.ForumChannel)
    made = running.call(place.create_thread, name="Mine", content="First")
    assert made.message.id == made.thread.id
    own = running.call(starter_thread, client, general, "Of my own")
    assert simulator.world.channel(str(own.id)).name == "Of my own"


async def starter_thread(client: Client, general: Channel, name: str) -> discord.Thread:
    channel = client.get_channel(int(general.id))
    assert isinstance(channel, discord.TextChannel)
    message = await channel.send("Begin here.")
    return await message.create_thread(name=name)


def test_files_travel_both_ways(client: Client, running: Running, ana: Person, general: Channel) -> None:
    ana.say(general, "", files={"a.txt": b"one\r\ntwo\n"})
    heard: discord.Message = client.next("message")
    assert running.call(heard.attachments[0].read) == b"one\r\ntwo\n"

    async def send() -> None:
        await heard.channel.send("here", file=discord.File(__file__, "b.py"))

    running.call(send)
    [file] = ana.sees(general)[-1].files
    assert (file.name, file.content.startswith(b'"""The simulator carries')) == ("b.py", True)


def test_without_the_intent_only_what_is_meant_for_the_bot_can_be_read(
    simulator: DiscordSimulator, ana: Person, general: Channel
) -> None:
    client = Client(discord.Intents.default())
    with Running(client, simulator):
        client.next("ready")
        ana.say(general, "secret", files={"a.txt": b"x"})
        ana.mention(general, "open")
        ana.say(ana.direct(), "direct")
        contents = [client.next("message", n + 1) for n in range(3)]
    assert [message.content for message in contents] == ["", f"<@{simulator.app.id}> open", "direct"]
    assert contents[0].attachments == []

"""Discord's speaking half against the simulator: where a reply goes, and what can happen to it there."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from pydantic import SecretStr

from bot import outgoing
from bot.platforms.discord.calls import DiscordCalls
from bot.platforms.discord.egress import DiscordSpeaker, open_speaker
from bot.platforms.discord.places import promise
from bot.platforms.discord.render import NOTICE
from bot.platforms.discord.settings import DiscordSettings
from bot.simulators.discord import DiscordSimulator, Fault, Person
from bot.simulators.discord.rules import permissions
from bot.simulators.discord.state.channels import Channel, Overwrite
from bot.simulators.discord.state.interactions import Interaction
from bot.simulators.discord.state.messages import SUPPRESS_EMBEDS, Message
from core.errors import MessageGone, Unwelcome
from core.messages import Address, Answer, Asker, Citation, Outcome, Question, QuestionKey

KEY = "01ARZ3NDEKTSV4RRFFQ69G5FAV"
POST = "POST /channels/{channel_id}/messages"
ASK = {
    "name": "ask",
    "type": 1,
    "description": "Ask",
    "options": [{"type": 3, "name": "question", "description": "What"}],
}


@pytest.fixture
def discord() -> Iterator[DiscordSimulator]:
    with DiscordSimulator() as running:
        running.limits.off()
        yield running


@pytest.fixture
def ana(discord: DiscordSimulator) -> Person:
    return discord.person("Ana")


@pytest.fixture
def general(discord: DiscordSimulator) -> Channel:
    return discord.channel("general")


@pytest.fixture
def settings(discord: DiscordSimulator) -> DiscordSettings:
    return DiscordSettings(
        discord_token=SecretStr(discord.app.token),
        discord_api_url=discord.api_url,
        discord_gateway_url=discord.gateway_url,
    )


@pytest.fixture
def speaker(settings: DiscordSettings) -> DiscordSpeaker:
    return open_speaker(settings)


def asked(message: Message, ana: Person, **more: Any) -> Question:
    place = {"platform": "discord", "workspace": message.guild, "channel": message.channel}
    return Question(
        key=QuestionKey(**place, message=message.id),
        address=Address(**place, thread=f"reply:{message.id}", message=message.id),
        asker=Asker(id=ana.id, name="Ana"),
        text="where is the doorkey?",
        **more,
    )


def commanded(
    discord: DiscordSimulator,
    settings: DiscordSettings,
    who: Person,
    channel: Channel,
    *,
    private: bool = False,
    deferred: bool = True,
) -> tuple[Interaction, Question]:
    """A deferred command, as the ingress leaves it behind."""
    calls = DiscordCalls(settings)
    calls.do("PUT", f"/applications/{discord.app.id}/commands", [ASK])
    used = who.command(channel, "/ask", question="where is the doorkey?")
    if deferred:
        calls.answer(used.id, used.token, {"type": 5, "data": {"flags": 64 if private else 0}})
    place = {"platform": "discord", "workspace": channel.guild, "channel": channel.id}
    return used, Question(
        key=QuestionKey(**place, message=used.id),
        address=Address(
            **place,
            thread=f"reply:{used.id}",
            handle=who.id if private else "",
            promise=promise(discord.app.id, used.token),
        ),
        asker=Asker(id=who.id, name="Ana"),
        text="where is the doorkey?",
    )


def whole(speaker: DiscordSpeaker, text: str = "Under the mat. [1]") -> outgoing.Payload:
    citation = Citation(
        n=1, title="Keys", source="https://docs.example/keys", quote="mat", document_id="keys.md"
    )
    return speaker.render.answer(Answer(outcome=Outcome.ANSWERED, text=text, citations=(citation,)), KEY)


def begin(speaker: DiscordSpeaker, question: Question) -> Address:
    return speaker.egress.post(question, KEY, speaker.render.status("Looking into it", KEY))


def test_a_reply_begins_below_its_question_and_becomes_the_answer(
    discord: DiscordSimulator, speaker: DiscordSpeaker, ana: Person, general: Channel
) -> None:
    question = ana.mention(general, "where is the doorkey?")
    reply = begin(speaker, asked(question, ana))
    [_, shown] = ana.sees(general)
    assert (shown.reference, shown.content) == (question.id, "*Looking into it…*")
    speaker.egress.update(reply, speaker.render.partial("Under the", KEY))
    assert shown.content == "Under the"
    speaker.egress.update(reply, whole(speaker))
    assert shown.content == (
        f"Under the mat. [1]\n\n**Sources**\n\\[1\\] Keys <https://docs.example/keys>\n\n{NOTICE}"
    )
    assert [each["label"] for each in shown.components[0]["components"]] == ["👍", "👎", "Try again"]
    assert discord.findings == []


def test_every_request_pings_nobody_and_previews_nothing(
    discord: DiscordSimulator, speaker: DiscordSpeaker, ana: Person, general: Channel
) -> None:
    reply = begin(speaker, asked(ana.mention(general, "who?"), ana))
    text = f"Ask <@{ana.id}>, @everyone, [the wiki](https://evil.example/x) `<@{ana.id}>`"
    speaker.egress.update(reply, whole(speaker, text))
    shown = ana.sees(general)[-1]
    assert shown.content.startswith(
        f"Ask \\<@{ana.id}>, \uff20everyone, the wiki (https://evil.example/x) `<@{ana.id}>`"
    )
    assert not shown.pings
    assert shown.unfurls == ()
    bodies = [request.body for request in discord.requests if request.method in ("POST", "PATCH")]
    assert all(body["allowed_mentions"] == {"parse": []} for body in bodies)
    assert all(body["flags"] & SUPPRESS_EMBEDS for body in bodies)


def test_a_long_answer_is_cut_at_paragraphs_and_its_code_closed_and_opened_again(
    speaker: DiscordSpeaker, ana: Person, general: Channel
) -> None:
    reply = begin(speaker, asked(ana.mention(general, "all of it"), ana))
    code = "```python\n" + "\n".join(f"line({n})" for n in range(300)) + "\n```"
    speaker.egress.update(reply, whole(speaker, "\n\n".join(["word " * 150] * 4 + [code])))
    first, *further = ana.sees(general)[1:]
    assert first.id == reply.message
    assert len(further) >= 2
    assert all(len(each.content) <= 2000 for each in (first, *further))
    assert all(each.content.count("```") % 2 == 0 for each in (first, *further))
    assert [each.reference for each in further] == [""] * len(further)
    assert NOTICE in further[-1].content


def test_a_shorter_answer_takes_back_the_further_parts_of_a_longer_one(
    settings: DiscordSettings, speaker: DiscordSpeaker, ana: Person, general: Channel
) -> None:
    reply = begin(speaker, asked(ana.mention(general, "all of it"), ana))
    speaker.egress.update(reply, whole(speaker, "word " * 1500))
    ana.say(general, "interesting")
    assert len(ana.sees(general)) == 6
    open_speaker(settings).egress.update(reply, whole(speaker))
    assert [each.author == ana.id for each in ana.sees(general)] == [True, False, True]


def test_a_repeated_finish_posts_no_part_twice(
    discord: DiscordSimulator,
    settings: DiscordSettings,
    speaker: DiscordSpeaker,
    ana: Person,
    general: Channel,
) -> None:
    reply = begin(speaker, asked(ana.mention(general, "all of it"), ana))
    discord.api.fail(POST, Fault(502, done=True))
    with pytest.raises(Exception, match="failed"):
        speaker.egress.update(reply, whole(speaker, "word " * 700))
    open_speaker(settings).egress.update(reply, whole(speaker, "word " * 700))
    assert len(ana.sees(general)) == 3


def test_a_second_attempt_finds_what_the_first_has_posted(
    discord: DiscordSimulator,
    settings: DiscordSettings,
    speaker: DiscordSpeaker,
    ana: Person,
    general: Channel,
) -> None:
    question = asked(ana.mention(general, "where?"), ana)
    assert speaker.egress.find(question.address, KEY) is None
    discord.api.fail(POST, Fault(502, done=True))
    with pytest.raises(Exception, match="failed"):
        begin(speaker, question)
    ana.say(general, "something else")
    found = open_speaker(settings).egress.find(question.address, KEY)
    assert found
    assert found.message == ana.sees(general)[1].id


def test_a_lost_answer_to_a_post_leaves_one_message_even_when_it_is_posted_again(
    discord: DiscordSimulator,
    settings: DiscordSettings,
    speaker: DiscordSpeaker,
    ana: Person,
    general: Channel,
) -> None:
    question = asked(ana.mention(general, "where?"), ana)
    discord.api.fail(POST, Fault(502, done=True))
    with pytest.raises(Exception, match="failed"):
        begin(speaker, question)
    begin(open_speaker(settings), question)
    assert len(ana.sees(general)) == 2


def test_a_deleted_reply_is_gone_and_can_be_said_anew(
    speaker: DiscordSpeaker, ana: Person, general: Channel
) -> None:
    question = asked(ana.mention(general, "where?"), ana)
    reply = begin(speaker, question)
    speaker.egress.delete(reply)
    speaker.egress.delete(reply)
    with pytest.raises(MessageGone):
        speaker.egress.update(reply, whole(speaker))
    speaker.egress.post(question, KEY, whole(speaker))
    assert "Under the mat." in ana.sees(general)[-1].content


def test_a_commands_reply_takes_the_place_of_what_was_promised(
    discord: DiscordSimulator,
    settings: DiscordSettings,
    speaker: DiscordSpeaker,
    ana: Person,
    general: Channel,
) -> None:
    used, question = commanded(discord, settings, ana, general)
    reply = begin(speaker, question)
    speaker.egress.update(reply, whole(speaker))
    [shown] = ana.sees(general)
    assert shown is used.original
    assert shown.content.startswith("Under the mat.")
    assert {request.authorization for request in discord.requests if "webhooks" in request.path} == {"token"}
    assert discord.findings == []


def test_after_fifteen_minutes_a_commands_reply_is_finished_by_the_bot_itself(
    discord: DiscordSimulator,
    settings: DiscordSettings,
    speaker: DiscordSpeaker,
    ana: Person,
    general: Channel,
) -> None:
    _, question = commanded(discord, settings, ana, general)
    reply = begin(speaker, question)
    discord.clock.advance(16 * 60)
    speaker.egress.update(reply, whole(speaker))
    speaker.egress.update(reply, whole(speaker, "Under the stone. [1]"))
    [shown] = ana.sees(general)
    assert shown.content.startswith("Under the stone.")
    assert [finding.rule for finding in discord.findings] == ["http 401"]


def test_a_token_that_is_dead_at_once_brings_a_message_that_quotes_the_question(
    discord: DiscordSimulator,
    settings: DiscordSettings,
    speaker: DiscordSpeaker,
    ana: Person,
    general: Channel,
) -> None:
    _, question = commanded(discord, settings, ana, general)
    discord.clock.advance(16 * 60)
    reply = begin(speaker, question)
    speaker.egress.update(reply, whole(speaker))
    [_, quoted, shown] = ana.sees(general)
    assert quoted.content == "Ana asked:\n> where is the doorkey?"
    assert (shown.reference, shown.content[:14]) == (quoted.id, "Under the mat.")


def test_a_private_reply_whose_token_is_dead_goes_to_the_askers_direct_messages(
    discord: DiscordSimulator,
    settings: DiscordSettings,
    speaker: DiscordSpeaker,
    ana: Person,
    general: Channel,
) -> None:
    _, question = commanded(discord, settings, ana, general, private=True)
    reply = begin(speaker, question)
    assert ana.sees(general)[-1].visible_to == ana.id
    discord.clock.advance(16 * 60)
    with pytest.raises(MessageGone):
        speaker.egress.update(reply, whole(speaker))
    speaker.egress.post(question, KEY, whole(speaker))
    assert [message.visible_to for message in ana.sees(general)] == [ana.id]
    assert "Under the mat." in ana.sees(ana.direct())[-1].content


def test_a_long_private_reply_stays_private_in_every_part(
    discord: DiscordSimulator,
    settings: DiscordSettings,
    speaker: DiscordSpeaker,
    ana: Person,
    general: Channel,
) -> None:
    _, question = commanded(discord, settings, ana, general, private=True)
    speaker.egress.update(begin(speaker, question), whole(speaker, "word " * 700))
    assert [message.visible_to for message in ana.sees(general)] == [ana.id] * 2
    assert discord.person("Ben").sees(general) == []


def test_where_it_may_not_speak_the_asker_is_told_alone(
    discord: DiscordSimulator, speaker: DiscordSpeaker, ana: Person
) -> None:
    mute = Overwrite(discord.app.id, 1, deny=permissions.SEND_MESSAGES)
    channel = discord.world.add_channel(discord.guild, "quiet", 0, mute)
    question = asked(ana.mention(channel, "where?"), ana)
    with pytest.raises(Unwelcome):
        begin(speaker, question)
    speaker.egress.tell(question, Unwelcome.say)
    assert [message.content for message in ana.sees(ana.direct())] == [Unwelcome.say]


def test_a_worker_that_is_quicker_than_the_deferral_waits_for_it(
    discord: DiscordSimulator,
    settings: DiscordSettings,
    speaker: DiscordSpeaker,
    ana: Person,
    general: Channel,
) -> None:
    used, question = commanded(discord, settings, ana, general, deferred=False)
    with ThreadPoolExecutor(1) as pool:
        begun = pool.submit(begin, speaker, question)
        with discord.record.changed:
            tried = discord.record.changed.wait_for(
                lambda: any(each.method == "PATCH" for each in discord.requests), 10
            )
        assert tried
        DiscordCalls(settings).answer(used.id, used.token, {"type": 5, "data": {}})
        reply = begun.result(10)
    assert used.original
    assert reply.message == used.original.id
    assert [message.id for message in ana.sees(general)] == [used.original.id]

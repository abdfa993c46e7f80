"""Private answers: shared with the channel, once, and only what its readers may read; or kept private."""

from bot.platforms.discord.ingress.interactions import ONLY_THE_ASKER
from bot.sharing import YOURS_ALONE
from bot.simulators.discord.state.messages import Message
from core.channels import ChannelSettings, ReplyTo
from core.messages import Address, Span
from tests.bot.platforms.discord.bench import Bench, button, labels


def test_a_private_answer_is_asked_anew_for_the_whole_channel_once(hall: Bench) -> None:
    used = hall.ana.command(hall.general, "/ask", question="where is the doorkey?", private=True)
    assert hall.until(lambda: used.original and "share" in labels(used.original))
    hall.settled(1)
    assert used.original
    for _ in range(2):
        hall.ana.press(used.original, button(used.original, "share"))
    hall.until(lambda: [each for each in hall.replies(hall.general, hall.ben) if "up" in labels(each)])
    again, first = hall.settled(2)
    assert (again.question.retry_of, again.question.quoted) == (first.id, True)
    assert not again.question.address.handle
    shown: list[Message] = hall.replies(hall.general, hall.ben)
    assert "Ana asked:\n> where is the doorkey?" in shown[0].content
    assert len(shown) == 2
    assert "share" not in labels(shown[1])


def test_an_answer_that_all_can_see_has_nothing_to_share(hall: Bench) -> None:
    hall.ana.mention(hall.general, "where is the doorkey?")
    assert "share" not in labels(hall.answer(hall.general))


def test_what_is_about_another_channel_stays_with_its_asker(hall: Bench) -> None:
    other = hall.discord.channel("other")
    used = hall.ana.command(hall.general, "/ask", question="where is the doorkey?", private=True)
    assert hall.until(lambda: used.original and "share" in labels(used.original))
    [turn] = hall.settled(1)
    spanned = turn.question.model_copy(
        update={
            "span": Span(channel=other.id),
            "key": turn.question.key.model_copy(update={"message": "2"}),
        }
    )
    receipt = hall.intake.take(spanned, turn.reply)
    hall.settled(2)
    assert used.original
    share = {"type": 2, "custom_id": f"share:{receipt.turn_id}"}
    used.original.components = [{"type": 1, "components": [share]}]
    pressed = hall.ana.press(used.original, f"share:{receipt.turn_id}")
    hall.until(lambda: pressed.answer)
    assert pressed.shown == YOURS_ALONE


def test_where_the_settings_say_so_the_asker_alone_reads_the_reply(hall: Bench) -> None:
    place = Address(platform="discord", workspace=hall.discord.guild.id, channel=hall.general.id)
    hall.books.channels.set(place, ChannelSettings(reply_to=ReplyTo.ASKER), by="admin")
    hall.ana.mention(hall.general, "where is the doorkey?")
    reply = hall.answer(hall.ana.direct())
    hall.settled(1)
    assert hall.replies(hall.general) == []
    introduction, last = hall.replies(hall.ana.direct())
    assert "where is the doorkey?" in introduction.content
    assert last is reply
    hall.ana.press(reply, button(reply, "up"))
    hall.until(hall.votes)
    hall.model.text = "The doorkey has moved, but not far: it lies under the mat. [1]"
    hall.ana.press(reply, button(reply, "again"))
    hall.until(lambda: "has moved" in reply.content)
    hall.settled(2)
    assert hall.replies(hall.general) == []


def test_only_the_asker_shares(hall: Bench) -> None:
    hall.ana.mention(hall.general, "where is the doorkey?")
    reply = hall.answer(hall.general)
    [turn] = hall.settled(1)
    reply.components[0]["components"][0]["custom_id"] = f"share:{turn.id}"
    pressed = hall.ben.press(reply, f"share:{turn.id}")
    hall.until(lambda: pressed.answer)
    assert pressed.shown == ONLY_THE_ASKER

"""Slack's events as questions, with no Slack at hand."""

from bot.platforms.slack.ingress.messages import heard, question, to_asker

BOT = "U0CANDOR"
EVENT = {"channel": "C1", "ts": "2.000100", "user": "U1", "text": f"<@{BOT}> where is the key?"}
REPLY = {**EVENT, "ts": "3.000100", "thread_ts": "2.000100"}


def test_the_same_channel_and_time_in_two_workspaces_are_two_questions() -> None:
    here, there = (question(workspace, EVENT, BOT) for workspace in ("T1", "T2"))
    assert here.key != there.key
    assert here.address != there.address
    assert here.key.model_copy(update={"workspace": "T2"}) == there.key


def test_a_message_is_heard_as_what_it_is() -> None:
    first = heard(EVENT, BOT)
    assert (first.author, first.text, first.named, first.others) == ("U1", "where is the key?", True, False)
    assert not first.threaded
    assert heard(REPLY, BOT).threaded
    assert heard({**EVENT, "text": f"<@U2> and <@{BOT}|candor>"}, BOT).others
    assert heard({**EVENT, "channel_type": "im"}, BOT).direct
    script = {"channel": "C1", "ts": "2.000100", "bot_id": "B9", "subtype": "bot_message", "text": "hello"}
    assert (heard(script, BOT).author, heard(script, BOT).bot) == ("B9", True)
    assert question("T1", script, BOT).asker.bot


def test_a_private_reply_stands_where_the_question_does_and_in_a_conversation_of_its_own() -> None:
    first, below = (to_asker(question("T1", event, BOT)) for event in (EVENT, REPLY))
    assert first.address.handle == "U1||"
    assert below.address.handle == "U1||2.000100"
    assert first.address.thread == below.address.thread
    other = to_asker(question("T1", {**REPLY, "user": "U2"}, BOT))
    assert other.address.thread != below.address.thread

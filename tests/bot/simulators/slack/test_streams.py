from slack_sdk import WebClient

from bot.simulators.slack import App, Person, SlackSimulator
from bot.simulators.slack.app import BOT_EVENTS
from bot.simulators.slack.state.channels import Channel
from bot.simulators.slack.state.messages import Message
from tests.bot.simulators.slack.refusals import refusal


def started(client: WebClient, ana: Person, question: Message) -> str:
    answer = client.chat_startStream(
        channel=question.channel,
        thread_ts=question.ts,
        recipient_team_id=ana.user.team,
        recipient_user_id=ana.id,
        markdown_text="One",
    )
    return str(answer["ts"])


def test_slacks_own_helper_streams_an_answer(client: WebClient, ana: Person, general: Channel) -> None:
    question = ana.say(general, "why?")
    stream = client.chat_stream(
        channel=general.id,
        thread_ts=question.ts,
        recipient_team_id=ana.user.team,
        recipient_user_id=ana.id,
        buffer_size=4,
    )
    stream.append(markdown_text="Because ")
    stream.append(markdown_text="of **this**.")
    stream.stop(blocks=[{"type": "divider"}])
    answer = ana.sees(general, question)[-1]
    assert answer.streamed == "Because of **this**."
    assert answer.streaming == "completed"
    assert answer.blocks[-1]["type"] == "divider"


def test_a_channel_needs_to_know_who_reads_the_stream(
    slack: SlackSimulator, client: WebClient, ana: Person, general: Channel
) -> None:
    question = ana.say(general, "why?")
    where = {"channel": general.id, "thread_ts": question.ts}
    assert refusal(client.chat_startStream, **where) == "missing_recipient_team_id"
    team = {"recipient_team_id": slack.workspace.id}
    assert refusal(client.chat_startStream, **where, **team) == "missing_recipient_user_id"
    direct = ana.direct()
    alone = ana.say(direct, "why?")
    assert client.chat_startStream(channel=direct.id, thread_ts=alone.ts)["ok"]


def test_a_stream_expires_and_its_message_can_then_be_updated(
    slack: SlackSimulator, client: WebClient, ana: Person, general: Channel
) -> None:
    slack.platform.stream_seconds = 60
    question = ana.say(general, "why?")
    ts = started(client, ana, question)
    conflict = refusal(client.chat_update, channel=general.id, ts=ts, text="x")
    assert conflict == "streaming_state_conflict"
    slack.clock.advance(61)
    late = refusal(client.chat_appendStream, channel=general.id, ts=ts, markdown_text="Two")
    assert late == "message_not_in_streaming_state"
    client.chat_update(channel=general.id, ts=ts, text="One Two")
    assert ana.sees(general, question)[-1].shown == "One Two"


def test_a_stopped_stream_takes_nothing_more(client: WebClient, ana: Person, general: Channel) -> None:
    ts = started(client, ana, ana.say(general, "why?"))
    client.chat_stopStream(channel=general.id, ts=ts)
    for late in (client.chat_appendStream, client.chat_stopStream):
        error = refusal(late, channel=general.id, ts=ts, markdown_text="x")
        assert error == "message_not_in_streaming_state"


def test_a_piece_of_a_stream_has_at_most_twelve_thousand_characters(
    client: WebClient, ana: Person, general: Channel
) -> None:
    ts = started(client, ana, ana.say(general, "why?"))
    client.chat_appendStream(channel=general.id, ts=ts, markdown_text="x" * 12_000)
    error = refusal(client.chat_appendStream, channel=general.id, ts=ts, markdown_text="x" * 12_001)
    assert error == "msg_too_long"


def test_a_stream_belongs_to_the_app_that_began_it(client: WebClient, ana: Person, general: Channel) -> None:
    hers = ana.say(general, "why?")
    error = refusal(client.chat_appendStream, channel=general.id, ts=hers.ts, markdown_text="x")
    assert error == "message_not_owned_by_app"


def test_a_task_that_is_stated_anew_replaces_what_was_stated(
    client: WebClient, ana: Person, general: Channel
) -> None:
    question = ana.say(general, "why?")
    ts = started(client, ana, question)
    for status in ("in_progress", "complete"):
        chunk = {"type": "task_update", "id": "t1", "title": "Search", "status": status}
        client.chat_appendStream(channel=general.id, ts=ts, chunks=[chunk])
    [card] = ana.sees(general, question)[-1].blocks
    assert (card["type"], card["status"]) == ("task_card", "complete")


def test_a_stream_moves_the_session_and_stop_leaves_it_to_the_app(
    slack: SlackSimulator, client: WebClient, ana: Person, general: Channel
) -> None:
    question = ana.say(general, "why?")
    ts = started(client, ana, question)
    assert ana.status(general, question) == "processing"
    ana.stop(question)
    error = refusal(client.chat_appendStream, channel=general.id, ts=ts, markdown_text="x")
    assert error == "stopped_by_user"
    assert ana.status(general, question) == "processing"
    client.agents_sessions_setStatus(channel_id=general.id, thread_ts=question.ts, status="active")
    assert ana.status(general, question) == ""
    assert slack.workspace.session(general.id, question.ts).status == "active"


def test_a_status_line_goes_after_two_minutes_or_with_the_next_message(
    slack: SlackSimulator, client: WebClient, ana: Person, general: Channel
) -> None:
    question = ana.say(general, "why?")
    client.assistant_threads_setStatus(channel_id=general.id, thread_ts=question.ts, status="is searching…")
    assert ana.status(general, question) == "is searching…"
    slack.clock.advance(121)
    assert ana.status(general, question) == ""
    client.assistant_threads_setStatus(channel_id=general.id, thread_ts=question.ts, status="is reading…")
    client.chat_postMessage(channel=general.id, thread_ts=question.ts, text="done")
    assert ana.status(general, question) == ""


def test_a_session_without_the_stop_event_is_warned_of(ana: Person) -> None:
    deaf = App(bot_events=BOT_EVENTS - {"agent_session_stopped"})
    with SlackSimulator(deaf) as slack:
        ben = slack.person("Ben")
        direct = ben.direct()
        question = ben.say(direct, "why?")
        client = WebClient(slack.bot_token, base_url=slack.api_url)
        where = {"channel_id": direct.id, "thread_ts": question.ts}
        answer = client.agents_sessions_setStatus(**where, status="processing")
        warnings = answer["response_metadata"]["warnings"]
        assert warnings == ["missing_agent_session_stopped_event_subscription"]


def test_prompts_and_titles_have_limits(client: WebClient, ana: Person) -> None:
    direct = ana.direct()
    question = ana.say(direct, "why?")
    prompts = [{"title": str(n), "message": str(n)} for n in range(5)]
    error = refusal(client.assistant_threads_setSuggestedPrompts, channel_id=direct.id, prompts=prompts)
    assert error == "invalid_arguments"
    client.assistant_threads_setSuggestedPrompts(channel_id=direct.id, prompts=prompts[:4])
    where = {"channel_id": direct.id, "thread_ts": question.ts}
    assert refusal(client.agents_sessions_rename, **where, title="x") == "not_authorized"
    client.assistant_threads_setTitle(**where, title="Leave")
    assert refusal(client.assistant_threads_setTitle, **where, title="x" * 201) == "invalid_arguments"

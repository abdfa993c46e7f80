"""`assistant.threads.*` and `agents.sessions.*`: what a thread shows of the assistant at work."""

from bot.simulators.slack.errors import SlackError, invalid_arguments
from bot.simulators.slack.rules.limits import tier
from bot.simulators.slack.state.events import Event
from bot.simulators.slack.state.sessions import STATUSES, Session
from bot.simulators.slack.web.call import Call, Json, Method

TITLE = 200
PROMPTS = 4
LOADING_MESSAGES = 10
NO_STOP = "missing_agent_session_stopped_event_subscription"


def set_line(call: Call) -> Json:
    """`assistant.threads.setStatus`; an empty status clears the place."""
    if "status" not in call.body:
        raise invalid_arguments("missing required field: status")
    if len(call.body.get("loading_messages") or []) > LOADING_MESSAGES:
        raise invalid_arguments(f"no more than {LOADING_MESSAGES} items allowed: loading_messages")
    session = _session(call)
    with call.workspace.changed:
        session.show(call.text("status"), call.platform.clock.now())
        call.workspace.changed.notify_all()
    return {}


def set_title(call: Call) -> Json:
    """`assistant.threads.setTitle`."""
    return _titled(call, _session(call))


def set_prompts(call: Call) -> Json:
    """`assistant.threads.setSuggestedPrompts`; without a thread, for the whole conversation."""
    prompts = call.body.get("prompts")
    if not isinstance(prompts, list) or not 0 < len(prompts) <= PROMPTS:
        raise invalid_arguments(f"prompts: 1 to {PROMPTS} items")
    if any(not (isinstance(p, dict) and p.get("title") and p.get("message")) for p in prompts):
        raise invalid_arguments("prompts: title and message are required")
    session = _session(call)
    with call.workspace.changed:
        session.prompts = prompts
        call.workspace.changed.notify_all()
    return {}


def set_status(call: Call) -> Json:
    """`agents.sessions.setStatus`: begins the thread's session where there is none."""
    status = call.need("status")
    if status not in STATUSES:
        raise SlackError("invalid_status")
    session = _session(call)
    with call.workspace.changed:
        session.set(next(known for known in STATUSES if known == status), call.platform.clock.now())
        if title := call.text("title"):
            session.title = session.title or title[:TITLE]
        call.workspace.changed.notify_all()
    answer: Json = {"status": status, "agent_status": status}
    if "agent_session_stopped" not in call.platform.app.bot_events:
        answer["response_metadata"] = {"warnings": [NO_STOP]}
    return answer


def rename(call: Call) -> Json:
    """`agents.sessions.rename`: of a session that there is."""
    if (call.joined("channel_id").id, call.text("thread_ts")) not in call.workspace.sessions:
        raise SlackError("not_authorized")
    return _titled(call, _session(call))


def _titled(call: Call, session: Session) -> Json:
    title = call.need("title")
    if len(title) > TITLE:
        raise invalid_arguments(f"title: at most {TITLE} characters")
    with call.workspace.changed:
        session.title = title
        body = {
            "type": "agent_session_title_changed",
            "channel": call.text("channel_id"),
            "user": call.token.user,
            "team_id": call.workspace.id,
            "title": title,
            "thread_ts": call.text("thread_ts"),
            "event_ts": call.workspace.timeline.stamp(),
        }
        call.workspace.tell(Event("agent_session_title_changed", body))
        call.workspace.changed.notify_all()
    return {}


def _session(call: Call) -> Session:
    channel = call.joined("channel_id")
    thread = call.text("thread_ts")
    if thread:
        try:
            call.workspace.timeline.find(channel.id, thread)
        except SlackError:
            raise SlackError("invalid_thread_ts") from None
    return call.workspace.session(channel.id, thread)


_EITHER = ("chat:write", "assistant:write")
_ONE = ("assistant:write",)

METHODS = (
    Method("assistant.threads.setStatus", set_line, _EITHER, tier(600)),
    Method("assistant.threads.setTitle", set_title, _ONE, tier(50)),
    Method("assistant.threads.setSuggestedPrompts", set_prompts, _ONE, tier(50)),
    Method("agents.sessions.setStatus", set_status, _EITHER, tier(50)),
    Method("agents.sessions.rename", rename, _EITHER, tier(50)),
)

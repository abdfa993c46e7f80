"""What an app posts to a response URL, in answer to an interaction or a command."""

from bot.simulators.slack.errors import SlackError
from bot.simulators.slack.state.messages import Message
from bot.simulators.slack.state.tokens import Token
from bot.simulators.slack.state.triggers import ResponseUrl
from bot.simulators.slack.state.workspace import Workspace
from bot.simulators.slack.web.call import Call, Json, Platform
from bot.simulators.slack.web.chat import compose

_RIGHTS = frozenset({"chat:write", "chat:write.customize"})


def respond(platform: Platform, name: str, body: Json) -> None:
    """Do what a post to a response URL asks for.

    Raises:
        SlackError: for a URL that is spent or unknown, or a message that Slack would refuse.
    """
    url = platform.triggers.use(name)
    workspace = platform.workspaces[url.team]
    original = _original(workspace, url)
    if body.get("delete_original"):
        if original:
            workspace.remove(original)
        return
    say(platform, workspace, url, body, original if body.get("replace_original") else None)


def say(
    platform: Platform, workspace: Workspace, url: ResponseUrl, body: Json, replaced: Message | None = None
) -> None:
    """Post a response in the place that a response URL stands for, or put it over a message."""
    call = Call(platform, body, Token("", "bot", _RIGHTS, workspace.id, workspace.bot.id), workspace)
    channel = workspace.directory.channels[url.channel]
    visible_to = "" if body.get("response_type") == "in_channel" else url.user
    made = compose(call, channel, thread=call.text("thread_ts") or url.thread, visible_to=visible_to)
    if replaced:
        workspace.change(replaced, text=made.text, blocks=made.blocks, attachments=made.attachments)
    else:
        workspace.post(channel, made)


def _original(workspace: Workspace, url: ResponseUrl) -> Message | None:
    for message in workspace.timeline.ephemeral:
        if message.ts == url.message:
            return message
    try:
        return workspace.timeline.find(url.channel, url.message)
    except SlackError:
        return None

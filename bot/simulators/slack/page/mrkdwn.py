"""Slack's own markup as HTML: entities, bold, italic, struck, code and quotes."""

import html
import re
from collections.abc import Callable

from markupsafe import Markup

from bot.simulators.slack.state.workspace import Workspace
from bot.simulators.view.words import link

_ENTITY = re.compile(r"<([@#!]?)([^<>|]+)(?:\|([^<>]*))?>")
_CODE = re.compile(r"```\n?(.*?)```|`([^`\n]+)`", re.DOTALL)
_STYLES = tuple(
    (re.compile(rf"(?<![\w{mark}]){mark}(?=\S)([^{mark}\n]+?)(?<=\S){mark}(?![\w{mark}])"), tag)
    for mark, tag in ((r"\*", "strong"), ("_", "em"), ("~", "s"))
)
_QUOTE = re.compile(r"^&gt; ?(.*)$", re.MULTILINE)


def mrkdwn(workspace: Workspace, text: str) -> Markup:
    """A text in Slack's markup, as a person reads it."""
    shown, end = Markup(), 0
    for code in _CODE.finditer(text):
        shown += _styled(workspace, text[end : code.start()])
        frame = Markup("<code>{}</code>") if code[1] is None else Markup("<pre>{}</pre>")
        shown += frame.format(_escaped(code[2] if code[1] is None else code[1]))
        end = code.end()
    return shown + _styled(workspace, text[end:])


def name_of(workspace: Workspace, kind: str, target: str) -> str:
    """What stands for a user, a channel, a user group or everybody in a text; `kind` is `@`, `#` or `!`."""
    directory = workspace.directory
    if kind == "@":
        user = directory.users.get(target)
        return f"@{user.real_name if user else target}"
    if kind == "#":
        channel = directory.channels.get(target)
        return f"#{channel.name if channel else target}"
    group = directory.groups.get(target.removeprefix("subteam^"))
    return f"@{group.handle if group else target}"


def _styled(workspace: Workspace, text: str) -> Markup:
    shown, end = Markup(), 0
    for entity in _ENTITY.finditer(text):
        shown += _marked(text[end : entity.start()])
        kind, target, label = entity[1], html.unescape(entity[2]), html.unescape(entity[3] or "")
        if kind:
            named = Markup('<span class="mention">{}</span>')
            shown += named.format(label or name_of(workspace, kind, target))
        else:
            shown += link(target, label or target)
        end = entity.end()
    return shown + _marked(text[end:])


def _marked(text: str) -> Markup:
    escaped = str(_escaped(text))
    for pattern, tag in _STYLES:
        escaped = pattern.sub(_tagged(tag), escaped)
    return Markup(_QUOTE.sub(r"<blockquote>\1</blockquote>", escaped))  # noqa: S704 - escaped above


def _tagged(tag: str) -> Callable[[re.Match[str]], str]:
    return lambda found: f"<{tag}>{found[1]}</{tag}>"


def _escaped(text: str) -> Markup:
    """A text whose `&amp;`, `&lt;` and `&gt;` are Slack's escapes; everything else in it is what it is."""
    return Markup("{}").format(html.unescape(text))

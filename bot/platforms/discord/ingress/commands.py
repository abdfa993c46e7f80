"""Candor's commands as Discord knows them, registered where they differ from what it knows."""

from collections.abc import Mapping
from typing import Any

from bot.platforms.discord.calls import DiscordCalls
from core import log

_log = log.get(__name__)

ASK, SEARCH, SUMMARIZE, SOURCES, SETTINGS, FORGET_ME = (
    *("ask", "search", "summarize", "sources", "settings", "forget-me"),
)
ASK_ABOUT, SUMMARISE_FROM = "Ask about this", "Summarise from here"
"""Names of the commands, and of those of a message's context menu."""

_QUESTION_LENGTH = 1000
_CHAT, _MENU = 1, 3
_SUBCOMMAND, _TEXT, _YES_OR_NO, _CHANNEL = 1, 3, 5, 7
_IN_SERVERS = 0
_MANAGE_GUILD = str(1 << 5)


def _option(kind: int, name: str, description: str, **more: Any) -> Mapping[str, Any]:
    return {"type": kind, "name": name, "description": description, **more}


def _chat(name: str, description: str, *options: Mapping[str, Any], **more: Any) -> Mapping[str, Any]:
    given = {"options": list(options)} if options else {}
    return {"type": _CHAT, "name": name, "description": description, **given, **more}


_PROPOSED: Mapping[str, Any] = {"max_length": _QUESTION_LENGTH, "autocomplete": True}

COMMANDS: tuple[Mapping[str, Any], ...] = (
    _chat(
        ASK,
        "Ask a question and get an answer from the team's documents, with its sources.",
        _option(_TEXT, "question", "What you want to know", required=True, **_PROPOSED),
        _option(_YES_OR_NO, "private", "Only you see the answer"),
    ),
    _chat(
        SEARCH,
        "Look something up in the team's documents. Only you see what is found.",
        _option(_TEXT, "query", "The words to look for", required=True, **_PROPOSED),
    ),
    _chat(
        SUMMARIZE,
        "Summarise this thread, a channel since a moment, or a document. Only you see it.",
        _option(_CHANNEL, "channel", "Which channel, if not this one"),
        _option(_TEXT, "since", "Since when, such as Monday or 9 am", max_length=40, autocomplete=True),
        _option(_TEXT, "document", "A document's name, to summarise that instead", max_length=200),
    ),
    _chat(SOURCES, "Show which documents I answer from here."),
    _chat(
        SETTINGS,
        "Change how I behave in this channel.",
        _option(_SUBCOMMAND, "hearing", "When and where I answer, and who knows more"),
        _option(_SUBCOMMAND, "voice", "What I answer from, and how I sound"),
        default_member_permissions=_MANAGE_GUILD,
        contexts=[_IN_SERVERS],
    ),
    _chat(FORGET_ME, "Have me forget all that you asked."),
    {"type": _MENU, "name": ASK_ABOUT},
    {"type": _MENU, "name": SUMMARISE_FROM},
)


def sync(calls: DiscordCalls, application: str, guild: str = "") -> bool:
    """Register the commands, unless Discord has them just so.

    Args:
        calls: the API.
        application: the app's id.
        guild: the one server to register them in, where they show at once; empty registers them for all.

    Returns:
        Whether anything was changed.

    Raises:
        Unavailable: Discord does not answer.
        Misconfigured: it does not take the token.
    """
    path = f"/applications/{application}{f'/guilds/{guild}' if guild else ''}/commands"
    known = {(each.get("type", 1), each["name"]): each for each in calls.read(path) or []}
    wanted = {(each["type"], each["name"]): each for each in COMMANDS}
    if known.keys() == wanted.keys() and all(_says(known[name], each) for name, each in wanted.items()):
        return False
    calls.do("PUT", path, list(COMMANDS))
    _log.info("commands registered", names=[name for _, name in wanted])
    return True


def _says(known: Any, wanted: Any) -> bool:
    """Whether what Discord knows says all that is wanted; what it adds of itself does not count."""
    if isinstance(wanted, Mapping):
        return isinstance(known, Mapping) and all(_says(known.get(key), each) for key, each in wanted.items())
    if isinstance(wanted, list):
        same = isinstance(known, list) and len(known) == len(wanted)
        return same and all(_says(one, other) for one, other in zip(known, wanted, strict=True))
    return bool(known == wanted)

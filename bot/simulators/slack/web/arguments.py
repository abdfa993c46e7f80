"""How a call's arguments travel: form, query or JSON. Here all become plain JSON."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from bot.simulators.slack.errors import SlackError

_JSON = frozenset(
    ["attachments", "blocks", "chunks", "loading_messages", "metadata", "prompts", "unfurls", "view"]
)
_BOOLEANS = frozenset(
    [
        "as_user",
        "exclude_archived",
        "full",
        "include_all_metadata",
        "include_disabled",
        "include_locale",
        "include_num_members",
        "include_users",
        "inclusive",
        "link_names",
        "mrkdwn",
        "prevent_creation",
        "reply_broadcast",
        "return_im",
        "unfurl_links",
        "unfurl_media",
    ]
)
_NUMBERS = frozenset({"limit", "count", "page"})


def decode(body: bytes, content_type: str, query: str) -> dict[str, Any]:
    """The arguments of a call, with form encoding undone.

    Raises:
        SlackError: `invalid_json`, `invalid_form_data` or `invalid_post_type`.
    """
    kind = content_type.split(";", maxsplit=1)[0].strip().lower()
    if body and kind == "application/json":
        try:
            given = json.loads(body)
        except ValueError:
            raise SlackError("invalid_json") from None
        if not isinstance(given, dict):
            raise SlackError("json_not_object")
        return {**_undo(dict(parse_qsl(query))), **given}
    if body and kind != "application/x-www-form-urlencoded":
        raise SlackError("invalid_post_type")
    try:
        fields = dict(parse_qsl(body.decode(), keep_blank_values=True))
    except UnicodeDecodeError:
        raise SlackError("invalid_form_data") from None
    return _undo({**dict(parse_qsl(query, keep_blank_values=True)), **fields})


def _undo(fields: Mapping[str, str]) -> dict[str, Any]:
    return {name: _value(name, value) for name, value in fields.items()}


def _value(name: str, value: str) -> Any:
    if name in _JSON:
        try:
            return json.loads(value)
        except ValueError:
            return value
    if name in _BOOLEANS and value.lower() in ("true", "false", "1", "0"):
        return value.lower() in ("true", "1")
    if name in _NUMBERS and value.isdecimal():
        return int(value)
    return value

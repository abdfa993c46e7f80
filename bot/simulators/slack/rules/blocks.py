"""What Slack accepts as the blocks of a message or a view."""

import re
from collections.abc import Callable, Iterator
from typing import Any

from bot.simulators.slack.entities import shown_texts
from bot.simulators.slack.errors import SlackError
from bot.simulators.slack.rules import elements
from bot.simulators.slack.rules.elements import check_element
from bot.simulators.slack.rules.findings import Findings

BLOCKS_IN_MESSAGE = 50
BLOCKS_IN_VIEW = 100
MARKDOWN = 12_000
"""Characters of all markdown blocks of a payload together: 12,001 are `msg_too_long`."""
ALL_TEXT = 13_000
"""Characters of all blocks together, about where `msg_blocks_too_long` was seen; undocumented."""

_ANYWHERE = frozenset(
    {"section", "context", "actions", "divider", "header", "image", "input", "rich_text", "video", "table"}
)
_IN_MESSAGES = _ANYWHERE | {
    "markdown",
    "context_actions",
    "task_card",
    "plan",
    "file",
    "alert",
    "card",
    "carousel",
    "container",
    "data_table",
}
_MARKDOWN_PARTS = re.compile(r"^(#{1,6} .*|(?:-{3,}|\*{3,}|_{3,})\s*|\|.*\|\s*|```.*)$", re.MULTILINE)

Block = dict[str, Any]


def check_blocks(blocks: Any, *, in_view: bool = False) -> None:
    """Refuse what Slack would refuse.

    Raises:
        SlackError: `invalid_blocks_format`, `invalid_blocks` with a line for each fault, `msg_too_long` or
            `msg_blocks_too_long`.
    """
    if not isinstance(blocks, list) or not all(isinstance(block, dict) for block in blocks):
        raise SlackError("invalid_blocks_format")
    markdown = [str(block.get("text", "")) for block in blocks if block.get("type") == "markdown"]
    if sum(map(len, markdown)) > MARKDOWN:
        raise SlackError("msg_too_long")
    found = Findings()
    most = BLOCKS_IN_VIEW if in_view else BLOCKS_IN_MESSAGE
    if sum(map(_rendered, blocks)) > most:
        found.add(f"no more than {most} items allowed", "/blocks")
    names: set[str] = set()
    for n, block in enumerate(blocks):
        _check_block(block, _ANYWHERE if in_view else _IN_MESSAGES, found, f"/blocks/{n}")
        name = block.get("block_id")
        if name and name in names:
            found.add(f'"block_id" is not unique: {name}', f"/blocks/{n}/block_id")
        names.add(str(name))
    if found.messages:
        raise SlackError("invalid_blocks", response_metadata={"messages": found.messages})
    if not in_view and sum(len(text) for text in shown_texts(blocks)) > ALL_TEXT:
        raise SlackError("msg_blocks_too_long")


def name_blocks(blocks: list[Block], new_id: Callable[[], str]) -> list[Block]:
    """The blocks as Slack keeps them: with an id for each block and interactive element that has none."""
    named = []
    for block in blocks:
        kept = {"block_id": new_id(), **block}
        if isinstance(kept.get("elements"), list) and kept["type"] in ("actions", "context_actions"):
            kept["elements"] = [{"action_id": new_id(), **element} for element in kept["elements"]]
        for key in ("accessory", "element"):
            if isinstance(kept.get(key), dict) and kept[key].get("type") != "image":
                kept[key] = {"action_id": new_id(), **kept[key]}
        named.append(kept)
    return named


def interactive(blocks: list[Block]) -> Iterator[tuple[Block, Block]]:
    """Every element that a person can use, with the block it stands in."""
    for block in blocks:
        for element in (*block.get("elements", ()), block.get("accessory"), block.get("element")):
            if isinstance(element, dict) and "action_id" in element:
                yield block, element


def _rendered(block: Block) -> int:
    """How many blocks this one becomes: Slack turns a markdown block into several.

    An estimate, since Slack does not say: headings, rules, tables and fences each stand alone, and so does
    the text between them.
    """
    if block.get("type") != "markdown":
        return 1
    parts = 0
    before = ""
    fenced = False
    for line in str(block.get("text", "")).splitlines():
        kind = _kind(line)
        if fenced:
            fenced = kind != "`"
            continue
        if kind and (kind in "#-`" or kind != before):
            parts += 1
        fenced = kind == "`"
        before = kind or before
    return max(1, parts)


def _kind(line: str) -> str:
    if not line.strip():
        return ""
    if not _MARKDOWN_PARTS.match(line):
        return "text"
    return "-" if line[0] in "-*_" else line[0]


def _check_block(block: Block, allowed: frozenset[str], found: Findings, path: str) -> None:
    kind = str(block.get("type"))
    if kind not in allowed:
        found.add(f"unsupported type: {kind}", f"{path}/type")
        return
    found.string(block, "block_id", 255, path)
    if check := _CHECKS.get(kind):
        check(block, found, path)


def _section(block: Block, found: Findings, path: str) -> None:
    found.keys(block, ("type", "block_id", "text", "fields", "accessory", "expand"), (), path)
    if not block.get("text") and not block.get("fields"):
        found.add("missing required field: text", path)
    found.text(block, "text", 3000, path)
    for n, field in enumerate(found.items(block, "fields", 10, path)):
        found.text({"field": field}, "field", 2000, f"{path}/fields/{n}")
    if isinstance(block.get("accessory"), dict):
        check_element(block["accessory"], elements.IN_SECTION, found, f"{path}/accessory")


def _context(block: Block, found: Findings, path: str) -> None:
    found.keys(block, ("type", "block_id"), ("elements",), path)
    for n, element in enumerate(found.items(block, "elements", 10, path)):
        if element.get("type") == "image":
            check_element(element, elements.IN_SECTION, found, f"{path}/elements/{n}")
        else:
            found.text({str(n): element}, str(n), 3000, f"{path}/elements")


def _actions(most: int, allowed: frozenset[str]) -> Callable[[Block, Findings, str], None]:
    def check(block: Block, found: Findings, path: str) -> None:
        found.keys(block, ("type", "block_id"), ("elements",), path)
        names: set[str] = set()
        for n, element in enumerate(found.items(block, "elements", most, path)):
            check_element(element, allowed, found, f"{path}/elements/{n}")
            name = str(element.get("action_id", ""))
            if name and name in names:
                found.add(f"`action_id` is not unique: {name}", f"{path}/elements/{n}/action_id")
            names.add(name)

    return check


def _header(block: Block, found: Findings, path: str) -> None:
    found.keys(block, ("type", "block_id", "level"), ("text",), path)
    found.text(block, "text", 150, path, plain=True)


def _divider(block: Block, found: Findings, path: str) -> None:
    found.keys(block, ("type", "block_id"), (), path)


def _image(block: Block, found: Findings, path: str) -> None:
    found.keys(block, ("type", "block_id", "image_url", "slack_file", "title"), ("alt_text",), path)
    found.string(block, "image_url", 3000, path)
    found.string(block, "alt_text", 2000, path)
    found.text(block, "title", 2000, path, plain=True)


def _input(block: Block, found: Findings, path: str) -> None:
    allowed = ("type", "block_id", "hint", "optional", "dispatch_action")
    found.keys(block, allowed, ("label", "element"), path)
    found.text(block, "label", 2000, path, plain=True)
    found.text(block, "hint", 2000, path, plain=True)
    if isinstance(block.get("element"), dict):
        check_element(block["element"], elements.IN_INPUT, found, f"{path}/element")


def _markdown(block: Block, found: Findings, path: str) -> None:
    found.keys(block, ("type", "block_id"), ("text",), path)
    found.string(block, "text", MARKDOWN, path)


def _rich_text(block: Block, found: Findings, path: str) -> None:
    found.keys(block, ("type", "block_id", "elements"), (), path)
    known = {"rich_text_section", "rich_text_list", "rich_text_preformatted", "rich_text_quote"}
    for n, element in enumerate(found.items(block, "elements", 1000, path)):
        if element.get("type") not in known:
            found.add("must be a valid enum value", f"{path}/elements/{n}/type")


def _task_card(block: Block, found: Findings, path: str) -> None:
    allowed = ("type", "block_id", "status", "details", "output", "sources")
    found.keys(block, allowed, ("task_id", "title"), path)
    if block.get("status") not in (None, "pending", "in_progress", "complete", "error"):
        found.add("must be a valid enum value", f"{path}/status")


_CHECKS: dict[str, Callable[[Block, Findings, str], None]] = {
    "section": _section,
    "context": _context,
    "actions": _actions(25, elements.IN_ACTIONS),
    "context_actions": _actions(5, elements.IN_CONTEXT_ACTIONS),
    "header": _header,
    "divider": _divider,
    "image": _image,
    "input": _input,
    "markdown": _markdown,
    "rich_text": _rich_text,
    "task_card": _task_card,
}

"""Modals and Home tabs, as each person has them before them."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot.simulators.slack.errors import SlackError
from bot.simulators.slack.rules.blocks import name_blocks

STACK = 3
"""How many modals may lie above one another."""

_DEFAULTS: dict[str, Any] = {
    "private_metadata": "",
    "callback_id": "",
    "external_id": "",
    "clear_on_close": False,
    "notify_on_close": False,
    "close": None,
    "submit": None,
    "previous_view_id": None,
}


@dataclass(slots=True)
class View:
    """A modal or a Home tab, and the person who sees it. `content` is what the app made of it."""

    id: str
    team: str
    user: str
    content: dict[str, Any]
    root: str
    hash: str
    app_id: str
    bot_id: str

    def to_json(self, state: dict[str, Any] | None = None) -> dict[str, Any]:
        """The view object; `state` holds what a person has filled in, by block and action."""
        return {
            **_DEFAULTS,
            **self.content,
            "id": self.id,
            "team_id": self.team,
            "root_view_id": self.root,
            "hash": self.hash,
            "app_id": self.app_id,
            "bot_id": self.bot_id,
            "state": {"values": state or {}},
        }


class Views:
    """All views of one workspace's people. Content was checked before it comes here."""

    def __init__(self, team: str, app_id: str, bot_id: str, new_id: Callable[[str], str]) -> None:
        self._team = team
        self._app_id = app_id
        self._bot_id = bot_id
        self._new_id = new_id
        self._stacks: dict[str, list[View]] = {}
        self._homes: dict[str, View] = {}

    def modals(self, user: str) -> list[View]:
        """The modals before a person, the one on top last."""
        return list(self._stacks.get(user, ()))

    def home(self, user: str) -> View | None:
        """A person's Home tab, once it was published."""
        return self._homes.get(user)

    def open(self, user: str, content: dict[str, Any]) -> View:
        """Show a person a modal; what they had open is gone."""
        view = self._make(user, content)
        self._stacks[user] = [view]
        return view

    def push(self, user: str, content: dict[str, Any]) -> View:
        """Lay a modal above the one that a person has open.

        Raises:
            SlackError: `not_found` without an open one, `push_limit_reached` on the fourth.
        """
        stack = self._stacks.get(user)
        if not stack:
            raise SlackError("not_found")
        if len(stack) >= STACK:
            raise SlackError("push_limit_reached")
        view = self._make(user, content, root=stack[0].root)
        stack.append(view)
        return view

    def publish(self, user: str, content: dict[str, Any], given_hash: str) -> View:
        """Set a person's Home tab.

        Raises:
            SlackError: `hash_conflict`.
        """
        old = self._homes.get(user)
        if old and given_hash and given_hash != old.hash:
            raise SlackError("hash_conflict")
        view = self._make(user, content)
        if old:
            view.id = view.root = old.id
        self._homes[user] = view
        return view

    def update(self, view_id: str, external_id: str, content: dict[str, Any], given_hash: str) -> View:
        """Change a view that is open.

        Raises:
            SlackError: `not_found` or `hash_conflict`.
        """
        views = [view for stack in self._stacks.values() for view in stack] + list(self._homes.values())
        for view in views:
            if view.id == view_id or (external_id and view.content.get("external_id") == external_id):
                if given_hash and given_hash != view.hash:
                    raise SlackError("hash_conflict")
                view.content = self._named(content)
                view.hash = secrets.token_hex(8)
                return view
        raise SlackError("not_found")

    def close(self, view: View, *, all_of_them: bool = False) -> None:
        """Take a modal away, or the whole pile it lies in."""
        stack = self._stacks.get(view.user, [])
        self._stacks[view.user] = [] if all_of_them else [kept for kept in stack if kept is not view]

    def _make(self, user: str, content: dict[str, Any], root: str = "") -> View:
        view_id = self._new_id("V")
        named = self._named(content)
        return View(
            view_id,
            self._team,
            user,
            named,
            root or view_id,
            secrets.token_hex(8),
            self._app_id,
            self._bot_id,
        )

    def _named(self, content: dict[str, Any]) -> dict[str, Any]:
        return {**content, "blocks": name_blocks(content["blocks"], lambda: secrets.token_hex(3))}

"""Access tokens: which app may act where, with which scopes."""

import secrets
from dataclasses import dataclass
from typing import Literal

from bot.simulators.slack.errors import SlackError

Kind = Literal["bot", "user", "app"]
State = Literal["live", "token_revoked", "account_inactive", "token_expired"]
"""A token that does not live any more answers with the name of its state."""

_PREFIX = {"bot": "xoxb", "user": "xoxp", "app": "xapp"}


@dataclass(slots=True)
class Token:
    """One token. `team` is empty for an app-level token; `user` is whom it acts as."""

    value: str
    kind: Kind
    scopes: frozenset[str]
    team: str = ""
    user: str = ""
    state: State = "live"

    def need(self, *any_of: str) -> None:
        """Refuse unless the token has one of these scopes.

        Raises:
            SlackError: `missing_scope`.
        """
        if any_of and not self.scopes.intersection(any_of):
            raise SlackError("missing_scope", needed=any_of[0], provided=",".join(sorted(self.scopes)))


class Tokens:
    """All tokens that were ever given out."""

    def __init__(self) -> None:
        self._tokens: dict[str, Token] = {}

    def add(self, token: Token) -> Token:
        """Make a token known."""
        self._tokens[token.value] = token
        return token

    def issue(self, kind: Kind, scopes: frozenset[str], team: str, user: str) -> Token:
        """Give out a new token."""
        return self.add(Token(f"{_PREFIX[kind]}-{secrets.token_hex(12)}", kind, scopes, team, user))

    def check(self, value: str) -> Token:
        """The live token of this value.

        Raises:
            SlackError: `not_authed`, `invalid_auth`, or the state of a token that lives no more.
        """
        if not value:
            raise SlackError("not_authed")
        if value not in self._tokens:
            raise SlackError("invalid_auth")
        token = self._tokens[value]
        if token.state != "live":
            raise SlackError(token.state)
        return token

    def of(self, team: str) -> list[Token]:
        """The live tokens of one workspace."""
        return [token for token in self._tokens.values() if token.team == team and token.state == "live"]

"""`auth.*`, `apps.*` and `oauth.v2.access`: who the app is, and how it comes and goes."""

import base64
import binascii

from bot.simulators.slack.errors import SlackError
from bot.simulators.slack.rules.limits import tier
from bot.simulators.slack.web.call import Call, Json, Method


def test_auth(call: Call) -> Json:
    """`auth.test`."""
    workspace, token = call.workspace, call.token
    user = workspace.directory.user(token.user)
    answer = {
        "url": f"https://{workspace.domain}.slack.com/",
        "team": workspace.name,
        "user": user.name,
        "team_id": workspace.id,
        "user_id": user.id,
        "is_enterprise_install": False,
    }
    return {**answer, "bot_id": user.bot_id} if user.bot_id else answer


def revoke(call: Call) -> Json:
    """`auth.revoke`."""
    if call.flag("test"):
        return {"revoked": False}
    call.token.state = "token_revoked"
    return {"revoked": True}


def open_connection(call: Call) -> Json:
    """`apps.connections.open`: the address of a new socket."""
    call.token.need("connections:write")
    return {"url": call.platform.connect()}


def uninstall(call: Call) -> Json:
    """`apps.uninstall`: the app leaves the workspace that the token belongs to."""
    app = call.platform.app
    if (call.text("client_id"), call.text("client_secret")) != (app.client_id, app.client_secret):
        raise SlackError(
            "invalid_client_id" if call.text("client_id") != app.client_id else "bad_client_secret"
        )
    call.platform.uninstall(call.workspace)
    return {}


def access(call: Call) -> Json:
    """`oauth.v2.access`: a code for a token, once."""
    app = call.platform.app
    if call.text("client_id") != app.client_id:
        raise SlackError("invalid_client_id")
    if call.text("client_secret") != app.client_secret:
        raise SlackError("bad_client_secret")
    team, installer = call.platform.codes.pop(call.need("code", otherwise="invalid_code"), ("", ""))
    if not team:
        raise SlackError("invalid_code")
    workspace = call.platform.workspaces[team]
    token = call.platform.tokens.issue("bot", app.scopes, team, workspace.bot.id)
    return {
        "app_id": app.id,
        "access_token": token.value,
        "token_type": "bot",
        "scope": ",".join(sorted(app.scopes)),
        "bot_user_id": workspace.bot.id,
        "team": {"id": team, "name": workspace.name},
        "enterprise": None,
        "is_enterprise_install": False,
        "authed_user": {"id": installer},
    }


def credentials(authorization: str) -> Json:
    """The client id and secret of a `Basic` header; nothing where there is none."""
    kind, _, value = authorization.partition(" ")
    if kind.lower() != "basic":
        return {}
    try:
        name, _, secret = base64.b64decode(value, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return {}
    return {"client_id": name, "client_secret": secret}


METHODS = (
    Method("auth.test", test_auth),
    Method("auth.revoke", revoke),
    Method("api.test", lambda call: {"args": call.body}, open=True),
    Method("apps.connections.open", open_connection, (), tier(20), tokens=("app",)),
    Method("apps.uninstall", uninstall),
    Method("oauth.v2.access", access, (), tier(100), open=True),
)

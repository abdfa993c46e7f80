"""`users.*`, `usergroups.*` and `files.info`: people, groups and what they attach."""

from bot.simulators.slack.errors import SlackError
from bot.simulators.slack.rules.limits import tier
from bot.simulators.slack.state.people import User
from bot.simulators.slack.web.call import Call, Json, Method
from bot.simulators.slack.web.pages import page


def _stated(call: Call, user: User) -> Json:
    return user.to_json(call.workspace.id, with_email="users:read.email" in call.token.scopes)


def user_info(call: Call) -> Json:
    """`users.info`."""
    return {
        "user": _stated(call, call.workspace.directory.user(call.need("user", otherwise="user_not_found")))
    }


def users_list(call: Call) -> Json:
    """`users.list`."""
    users, onward = page(call, list(call.workspace.directory.users.values()))
    return {"members": [_stated(call, user) for user in users], **onward}


def lookup_by_email(call: Call) -> Json:
    """`users.lookupByEmail`."""
    email = call.need("email").lower()
    for user in call.workspace.directory.users.values():
        if user.email == email and not user.deactivated:
            return {"user": _stated(call, user)}
    raise SlackError("users_not_found")


def bot_info(call: Call) -> Json:
    """`bots.info`."""
    bot = call.text("bot") or call.workspace.bot.bot_id
    for user in call.workspace.directory.users.values():
        if user.bot_id == bot:
            return {
                "bot": {
                    "id": bot,
                    "deleted": False,
                    "name": user.real_name,
                    "user_id": user.id,
                    "app_id": call.platform.app.id,
                    "updated": 0,
                }
            }
    raise SlackError("bot_not_found")


def team_info(call: Call) -> Json:
    """`team.info`."""
    workspace = call.workspace
    return {"team": {"id": workspace.id, "name": workspace.name, "domain": workspace.domain}}


def groups_list(call: Call) -> Json:
    """`usergroups.list`."""
    return {"usergroups": [group.to_json() for group in call.workspace.directory.groups.values()]}


def group_users(call: Call) -> Json:
    """`usergroups.users.list`."""
    group = call.workspace.directory.groups.get(call.need("usergroup"))
    if group is None:
        raise SlackError("no_such_subteam")
    return {"users": group.users}


def file_info(call: Call) -> Json:
    """`files.info`."""
    file = call.workspace.files.get(call.need("file", otherwise="file_not_found"))
    if file is None:
        raise SlackError("file_not_found")
    return {"file": file.to_json(), "comments": [], "response_metadata": {"next_cursor": ""}}


METHODS = (
    Method("users.info", user_info, ("users:read",), tier(100)),
    Method("users.list", users_list, ("users:read",), tier(20)),
    Method("users.lookupByEmail", lookup_by_email, ("users:read.email",), tier(50)),
    Method("bots.info", bot_info, ("users:read",), tier(50)),
    Method("team.info", team_info, ("team:read",), tier(50)),
    Method("usergroups.list", groups_list, ("usergroups:read",), tier(20)),
    Method("usergroups.users.list", group_users, ("usergroups:read",), tier(20)),
    Method("files.info", file_info, ("files:read",), tier(100)),
)

"""`views.*`: modals and the Home tab."""

from bot.simulators.slack.errors import SlackError
from bot.simulators.slack.rules.limits import tier
from bot.simulators.slack.rules.views import check_view
from bot.simulators.slack.state.views import View
from bot.simulators.slack.web.call import Call, Json, Method


def open_modal(call: Call) -> Json:
    """`views.open`."""
    check_view(call.body.get("view"), "modal")
    user = call.platform.triggers.exchange(call.need("trigger_id"), call.workspace.id)
    with call.workspace.changed:
        return _shown(call, call.workspace.views.open(user, call.body["view"]))


def push(call: Call) -> Json:
    """`views.push`."""
    check_view(call.body.get("view"), "modal")
    user = call.platform.triggers.exchange(call.need("trigger_id"), call.workspace.id)
    with call.workspace.changed:
        return _shown(call, call.workspace.views.push(user, call.body["view"]))


def update(call: Call) -> Json:
    """`views.update`."""
    view = call.body.get("view")
    check_view(view, str(view.get("type")) if isinstance(view, dict) else "modal")
    with call.workspace.changed:
        updated = call.workspace.views.update(
            call.text("view_id"), call.text("external_id"), call.body["view"], call.text("hash")
        )
        return _shown(call, updated)


def publish(call: Call) -> Json:
    """`views.publish`."""
    check_view(call.body.get("view"), "home")
    if not call.platform.app.home_tab:
        raise SlackError("not_enabled")
    user = call.workspace.directory.user(call.need("user_id"))
    with call.workspace.changed:
        return _shown(call, call.workspace.views.publish(user.id, call.body["view"], call.text("hash")))


def _shown(call: Call, view: View) -> Json:
    call.workspace.changed.notify_all()
    return {"view": view.to_json()}


METHODS = (
    Method("views.open", open_modal, (), tier(100)),
    Method("views.push", push, (), tier(100)),
    Method("views.update", update, (), tier(100)),
    Method("views.publish", publish, (), tier(100)),
)

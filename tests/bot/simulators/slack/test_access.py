import httpx
import pytest
from slack_sdk import WebClient

from bot.simulators.slack import App, Person, SlackSimulator
from bot.simulators.slack.app import BOT_SCOPES
from bot.simulators.slack.state.channels import Channel
from tests.bot.simulators.slack.refusals import refusal


def test_tokens_are_refused_by_the_name_of_what_is_wrong(slack: SlackSimulator, client: WebClient) -> None:
    def told(token: str | None) -> str:
        return refusal(WebClient(token, base_url=slack.api_url).auth_test)

    assert told(None) == "not_authed"
    assert told("xoxb-made-up") == "invalid_auth"
    assert told(slack.app.app_token) == "not_allowed_token_type"
    assert refusal(client.apps_connections_open, app_token=slack.bot_token) == "not_allowed_token_type"
    slack.revoke(slack.workspace)
    assert refusal(client.auth_test) == "token_revoked"


def test_an_uninstalled_app_is_told_that_its_account_is_inactive(
    slack: SlackSimulator, client: WebClient
) -> None:
    client.apps_uninstall(client_id=slack.app.client_id, client_secret=slack.app.client_secret)
    assert refusal(client.auth_test) == "account_inactive"


def test_who_the_app_is_and_what_it_may_do_is_told(slack: SlackSimulator, client: WebClient) -> None:
    answer = client.auth_test()
    assert answer["bot_id"] == slack.workspace.bot.bot_id
    assert "chat:write" in answer.headers["x-oauth-scopes"].split(",")


@pytest.mark.parametrize(
    ("method", "scope"),
    [
        ("chat.postMessage", "chat:write"),
        ("conversations.history", "channels:history"),
        ("conversations.info", "channels:read"),
        ("conversations.join", "channels:join"),
        ("reactions.add", "reactions:write"),
        ("users.info", "users:read"),
        ("users.lookupByEmail", "users:read.email"),
        ("usergroups.users.list", "usergroups:read"),
        ("files.info", "files:read"),
        ("chat.unfurl", "links:write"),
    ],
)
def test_a_method_without_its_scope_names_the_one_it_needs(method: str, scope: str) -> None:
    with SlackSimulator(App(scopes=BOT_SCOPES - {scope})) as slack:
        channel = slack.workspace.channel("general")
        client = WebClient(slack.bot_token, base_url=slack.api_url)
        arguments = {"channel": channel.id, "text": "x", "name": "eyes", "user": slack.workspace.bot.id}
        answer = httpx.post(
            f"{slack.api_url}{method}", json=arguments, headers={"Authorization": f"Bearer {client.token}"}
        ).json()
        assert (answer["error"], answer["needed"]) == ("missing_scope", scope)


def test_unknown_methods_and_missing_arguments_are_named(client: WebClient) -> None:
    assert refusal(client.api_call, api_method="chat.shout") == "unknown_method"
    assert refusal(client.api_call, api_method="users.lookupByEmail") == "invalid_arguments"


def test_a_failure_on_request_is_an_http_failure(slack: SlackSimulator, client: WebClient) -> None:
    slack.api.fail("auth.test")
    headers = {"Authorization": f"Bearer {slack.bot_token}"}
    assert httpx.post(f"{slack.api_url}auth.test", headers=headers).status_code == 503
    assert client.auth_test()["ok"]


def test_an_install_hands_over_a_code_that_works_once(slack: SlackSimulator) -> None:
    acme = slack.add_workspace("Acme")
    boss = slack.person("Boss", acme, admin=True)
    query = {
        "client_id": slack.app.client_id,
        "state": "s",
        "team": acme.id,
        "redirect_uri": "http://127.0.0.1/back",
    }
    page = httpx.get(f"{slack.url}/oauth/v2/authorize", params=query)
    back = httpx.URL(page.headers["location"])
    assert back.params["state"] == "s"
    client = WebClient(base_url=slack.api_url)
    secrets = {"client_id": slack.app.client_id, "client_secret": slack.app.client_secret}
    answer = client.oauth_v2_access(**secrets, code=back.params["code"])
    assert answer["team"]["id"] == acme.id
    assert answer["authed_user"]["id"] == boss.id
    assert WebClient(answer["access_token"], base_url=slack.api_url).auth_test()["team"] == "Acme"
    assert refusal(client.oauth_v2_access, **secrets, code=back.params["code"]) == "invalid_code"
    wrong = {**secrets, "client_secret": "x"}
    assert refusal(client.oauth_v2_access, **wrong, code=slack.code(acme, boss)) == "bad_client_secret"


def test_a_file_is_read_with_a_token_and_is_a_login_page_without(
    slack: SlackSimulator, client: WebClient, ana: Person, general: Channel
) -> None:
    ana.say(general, "read this", files={"rules.txt": b"Be kind."})
    [message] = client.conversations_history(channel=general.id)["messages"]
    assert message["subtype"] == "file_share"
    [file] = message["files"]
    assert client.files_info(file=file["id"])["file"]["mimetype"] == "text/plain"
    headers = {"Authorization": f"Bearer {slack.bot_token}"}
    assert httpx.get(file["url_private"], headers=headers).content == b"Be kind."
    page = httpx.get(file["url_private"], follow_redirects=True)
    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")


def test_a_manifest_decides_what_the_app_may_do() -> None:
    app = App.from_manifest(
        {
            "display_information": {"name": "Helper"},
            "features": {
                "bot_user": {"display_name": "helper"},
                "slash_commands": [{"command": "/help-me"}],
                "shortcuts": [{"callback_id": "sum", "type": "message", "name": "Sum"}],
            },
            "oauth_config": {"scopes": {"bot": ["chat:write"]}},
            "settings": {"event_subscriptions": {"bot_events": ["app_mention"]}},
        }
    )
    assert (app.name, app.shortcuts, app.home_tab) == ("helper", {"sum": "message"}, False)
    assert [*app.commands, *app.scopes, *app.bot_events] == ["/help-me", "chat:write", "app_mention"]

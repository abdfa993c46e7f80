"""Several workspaces: installed by OAuth, spoken to with their own tokens, let go of when they leave."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from cryptography.fernet import Fernet
from pydantic import SecretStr

from bot.platforms.slack.calls import Revoked, SlackCalls
from bot.platforms.slack.ingress import listening
from bot.platforms.slack.ingress.oauth import INSTALL, REDIRECT, scopes
from bot.platforms.slack.installations import Installations
from bot.platforms.slack.settings import SlackSettings
from bot.simulators.slack import Person, SlackSimulator
from bot.simulators.slack.state.workspace import Workspace
from core.errors import Misconfigured, Unwelcome
from core.settings import HomeSettings
from ledger.engine import Ledger, LedgerSettings, open_ledger
from ledger.vault import Vault, VaultSettings, open_vault
from tests.bot.platforms.slack.bench import Bench, bench
from tests.bot.platforms.slack.browser import button, install


@dataclass
class Several:
    """Candor as an app that workspaces install."""

    bench: Bench
    installations: Installations
    url: str

    @property
    def slack(self) -> SlackSimulator:
        return self.bench.slack

    def install(self, workspace: Workspace) -> httpx.Response:
        """What an admin's browser does, from the page to the way back."""
        return install(self.url, workspace.id)


@contextmanager
def several(folder: Path) -> Iterator[Several]:
    """The first workspace has not installed the app; its own worker and door are beside the matter."""
    with bench(folder, working=False) as made:
        ledger = open_ledger(LedgerSettings(database_url=""), HomeSettings(home=folder))
        app = made.slack.app
        settings = SlackSettings(
            slack_client_id=app.client_id,
            slack_client_secret=SecretStr(app.client_secret),
            slack_signing_secret=SecretStr(app.signing_secret),
            slack_api_url=made.slack.api_url,
            slack_http_port=0,
            slack_redirect_url="http://127.0.0.1/slack/oauth_redirect",
        )
        installations = Installations(app.client_id, ledger, a_vault(folder))
        parts = made.intake, made.books, made.desk, installations
        with listening(settings, *parts, http=True) as where:
            url = f"http://127.0.0.1:{where.split('port ')[1].split(',')[0]}"
            made.slack.listen(f"{url}/slack/events")
            made.settings = settings
            yield Several(made, installations, url)
        ledger.dispose()


def a_vault(folder: Path) -> Vault:
    return open_vault(VaultSettings(secret_keys=SecretStr("")), HomeSettings(home=folder))


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Several]:
    with several(tmp_path) as made:
        yield made


def member(shop: Several, workspace: Workspace) -> Person:
    return shop.slack.person("Dot", workspace, admin=True)


def raw(ledger_file: Path) -> bytes:
    return b"".join(path.read_bytes() for path in ledger_file.parent.glob("ledger.db*"))


def test_a_workspace_installs_the_app_and_is_heard_with_its_own_bot(shop: Several, tmp_path: Path) -> None:
    second = shop.slack.add_workspace("Second")
    person = member(shop, second)
    page = shop.install(second)
    assert page.status_code == 200
    installed = shop.installations.installed(second.id)
    assert installed is not None
    assert installed.bot_user_id == second.bot.id
    person.say(person.direct(), "where is the doorkey?")
    assert shop.slack.settle()
    (turn,) = shop.bench.turns.recent()
    assert turn.question.key.workspace == second.id


def test_the_page_asks_for_what_the_manifest_says(shop: Several) -> None:
    page = httpx.get(f"{shop.url}{INSTALL}", trust_env=False)
    href = button(page)
    asked = parse_qs(urlsplit(href).query)
    assert asked["scope"] == [",".join(scopes())]
    assert set(scopes()) <= shop.slack.app.scopes
    assert href.startswith(shop.slack.url)


def test_tokens_lie_sealed_in_the_ledger(shop: Several, tmp_path: Path) -> None:
    second = shop.slack.add_workspace("Second")
    member(shop, second)
    shop.install(second)
    token = shop.installations.token(second.id)
    assert token.startswith("xoxb-")
    assert token.encode() not in raw(tmp_path / "ledger.db")


def test_a_way_back_without_the_browsers_state_installs_nothing(shop: Several) -> None:
    second = shop.slack.add_workspace("Second")
    person = member(shop, second)
    code = shop.slack.code(second, person)
    forged = httpx.get(f"{shop.url}{REDIRECT}?code={code}&state=forged", trust_env=False)
    assert forged.status_code == 400
    assert shop.installations.installed(second.id) is None


def test_each_workspace_is_spoken_to_with_its_own_token(shop: Several) -> None:
    first, second = shop.slack.workspace, shop.slack.add_workspace("Second")
    calls = SlackCalls(shop.bench.settings, shop.installations)
    for workspace in (first, second):
        member(shop, workspace)
        shop.install(workspace)
    said = {calls.at(workspace.id).read("auth.test")["team_id"] for workspace in (first, second)}
    assert said == {first.id, second.id}
    with pytest.raises(Unwelcome, match="has not installed"):
        calls.at("T0NOWHERE")


def test_an_event_of_a_workspace_that_never_installed_it_is_no_question(shop: Several) -> None:
    shop.bench.ana.say(shop.bench.ana.direct(), "where is the doorkey?")
    assert shop.slack.settle()
    assert shop.bench.turns.recent() == []


def test_a_workspace_that_leaves_is_let_go_of_with_its_open_questions(shop: Several) -> None:
    second = shop.slack.add_workspace("Second")
    person = member(shop, second)
    shop.install(second)
    person.say(person.direct(), "where is the doorkey?")
    assert shop.slack.settle()
    shop.slack.uninstall(second)
    assert shop.slack.settle()
    assert shop.installations.installed(second.id) is None
    assert [turn.state for turn in shop.bench.turns.recent()] == ["withdrawn"]
    assert all(receipt.acknowledged for receipt in shop.slack.receipts)


def test_a_workspace_that_comes_back_has_a_new_token(shop: Several) -> None:
    second = shop.slack.add_workspace("Second")
    member(shop, second)
    shop.install(second)
    before = shop.installations.token(second.id)
    shop.slack.uninstall(second)
    assert shop.slack.settle()
    shop.install(second)
    assert shop.installations.token(second.id) != before


def test_news_of_leaving_that_comes_late_spares_whoever_came_back(shop: Several) -> None:
    second = shop.slack.add_workspace("Second")
    member(shop, second)
    shop.install(second)
    installed = shop.installations.installed(second.id)
    assert installed is not None
    assert not shop.installations.remove(second.id, before=installed.at - 60)
    assert shop.installations.remove(second.id, before=installed.at + 60)


def test_a_token_that_slack_does_not_take_any_more_is_forgotten(shop: Several) -> None:
    second = shop.slack.add_workspace("Second")
    member(shop, second)
    shop.install(second)
    calls = SlackCalls(shop.bench.settings, shop.installations).at(second.id)
    for token in shop.slack.platform.tokens.of(second.id):
        token.state = "account_inactive"
    with pytest.raises(Revoked):
        calls.read("auth.test")
    assert shop.installations.installed(second.id) is None


def test_a_newer_token_survives_the_failure_of_the_old_one(shop: Several) -> None:
    second = shop.slack.add_workspace("Second")
    member(shop, second)
    shop.install(second)
    shop.installations.revoked(second.id, "xoxb-older")
    assert shop.installations.installed(second.id) is not None


def test_a_key_is_changed_without_a_new_installation(shop: Several, tmp_path: Path) -> None:
    second = shop.slack.add_workspace("Second")
    member(shop, second)
    shop.install(second)
    token = shop.installations.token(second.id)
    old, new = (tmp_path / "secret.key").read_text().strip(), Fernet.generate_key().decode()
    client_id = shop.slack.app.client_id

    def opened(ledger: Ledger, *keys: str) -> str:
        return Installations(client_id, ledger, Vault(list(keys))).token(second.id)

    ledger = open_ledger(LedgerSettings(database_url=""), HomeSettings(home=tmp_path))
    assert opened(ledger, new, old) == token
    Installations(client_id, ledger, Vault([new, old])).reseal()
    assert opened(ledger, new) == token
    with pytest.raises(Misconfigured, match="CANDOR_SECRET_KEYS"):
        opened(ledger, old)
    ledger.dispose()


def test_a_token_and_a_client_id_exclude_each_other(shop: Several) -> None:
    both = shop.bench.settings.model_copy(update={"slack_bot_token": SecretStr("xoxb-1")})
    with pytest.raises(Misconfigured, match="CANDOR_SLACK_BOT_TOKEN"):
        both.check()

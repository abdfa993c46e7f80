"""Settings: from the environment, in one prefix, refused by name."""

from pathlib import Path

import pytest
from pydantic import Field
from pydantic_settings import BaseSettings

from core.errors import Misconfigured
from core.settings import HomeSettings, Settings, environment
from services.rates.settings import RatesSettings
from services.template.errors import Misconfigured as ServiceMisconfigured


class _Settings(Settings):
    test_number: int = Field(default=3, ge=1, description="A number.")


def test_a_field_is_read_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CANDOR_TEST_NUMBER", "7")
    assert _Settings().test_number == 7


def test_an_empty_value_counts_as_absent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CANDOR_TEST_NUMBER", "")
    assert _Settings().test_number == 3


def test_the_environment_wins_over_the_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("CANDOR_TEST_NUMBER=5\nOTHER=1\n")
    monkeypatch.chdir(tmp_path)
    assert _Settings().test_number == 5
    monkeypatch.setenv("CANDOR_TEST_NUMBER", "6")
    assert _Settings().test_number == 6


def test_a_wrong_value_names_its_setting_and_not_the_value(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CANDOR_TEST_NUMBER", "swordfish")
    with pytest.raises(Misconfigured, match=r"^CANDOR_TEST_NUMBER: ") as caught:
        _Settings()
    assert "swordfish" not in str(caught.value)


def test_the_data_folder_is_made_for_its_owner_alone(tmp_path: Path) -> None:
    folder = HomeSettings(home=tmp_path / "a" / "b").folder()
    assert folder.is_dir()
    assert folder.stat().st_mode & 0o077 == 0


def test_a_data_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Misconfigured, match="CANDOR_HOME"):
        HomeSettings(home=tmp_path / "file" / "home").folder()


def test_a_file_holds_the_value_of_a_setting(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("8\n")
    monkeypatch.setenv("CANDOR_TEST_NUMBER", "7")
    monkeypatch.setenv("CANDOR_TEST_NUMBER_FILE", str(tmp_path / "secret"))
    assert _Settings().test_number == 8


def test_the_file_of_a_setting_may_be_named_in_the_env_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "secret").write_text("8")
    (tmp_path / ".env").write_text(f"CANDOR_TEST_NUMBER_FILE={tmp_path / 'secret'}\n")
    monkeypatch.chdir(tmp_path)
    assert _Settings().test_number == 8
    monkeypatch.setenv("CANDOR_TEST_NUMBER", "7")
    assert _Settings().test_number == 7


@pytest.mark.parametrize("settings", [_Settings, RatesSettings])
def test_a_file_that_is_not_there_is_named(
    settings: type[BaseSettings], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("TEST_NUMBER", "RATES_TOKEN"):
        monkeypatch.setenv(f"CANDOR_{name}_FILE", str(tmp_path / "none"))
    with pytest.raises((Misconfigured, ServiceMisconfigured), match=r"_FILE: cannot read .*none"):
        settings()


def test_a_service_reads_its_secrets_from_files_too(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("swordfish\n")
    monkeypatch.setenv("CANDOR_RATES_TOKEN_FILE", str(tmp_path / "secret"))
    assert RatesSettings().rates_token.get_secret_value() == "swordfish"


def test_a_child_process_gets_these_settings_and_no_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CANDOR_SLACK_BOT_TOKEN", "xoxb-1")
    monkeypatch.setenv("candor_home", "/elsewhere")
    monkeypatch.setenv("LANG", "C.UTF-8")
    given = environment(home="/here")
    assert {name: value for name, value in given.items() if name.lower().startswith("candor")} == {
        "CANDOR_HOME": "/here"
    }
    assert given["LANG"] == "C.UTF-8"

"""Settings of a service: the same environment, refused by name."""

from pathlib import Path

import pytest

from services.rates.settings import RatesSettings
from services.template.errors import Misconfigured
from services.template.settings import hours_of


def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text("CANDOR_RATES_TIMER=6\nCANDOR_RATES_TOKEN=file\n")
    monkeypatch.setenv("CANDOR_RATES_TOKEN", "environment")
    settings = RatesSettings()
    assert settings.rates_timer == "6"
    assert settings.rates_token.get_secret_value() == "environment"


@pytest.mark.parametrize("timer", ["daily", "0", "-1", "inf", "nan"])
def test_a_wrong_timer_is_named(timer: str) -> None:
    with pytest.raises(Misconfigured, match=r"^CANDOR_RATES_TIMER: "):
        RatesSettings(rates_timer=timer)


@pytest.mark.parametrize(("timer", "hours"), [("on", 24), ("off", None), ("0.5", 0.5)])
def test_a_timer_is_a_number_of_hours(timer: str, hours: float | None) -> None:
    assert hours_of(timer) == hours


def test_the_folder_belongs_to_its_owner_alone(tmp_path: Path) -> None:
    folder = RatesSettings(home=tmp_path / "home").folder("rates")
    assert folder == tmp_path / "home" / "rates"
    assert folder.stat().st_mode & 0o077 == 0


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("")
    with pytest.raises(Misconfigured, match="CANDOR_HOME"):
        RatesSettings(home=tmp_path / "home").folder("rates")

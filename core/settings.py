"""Settings: small classes beside their use, all read through here."""

import os
from pathlib import Path
from typing import Any

import platformdirs
from pydantic import Field, ValidationError
from pydantic_settings import (
    BaseSettings,
    DotEnvSettingsSource,
    EnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from core.errors import Misconfigured
from core.setting_files import FileSource

PREFIX = "CANDOR_"


class Settings(BaseSettings):
    """One room's settings, from the environment and from `.env` in the working directory.

    Every field is named `CANDOR_<FIELD>` in capitals; the environment wins over the file, and an empty value
    counts as absent. `CANDOR_<FIELD>_FILE` names a file that holds the value, and wins over the value itself.

    Raises:
        Misconfigured: naming the setting at fault.
    """

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - a folder that we do not have
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Where values come from, strongest first."""
        assert isinstance(env_settings, EnvSettingsSource)
        assert isinstance(dotenv_settings, DotEnvSettingsSource)
        return (
            init_settings,
            FileSource(settings_cls, env_settings.env_vars),
            env_settings,
            FileSource(settings_cls, dotenv_settings.env_vars),
            dotenv_settings,
        )

    def __init__(self, **values: Any) -> None:
        try:
            super().__init__(**values)
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            setting = PREFIX + "_".join(str(part) for part in first["loc"]).upper()
            raise Misconfigured(f"{setting}: {first['msg']}") from None


class HomeSettings(Settings):
    """Where this machine keeps Candor's data."""

    home: Path = Field(
        default_factory=lambda: Path(platformdirs.user_data_dir("candor", appauthor=False)),
        description="The data folder: ledger, embedded index, loopback keys.",
    )

    def folder(self) -> Path:
        """The data folder, made when it is missing and readable by its owner alone.

        Raises:
            Misconfigured: when the folder cannot be made or written.
        """
        try:
            self.home.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise Misconfigured(f"{PREFIX}HOME: cannot use {self.home} ({error.strerror})") from None
        return self.home


def environment(**settings: str) -> dict[str, str]:
    """The environment for a process of ours: this one's, with these settings and no others.

    Args:
        settings: values by the fields' own names, such as `home`.
    """
    inherited = {name: value for name, value in os.environ.items() if not name.upper().startswith(PREFIX)}  # noqa: TID251
    return inherited | {f"{PREFIX}{name.upper()}": value for name, value in settings.items()}

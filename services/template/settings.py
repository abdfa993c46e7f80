"""Settings that every service has, read from the same environment as the rest of Candor."""

from pathlib import Path
from typing import Any

import platformdirs
from pydantic import Field, ValidationError
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from services.template.errors import Misconfigured

PREFIX = "CANDOR_"
HOURS_OF_A_DAY = 24.0


class _FileSource(EnvSettingsSource):
    """Reads `CANDOR_<FIELD>` from the file that `CANDOR_<FIELD>_FILE` names, as container secrets come."""

    def __call__(self) -> dict[str, Any]:
        """The fields whose files are named; an empty file counts as absent.

        Raises:
            Misconfigured: a file cannot be read.
        """
        found: dict[str, Any] = {}
        for field in self.settings_cls.model_fields:
            setting = f"{PREFIX}{field}_FILE".upper()
            path = self.env_vars.get(setting.lower())
            if not path:
                continue
            try:
                found[field] = Path(path).read_text(encoding="utf-8").strip()
            except (OSError, UnicodeDecodeError) as error:
                raise Misconfigured(f"{setting}: cannot read {path} ({type(error).__name__})") from None
        return {field: value for field, value in found.items() if value}


class ServiceSettings(BaseSettings):
    """A service's settings, from the environment and from `.env` in the working directory.

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
        return (init_settings, _FileSource(settings_cls), env_settings, dotenv_settings)

    home: Path = Field(
        default_factory=lambda: Path(platformdirs.user_data_dir("candor", appauthor=False)),
        description="The data folder; each service has a folder of its own in it.",
    )

    def __init__(self, **values: Any) -> None:
        try:
            super().__init__(**values)
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            setting = PREFIX + "_".join(str(part) for part in first["loc"]).upper()
            raise Misconfigured(f"{setting}: {first['msg']}") from None

    def folder(self, service: str) -> Path:
        """The folder of a service, made when it is missing and readable by its owner alone.

        Raises:
            Misconfigured: when it cannot be made.
        """
        folder = self.home / service
        try:
            self.home.mkdir(mode=0o700, parents=True, exist_ok=True)
            folder.mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            raise Misconfigured(f"{PREFIX}HOME: cannot use {folder} ({error.strerror})") from None
        return folder


def hours_of(timer: str) -> float | None:
    """Hours between two syncs: `on` is a day, `off` is None, and a number is itself.

    Raises:
        ValueError: when it is none of them, or not above zero.
    """
    if timer == "off":
        return None
    try:
        hours = HOURS_OF_A_DAY if timer == "on" else float(timer)
    except ValueError:
        hours = 0
    if not 0 < hours < float("inf"):
        raise ValueError("it is on, off, or a number of hours above 0")
    return hours

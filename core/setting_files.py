"""Settings out of files: `CANDOR_X_FILE` names the file that holds `CANDOR_X`, as container secrets come."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource

from core.errors import Misconfigured

SUFFIX = "_FILE"


class FileSource(PydanticBaseSettingsSource):
    """Reads what a variable with the suffix points at.

    Args:
        settings: the class that is filled.
        variables: names in small letters, and their values: the environment's or those of `.env`.
    """

    def __init__(self, settings: type[BaseSettings], variables: Mapping[str, str | None]) -> None:
        super().__init__(settings)
        self._variables = variables

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:  # noqa: ARG002
        """What the file of a field holds, without the line's end; None where none is named.

        Raises:
            Misconfigured: it cannot be read.
        """
        name = f"{self.config.get('env_prefix', '')}{field_name}{SUFFIX}"
        path = self._variables.get(name.lower())
        if not path:
            return None, field_name, False
        try:
            return Path(path).read_text(encoding="utf-8").strip(), field_name, False
        except (OSError, UnicodeDecodeError) as error:
            raise Misconfigured(f"{name.upper()}: cannot read {path} ({type(error).__name__})") from None

    def __call__(self) -> dict[str, Any]:
        """The fields that a file holds; an empty file counts as absent."""
        fields = self.settings_cls.model_fields
        found = {name: self.get_field_value(field, name)[0] for name, field in fields.items()}
        return {name: value for name, value in found.items() if value}

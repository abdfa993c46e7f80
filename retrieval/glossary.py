"""The team glossary: abbreviations of its own, and what they stand for."""

import re
from collections.abc import Mapping
from pathlib import Path

import yaml
from pydantic import Field

from core.errors import Misconfigured
from core.settings import HomeSettings, Settings

_NAME = "glossary.yaml"


class GlossarySettings(Settings):
    """Where the glossary is."""

    glossary: str = Field(
        default="",
        description="A YAML file of abbreviations and what they stand for, such as `PTO: paid time off`; "
        "empty means `glossary.yaml` in CANDOR_HOME, if it is there.",
    )


class Glossary:
    """Spells abbreviations out, and abbreviates what is spelled out.

    Args:
        entries: by abbreviation, what it stands for: one meaning or several.
    """

    def __init__(self, entries: Mapping[str, tuple[str, ...]] | None = None) -> None:
        self._forms: dict[str, list[str]] = {}
        for short, meanings in (entries or {}).items():
            for meaning in meanings:
                self._forms.setdefault(_key(short), []).append(meaning)
                self._forms.setdefault(_key(meaning), []).append(short)
        longest_first = sorted(self._forms, key=len, reverse=True)
        words = "|".join(r"\s+".join(map(re.escape, form.split())) for form in longest_first)
        self._pattern = re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE) if words else None

    def expanded(self, query: str) -> str:
        """A query with the other forms of what it names behind it, as far as it does not have them."""
        if self._pattern is None:
            return query
        added: list[str] = []
        for match in self._pattern.finditer(query):
            added += self._forms[_key(match.group())]
        seen = _key(query)
        new = [form for form in dict.fromkeys(added) if _key(form) not in seen]
        return " ".join((query, *new))


def open_glossary(settings: GlossarySettings, home: HomeSettings) -> Glossary:
    """The glossary that the settings name, or the one under CANDOR_HOME; an empty one where there is none.

    Raises:
        Misconfigured: naming the file and what is wrong with it.
    """
    path = Path(settings.glossary).expanduser() if settings.glossary else home.home / _NAME
    if not settings.glossary and not path.exists():
        return Glossary()
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise Misconfigured(f"CANDOR_GLOSSARY: cannot read {path} ({error})") from None
    except yaml.YAMLError as error:
        raise Misconfigured(f"CANDOR_GLOSSARY: {path} is not YAML ({error})") from None
    if content is None:
        return Glossary()
    if not isinstance(content, dict):
        raise Misconfigured(f"CANDOR_GLOSSARY: {path} must hold lines such as `PTO: paid time off`")
    return Glossary({str(short): _meanings(path, short, value) for short, value in content.items()})


def _meanings(path: Path, short: object, value: object) -> tuple[str, ...]:
    meanings = value if isinstance(value, list) else [value]
    if (
        not all(isinstance(meaning, str) and meaning.strip() for meaning in meanings)
        or not str(short).strip()
    ):
        raise Misconfigured(f"CANDOR_GLOSSARY: in {path}, {short!r} must stand for words or a list of them")
    return tuple(meanings)


def _key(text: str) -> str:
    return " ".join(text.split()).casefold()

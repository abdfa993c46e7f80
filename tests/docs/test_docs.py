"""Every setting, command, option and link on the pages exists, and every setting is on them."""

import importlib
import pkgutil
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer.main
import yaml
from markdown_it import MarkdownIt
from markdown_it.token import Token
from pydantic import SecretStr
from pydantic_settings import BaseSettings
from typer import BadParameter
from typer.core import TyperGroup
from typer.exceptions import TyperException

from cli.main import COMMANDS
from core.settings import PREFIX, Settings
from services.template.settings import ServiceSettings

ROOT = Path(__file__).parents[2]
ROOMS = ("bot", "cli", "core", "evals", "ledger", "prompts", "retrieval", "services", "workers")
PAGES = sorted([ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").rglob("*.md")])
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text())
OURS = {name: service for name, service in COMPOSE["services"].items() if service["image"] == "candor"}
COMPOSE_ALONE = {"CANDOR_SECRETS"}
"""What compose.yaml itself reads."""

DEPLOYMENT = [ROOT / "compose.yaml", *(path for path in (ROOT / "deploy").rglob("*") if path.is_file())]

_NAME = re.compile(rf"\b{PREFIX}[A-Z_]*[A-Z]\b")
_SHOWN = re.compile(rf"^\| `({PREFIX}\w+)` \| (?:`([^`]*)`|([^|]*)) \|", re.MULTILINE)
_EXAMPLE = re.compile(rf"^# ({PREFIX}\w+)=(.*)$", re.MULTILINE)
_COMMAND_LINE = re.compile(
    r"(?:(?:^|[|&;:$/])[ \t]*candor|docker compose run\b[^\n]*? worker-answers)(?=[ \t])(?P<words>[^\n]*)",
    re.MULTILINE,
)


def unknown(text: str, settings: dict[str, object]) -> set[str]:
    """Names in a text that are no settings; the file of a setting may be named for it."""
    known = set(settings) | COMPOSE_ALONE
    return {name for name in _NAME.findall(text) if not {name, name.removesuffix("_FILE")} & known}


def page_name(page: Path) -> str:
    return str(page.relative_to(ROOT))


def tokens(page: Path) -> Iterator[Token]:
    for token in MarkdownIt("commonmark").enable("table").parse(page.read_text()):
        yield token
        yield from token.children or ()


@pytest.fixture(scope="module")
def settings() -> dict[str, object]:
    """Every setting there is, with its default."""
    for room in ROOMS:
        for module in pkgutil.walk_packages(importlib.import_module(room).__path__, f"{room}."):
            if not module.name.startswith("ledger.migrations."):  # scripts that alembic runs
                importlib.import_module(module.name)
    return {
        f"{PREFIX}{name.upper()}": field.default
        for group in (*subclasses(Settings), *subclasses(ServiceSettings))
        if group.__module__.partition(".")[0] in ROOMS
        for name, field in group.model_fields.items()
    }


def subclasses(base: type[BaseSettings]) -> Iterator[type[BaseSettings]]:
    for group in base.__subclasses__():
        yield group
        yield from subclasses(group)


def written(default: object) -> str:
    """A default as the environment has it; one that depends on the machine has no fixed form."""
    if isinstance(default, SecretStr):
        return default.get_secret_value()
    if isinstance(default, float) and default.is_integer():
        return str(int(default))
    return str(default)


def test_the_example_file_lists_every_setting_with_its_default(settings: dict[str, object]) -> None:
    listed = dict(_EXAMPLE.findall((ROOT / ".env.example").read_text()))
    assert sorted(listed) == sorted(settings)
    del listed[f"{PREFIX}HOME"]
    assert listed == {name: written(settings[name]) for name in listed}


def test_the_page_of_settings_has_every_setting_with_its_default(settings: dict[str, object]) -> None:
    rows = _SHOWN.findall((ROOT / "docs" / "settings.md").read_text())
    shown = {name: value if value or words != "empty" else "" for name, value, words in rows}
    assert sorted(shown) == sorted(settings)
    del shown[f"{PREFIX}HOME"]
    assert shown == {name: written(settings[name]) for name in shown}


def test_settings_in_the_example_file_are_comments() -> None:
    lines = (ROOT / ".env.example").read_text().splitlines()
    assert [line for line in lines if line and not line.startswith("#")] == []


@pytest.mark.parametrize("page", PAGES, ids=page_name)
def test_a_page_names_only_settings_that_exist(page: Path, settings: dict[str, object]) -> None:
    assert unknown(page.read_text(), settings) == set()


def command_lines(page: Path) -> Iterator[str]:
    """What follows `candor`, or its service in Docker Compose, wherever a page shows a command."""
    for token in tokens(page):
        if token.type not in ("fence", "code_block", "code_inline"):
            continue
        yield from (found["words"] for found in _COMMAND_LINE.finditer(token.content))


def parse(words: list[str]) -> None:
    """Take a command line apart as the command itself would, without running it.

    A command's bare name stands for the command, not for a call of it.

    Raises:
        TyperException: it is not how the command is used, or there is no such command.
    """
    if words in ([], ["--help"], ["--version"]):
        return
    name, *rest = words
    if name not in COMMANDS:
        raise BadParameter(f"no command {name}")
    command = typer.main.get_command(importlib.import_module(f"cli.commands.{name}").app)
    while isinstance(command, TyperGroup) and rest:
        if rest[0] not in command.commands:
            raise BadParameter(f"{name}: no subcommand {rest[0]}")
        command = command.commands[rest.pop(0)]
    if isinstance(command, TyperGroup) or not rest or rest == ["--help"]:
        return
    context = command.context_class(command, info_name=name)
    given, surplus, _ = command.make_parser(context).parse_args(rest)
    missing = [param.name for param in command.params if param.required and not given.get(param.name or "")]
    if surplus or missing:
        raise BadParameter(f"{name}: {surplus} too many, {missing} missing")


def one_command(line: str) -> list[str]:
    """The words of a line up to a comment, a pipe or the next command."""
    lexer = shlex.shlex(line, posix=True, punctuation_chars="|&;<>")
    lexer.whitespace_split = True
    words: list[str] = []
    for word in lexer:
        if word[0] in "|&;<>":
            break
        words.append(word)
    return words


@pytest.mark.parametrize("page", PAGES, ids=page_name)
def test_every_command_on_a_page_exists_as_it_is_written(page: Path) -> None:
    for line in command_lines(page):
        parse(one_command(line))


def test_the_pages_show_every_command() -> None:
    shown = {one_command(line)[0] for page in PAGES for line in command_lines(page)}
    assert set(COMMANDS) <= shown


@pytest.mark.parametrize(
    "line",
    [
        "fly",
        "ask --swiftly 'Where?'",
        "ask Where is it?",
        "search --json",
        "search pricing --top",
        "sources paint",
        "turns list 7",
    ],
)
def test_a_wrong_command_is_noticed(line: str) -> None:
    with pytest.raises(TyperException):
        parse(one_command(line))


def anchors(page: Path) -> set[str]:
    """The fragment of each heading, as GitHub makes it."""
    found: set[str] = set()
    last = ""
    for token in tokens(page):
        if last == "heading_open" and token.type == "inline":
            plain = re.sub(r"[^\w\- ]", "", token.content.lower())
            found.add(plain.replace(" ", "-"))
        last = token.type
    return found


@pytest.mark.parametrize("page", PAGES, ids=page_name)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    for token in tokens(page):
        target = str(token.attrGet("href") or token.attrGet("src") or "")
        if not target or target.startswith(("https://", "http://")):
            continue
        path, _, fragment = target.partition("#")
        file = (page.parent / path) if path else page
        assert file.exists(), f"{page_name(page)} links to {target}"
        assert not fragment or fragment in anchors(file), f"{page_name(page)} links to {target}"


def test_every_page_can_be_reached_from_the_readme() -> None:
    reached = {ROOT / "README.md"}
    waiting = list(reached)
    while waiting:
        page = waiting.pop()
        linked = {
            (page.parent / str(token.attrGet("href") or "").partition("#")[0]).resolve()
            for token in tokens(page)
        }
        fresh = (linked & set(PAGES)) - reached
        reached |= fresh
        waiting.extend(fresh)
    assert reached == set(PAGES)


def test_the_deployment_files_give_settings_that_exist(settings: dict[str, object]) -> None:
    for service in OURS.values():
        assert service["environment"]
        assert set(service["environment"]) <= set(settings)
    for file in DEPLOYMENT:
        assert unknown(file.read_text(), settings) == set()


def test_the_compose_file_runs_commands_that_exist() -> None:
    for service in OURS.values():
        parse(service["command"])
    lines = [found["words"] for found in _COMMAND_LINE.finditer((ROOT / "compose.yaml").read_text())]
    assert lines
    for line in lines:
        parse(one_command(line))


def test_the_image_holds_every_room_and_the_pages() -> None:
    recipe = (ROOT / "deploy" / "Dockerfile").read_text()
    copied = set(re.findall(r"^COPY (\w+) \1$", recipe, re.MULTILINE))
    assert copied == {*ROOMS, "docs"}
    kept = (ROOT / ".dockerignore").read_text()
    assert copied <= set(re.findall(r"^!(\w+)$", kept, re.MULTILINE))


def test_secrets_of_the_compose_file_come_from_outside() -> None:
    for service in COMPOSE["services"].values():
        for name, value in service.get("environment", {}).items():
            if name.endswith(("_PASSWORD", "_API_KEY")):
                assert str(value).startswith("${"), f"{name} is written in compose.yaml"

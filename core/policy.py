"""Policies: what holds in a workspace and its channels, as one readable YAML file each."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import Field, ValidationError, field_validator

from core.errors import Misconfigured
from core.messages import Address, Frozen
from core.settings import PREFIX, Settings

_FALLBACK = "default"

Handling = Literal["allow", "mask", "refuse"]
Kind = Literal["email", "card", "iban", "ssn", "ip", "phone"]
Pack = Literal["finance", "health"]


class ChannelPolicy(Frozen):
    """What holds in one channel. docs/guardrails.md says each field in words."""

    injection: Literal["flag", "refuse"] = "flag"
    personal_data: dict[Kind, Handling] = Field(default_factory=dict)
    topics: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    length: int = Field(default=8000, ge=1)
    packs: tuple[Pack, ...] = ()
    required: tuple[str, ...] = ()
    forbidden: tuple[str, ...] = ()
    links: tuple[str, ...] = ()

    @field_validator("topics", "languages", "required", "forbidden", "links")
    @classmethod
    def _holds_words(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if not all(each.strip() for each in value):
            raise ValueError("has an empty entry")
        return value

    @field_validator("links")
    @classmethod
    def _are_hosts(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for each in value:
            if "/" in each or "." not in each or " " in each:
                raise ValueError(f"{each!r} is no host, such as docs.example.com or *.example.com")
        return value

    def handling(self, kind: Kind) -> Handling:
        """What is done with one kind of personal data: numbers that open accounts are masked by default."""
        return self.personal_data.get(kind, "mask" if kind in ("card", "ssn") else "allow")


class PolicySettings(Settings):
    """Where the policies are."""

    policy: str = Field(
        default="",
        description="A policy file in YAML, or a folder with one for each workspace, WORKSPACE.yaml, and "
        "default.yaml for all others; empty: the built-in policy.",
    )


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in a policy file, and where; lines count from 1."""

    file: Path
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.text}"


@dataclass(frozen=True, slots=True)
class Policy:
    """One workspace's policy: what holds everywhere, and what holds in channels of their own."""

    default: ChannelPolicy = field(default_factory=ChannelPolicy)
    channels: Mapping[str, ChannelPolicy] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Policies:
    """The policies of every workspace."""

    fallback: Policy = Policy()
    workspaces: Mapping[str, Policy] = field(default_factory=dict)

    def at(self, address: Address) -> ChannelPolicy:
        """What holds at an address."""
        policy = self.workspaces.get(address.workspace, self.fallback)
        return policy.channels.get(address.channel, policy.default)


def files(settings: PolicySettings) -> list[Path]:
    """The policy files that the setting names.

    Raises:
        Misconfigured: there is none.
    """
    if not settings.policy:
        return []
    path = Path(settings.policy)
    if path.is_file():
        return [path]
    found = sorted(path.glob("*.yaml"))
    if not found:
        raise Misconfigured(f"{PREFIX}POLICY: {path} is no policy file and no folder of them")
    return found


def open_policies(settings: PolicySettings) -> Policies:
    """Read the policies.

    Raises:
        Misconfigured: naming the file, the line and what is wrong there.
    """
    read: dict[str, Policy] = {}
    for path in files(settings):
        policy, faults = check(path)
        if faults:
            raise Misconfigured(f"{PREFIX}POLICY: {faults[0]}")
        read[path.stem] = policy
    if settings.policy and Path(settings.policy).is_file():
        return Policies(fallback=next(iter(read.values())))
    return Policies(fallback=read.pop(_FALLBACK, Policy()), workspaces=read)


def check(path: Path) -> tuple[Policy, list[Fault]]:
    """Read one policy file, and find everything that is wrong in it."""
    try:
        text = path.read_text(encoding="utf-8")
        root = yaml.compose(text, Loader=yaml.SafeLoader)
        content = yaml.safe_load(text)
    except (OSError, UnicodeDecodeError) as error:
        return Policy(), [Fault(path, 1, f"cannot be read ({type(error).__name__})")]
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or "is no YAML"
        return Policy(), [Fault(path, mark.line + 1 if mark else 1, str(problem))]
    if content is None:
        return Policy(), []
    if not isinstance(content, dict):
        return Policy(), [Fault(path, 1, "should be fields with values")]
    faults = list(_repeated(path, root))
    channels = content.pop("channels", None) or {}
    default = _channel(path, root, content, {}, (), faults)
    own: dict[str, ChannelPolicy] = {}
    if not isinstance(channels, dict):
        faults.append(Fault(path, _line(root, ("channels",)), "channels: should be channels with fields"))
        channels = {}
    for name, values in channels.items():
        where = ("channels", str(name))
        if not isinstance(values, dict):
            faults.append(Fault(path, _line(root, where), f"channels.{name}: should be fields with values"))
            continue
        own[str(name)] = _channel(path, root, values, content, where, faults)
    return Policy(default, own), sorted(faults, key=lambda each: each.line)


def _channel(  # noqa: PLR0917  # one walk over one file
    path: Path,
    root: yaml.Node | None,
    values: Mapping[str, Any],
    inherited: Mapping[str, Any],
    where: tuple[str, ...],
    faults: list[Fault],
) -> ChannelPolicy:
    try:
        return ChannelPolicy.model_validate({**inherited, **values})
    except ValidationError as error:
        for each in error.errors(include_url=False, include_input=False):
            if each["loc"] and str(each["loc"][0]) not in map(str, values):
                continue  # inherited: said where it stands
            loc = (*where, *(str(part) for part in each["loc"] if part != "[key]"))
            faults.append(Fault(path, _line(root, loc), f"{'.'.join(loc)}: {each['msg']}"))
        return ChannelPolicy()


def _line(root: yaml.Node | None, loc: tuple[str, ...]) -> int:
    """The line of a field, or of the nearest thing around it that there is."""
    node, line = root, 1
    for part in loc:
        if isinstance(node, yaml.MappingNode):
            found = next((pair for pair in node.value if pair[0].value == part), None)
            if found is None:
                break
            line, node = found[0].start_mark.line + 1, found[1]
        elif isinstance(node, yaml.SequenceNode) and part.isdecimal() and int(part) < len(node.value):
            node = node.value[int(part)]
            line = node.start_mark.line + 1
        else:
            break
    return line


def _repeated(path: Path, node: yaml.Node | None) -> Iterator[Fault]:
    """Fields that are given twice: YAML itself would let the last one win in silence."""
    if not isinstance(node, yaml.MappingNode):
        return
    seen: set[str] = set()
    for name, value in node.value:
        if name.value in seen:
            yield Fault(path, name.start_mark.line + 1, f"{name.value}: is given twice")
        seen.add(name.value)
        yield from _repeated(path, value)

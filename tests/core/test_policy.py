"""Policies: one readable file, faults with their lines, channels of their own."""

from pathlib import Path

import pytest

from core.errors import Misconfigured
from core.messages import Address
from core.policy import PolicySettings, check, open_policies

GOOD = """\
injection: refuse
links: [acme.example]
personal_data:
  email: mask
channels:
  C1:
    injection: flag
    topics: [parking]
"""


def _at(workspace: str, channel: str) -> Address:
    return Address(platform="slack", workspace=workspace, channel=channel)


def _written(folder: Path, text: str, name: str = "policy.yaml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_channel_has_what_holds_everywhere_save_what_it_sets_itself(tmp_path: Path) -> None:
    policies = open_policies(PolicySettings(policy=str(_written(tmp_path, GOOD))))
    everywhere, own = policies.at(_at("T1", "C2")), policies.at(_at("T1", "C1"))
    assert (everywhere.injection, own.injection) == ("refuse", "flag")
    assert own.links == everywhere.links == ("acme.example",)
    assert (own.topics, everywhere.topics) == (("parking",), ())
    assert (own.handling("email"), own.handling("card"), own.handling("phone")) == ("mask", "mask", "allow")


def test_a_folder_has_a_policy_for_each_workspace(tmp_path: Path) -> None:
    _written(tmp_path, "length: 10", "T1.yaml")
    _written(tmp_path, "length: 20", "default.yaml")
    policies = open_policies(PolicySettings(policy=str(tmp_path)))
    assert policies.at(_at("T1", "C1")).length == 10
    assert policies.at(_at("T2", "C1")).length == 20


def test_without_a_file_the_built_in_policy_holds() -> None:
    assert open_policies(PolicySettings(policy="")).at(_at("T1", "C1")).length == 8000


@pytest.mark.parametrize(
    ("text", "line", "named"),
    [
        ("injection: flag\nlenght: 3\n", 2, "lenght"),
        ("links:\n  - acme.example\n  - https://acme.example/x\n", 1, "links"),
        ("personal_data:\n  email: allow\n  card: hide\n", 3, "personal_data.card"),
        ("channels:\n  C1:\n    topics: [a]\n    length: 0\n", 4, "channels.C1.length"),
        ("channels:\n  C1: 5\n", 2, "channels.C1"),
        ("length: 3\nlength: 4\n", 2, "twice"),
        ("topics: [a\nlength: 3\n", 2, ""),
        ("- a\n", 1, "fields"),
        ("packs: [law]\n", 1, "packs"),
    ],
)
def test_a_fault_is_named_with_its_line(tmp_path: Path, text: str, line: int, named: str) -> None:
    path = _written(tmp_path, text)
    fault = check(path)[1][0]
    assert fault.line == line
    assert named in fault.text
    with pytest.raises(Misconfigured, match=r"CANDOR_POLICY: .*policy\.yaml:"):
        open_policies(PolicySettings(policy=str(path)))


def test_what_is_wrong_everywhere_is_said_once(tmp_path: Path) -> None:
    faults = check(_written(tmp_path, "length: 0\nchannels:\n  C1:\n    topics: [a]\n"))[1]
    assert [fault.line for fault in faults] == [1]


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="CANDOR_POLICY"):
        open_policies(PolicySettings(policy=str(tmp_path / "nowhere.yaml")))

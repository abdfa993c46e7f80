"""Who may read the files of a folder."""

from pathlib import Path

import pytest

from core.documents import Document
from retrieval.loaders import Skipped
from retrieval.sources import read_source


def write(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)


def readers(root: Path) -> dict[str, tuple[str, ...] | str]:
    found = read_source(root, "s", ("everyone",))
    said: dict[str, tuple[str, ...] | str] = {}
    for item in found:
        if isinstance(item, Skipped):
            said[item.path] = item.reason
        else:
            assert isinstance(item, Document)
            said[item.id] = item.readers
    return said


def test_the_nearest_readers_file_decides_for_its_folder_and_below(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "a.md": "A",
            "pay/.readers": "# who sees the pay\nhr\nboard  # both\nhr\n",
            "pay/b.md": "B",
            "pay/old/c.md": "C",
            "pay/open/.readers": "everyone",
            "pay/open/d.md": "D",
        },
    )
    assert readers(tmp_path) == {
        "a.md": ("everyone",),
        "pay/b.md": ("hr", "board"),
        "pay/old/c.md": ("hr", "board"),
        "pay/open/d.md": ("everyone",),
    }


@pytest.mark.parametrize("content", [b"", b"# nobody\n", b"\xff\xfe"])
def test_a_readers_file_that_names_nobody_lets_nobody_read(tmp_path: Path, content: bytes) -> None:
    write(tmp_path, {"pay/b.md": "B", "pay/old/c.md": "C", "a.md": "A"})
    (tmp_path / "pay" / ".readers").write_bytes(content)
    found = readers(tmp_path)
    assert found["a.md"] == ("everyone",)
    assert "who may read it is not known" in str(found["pay/b.md"])
    assert str(tmp_path / "pay" / ".readers") in str(found["pay/old/c.md"])


def test_the_readers_file_beside_a_single_file_counts(tmp_path: Path) -> None:
    write(tmp_path, {".readers": "hr", "a.md": "A"})
    (document,) = read_source(tmp_path / "a.md", "s", ("everyone",))
    assert isinstance(document, Document)
    assert document.readers == ("hr",)


def test_a_line_of_json_names_readers_of_its_own(tmp_path: Path) -> None:
    write(
        tmp_path, {".readers": "hr", "a.jsonl": '{"id": 1, "text": "A", "readers": ["board"]}\n{"text": "B"}'}
    )
    found = readers(tmp_path)
    assert found["a.jsonl#1"] == ("board",)
    assert sorted(found.values()) == [("board",), ("hr",)]

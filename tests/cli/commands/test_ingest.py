import re
from pathlib import Path

from tests.cli.candor import Candor


def test_a_second_run_follows_what_was_changed_and_deleted_and_leaves_the_rest(
    fresh: Candor, handbook: Path
) -> None:
    first = fresh.done("ingest", str(handbook))
    assert f"{handbook}: 4 found, 4 indexed, 0 unchanged, 0 deleted, 0 skipped; 4 chunks" in first
    assert "4 found, 0 indexed, 4 unchanged, 0 deleted, 0 skipped" in fresh.done("ingest", str(handbook))
    (handbook / "travel.txt").write_text("Trains are booked in first class.\n")
    (handbook / "office" / "parking.html").unlink()
    report = fresh.done("ingest", str(handbook))
    assert "3 found, 1 indexed, 2 unchanged, 1 deleted, 0 skipped" in report
    texts = {row["document_id"]: row["text"] for row in fresh.object("search", "trains parking")}
    assert "first class" in texts["travel.txt"]
    assert "office/parking.html" not in texts


def test_what_cannot_be_read_is_skipped_with_its_reason(fresh: Candor, handbook: Path) -> None:
    (handbook / "empty.md").write_text("  \n")
    (handbook / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    (handbook / "gone.md").symlink_to(handbook / "nowhere.md")
    report = fresh.done("ingest", str(handbook))
    assert "7 found, 4 indexed, 0 unchanged, 0 deleted, 3 skipped" in report
    assert re.search(r"skipped empty.md: .*(empty|no text)", report)
    assert "skipped picture.png: files that end in .png are not supported" in report
    assert "skipped gone.md: it is a link to nothing" in report


def test_one_file_is_a_source_of_its_own(fresh: Candor, handbook: Path) -> None:
    assert "1 found, 1 indexed" in fresh.done("ingest", str(handbook / "travel.txt"))
    assert [row["document_id"] for row in fresh.object("search", "trains")] == ["travel.txt"]

from pathlib import Path

from tests.cli.candor import Candor


def test_sources_are_listed_synced_and_removed(fresh: Candor, handbook: Path) -> None:
    assert "candor ingest PATH" in fresh.done("sources", "list")
    fresh.done("ingest", str(handbook / "office"), str(handbook / "travel.txt"), "--readers", "staff")
    lines = fresh.done("sources", "list").splitlines()
    assert len(lines) == 2
    office = next(line for line in lines if str(handbook / "office") in line)
    assert "2 documents, 2 chunks; readers: staff; synced 2" in office
    (handbook / "office" / "keys.md").write_text("# Keys\n\nThe spare keys hang behind the front desk.\n")
    synced = fresh.done("sources", "sync")
    assert f"{handbook / 'office'}: 3 found, 1 indexed, 2 unchanged" in synced
    assert f"{handbook / 'travel.txt'}: 1 found, 0 indexed, 1 unchanged" in synced
    assert f"Removed {handbook / 'office'}." in fresh.done("sources", "remove", office.split()[0])
    found = fresh.object("search", "spare keys", "--group", "staff")
    assert [row["document_id"] for row in found] == ["travel.txt"]


def test_an_unknown_source_is_said_plainly(candor: Candor) -> None:
    assert "'nonsense'" in candor.refused("sources", "remove", "nonsense")


def test_a_folder_that_is_gone_is_named(fresh: Candor, handbook: Path) -> None:
    fresh.done("ingest", str(handbook))
    handbook.rename(handbook.with_name("elsewhere"))
    assert str(handbook) in fresh.refused("sources", "sync")

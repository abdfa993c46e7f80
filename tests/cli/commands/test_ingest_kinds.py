"""`candor ingest` of every kind of file, good and bad, and of what tables and readers files say."""

import json
from pathlib import Path

from retrieval.loaders import LARGEST_FILE
from tests.cli.candor import Candor
from tests.retrieval import papers

GOOD = {
    "notes.md": b"# Notes\n\nThe attic is dry.\n",
    "plain.txt": b"The cellar is damp.\n",
    "old.txt": ("Die Größe der Räume fällt älteren Gästen öfter auf. " * 20).encode("cp1252"),
    "page.html": (
        b"<html><body><main><h1>Yard</h1><p>The yard is swept on Mondays by whoever lives on the ground "
        b"floor, and in summer it is watered too.</p></main></body></html>"
    ),
    "lease.pdf": papers.pdf(papers.LEASE),
    "house.docx": papers.word(),
    "talk.pptx": papers.presentation(),
    "mail.eml": papers.message(),
    "flats.csv": b"id,flat,rent\n1,Attic,800\n2,Cellar,450\n",
    "rooms.xlsx": papers.workbook({"Rooms": [["room", "seats"], ["North", 12], ["South", 8]]}),
    "lines.jsonl": b'{"_id": "a", "title": "Keys", "text": "The keys lie with the caretaker."}\n',
}
BAD = {
    "empty.md": (b"", "it is empty"),
    "binary.txt": (b"\x89PNG\0\0", "it is binary"),
    "unclear.txt": ("Grüße".encode("latin-1"), "it is not UTF-8 text"),
    "broken.pdf": (papers.pdf(papers.LEASE)[:100], "it is broken or no PDF"),
    "scan.pdf": (papers.pdf(""), "it has no text layer"),
    "secret.pdf": (papers.pdf("Secret", encrypted=True), "it is protected by a password"),
    "secret.xlsx": (bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600), "it is protected by a password"),
    "bomb.docx": (papers.bomb(301), "it would unpack to 301 MB"),
    "cut.pptx": (papers.presentation()[:2000], "it is broken or no"),
    "list.jsonl": (b"[]\n{broken\n", "list.jsonl"),
    "song.mp3": (b"ID3", "files that end in .mp3 are not supported"),
}


def test_of_every_kind_the_good_ones_are_indexed_and_the_bad_ones_named(
    fresh: Candor, tmp_path: Path
) -> None:
    folder = tmp_path / "mixed"
    folder.mkdir()
    for name, data in GOOD.items():
        (folder / name).write_bytes(data)
    for name, (data, _) in BAD.items():
        (folder / name).write_bytes(data)
    with (folder / "huge.txt").open("wb") as file:
        file.truncate(LARGEST_FILE + 1)
    report = fresh.done("ingest", str(folder))
    lines = [line for line in report.splitlines() if line.startswith("  skipped ")]
    for name, (_, reason) in BAD.items():
        assert any(name in line and reason in line for line in lines), (name, report)
    assert any("huge.txt: it is too large (50 MB; the most is 50 MB)" in line for line in lines), report
    found = {row["source"] for row in fresh.object("search", "the house Räume", "--top", "100")}
    assert found == {str(folder / name) for name in GOOD}
    again = fresh.done("ingest", str(folder))
    assert "0 indexed" in again
    assert [line for line in again.splitlines() if line.startswith("  skipped ")] == lines


def test_rows_are_found_by_their_fields(fresh: Candor, tmp_path: Path) -> None:
    table = tmp_path / "flats.csv"
    table.write_text(
        "id,Flat,Rent,Pets,Free from\n1,Attic,800,yes,2026-03-01\n2,Cellar,450,no,2026-01-15\n"
        "3,Gallery,1200,yes,2026-01-01\n"
    )
    assert "3 found, 3 indexed" in fresh.done("ingest", str(table))

    def flats(*where: str) -> set[str]:
        options = [word for each in where for word in ("--where", each)]
        return {row["document_id"] for row in fresh.object("search", "flat", *options)}

    assert flats() == {"1", "2", "3"}
    assert flats("rent<=800") == {"1", "2"}
    assert flats("rent<=1000", "pets=yes") == {"1"}
    assert flats("free_from>=2026-01-10", "free_from<=2026-02-01") == {"2"}
    assert flats("flat=Gallery") == {"3"}


def test_an_article_of_wikipedia_is_cited_with_its_licence(fresh: Candor, tmp_path: Path) -> None:
    article = {
        "id": "12",
        "title": "Kettle",
        "text": "A kettle is a vessel for boiling water. The whistling kettle was patented in 1923.",
        "url": "https://en.wikipedia.org/wiki/Kettle",
    }
    articles = tmp_path / "articles.jsonl"
    articles.write_text(json.dumps(article) + "\n")
    fresh.done("ingest", str(articles))
    answer = fresh.object("ask", "When was the whistling kettle patented?")
    (citation,) = answer["citations"]
    assert citation["source"] == article["url"]
    assert citation["title"] == "Kettle (Wikipedia, CC BY-SA 4.0)"


def test_a_readers_file_keeps_its_folder_to_its_group(fresh: Candor, handbook: Path) -> None:
    (handbook / "office" / ".readers").write_text("# the office alone\nstaff\n")
    fresh.done("ingest", str(handbook))
    query = ("search", "front desk parking pass")
    assert {row["document_id"] for row in fresh.object(*query)} == {"expenses.md", "travel.txt"}
    staff = {row["document_id"] for row in fresh.object(*query, "--group", "staff")}
    assert staff == {"expenses.md", "travel.txt", "office/hours.md", "office/parking.html"}
    (handbook / "office" / ".readers").unlink()
    assert "2 indexed, 2 unchanged" in fresh.done("sources", "sync")
    assert len({row["document_id"] for row in fresh.object(*query)}) == 4

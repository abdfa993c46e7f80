"""Files become documents, or are skipped with a plain reason."""

import contextlib
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core import plugins
from core.documents import Document
from core.errors import Misconfigured, Unavailable
from retrieval.index import Index
from retrieval.loaders import (
    LARGEST_FILE,
    MEDIA_TYPES,
    SUFFIXES,
    Content,
    Loader,
    Skipped,
    Unchanged,
    UnreadableError,
)
from retrieval.sources import count, read_source
from retrieval.stores.embedded import EmbeddedStore
from tests.retrieval import papers
from tests.retrieval.conftest import ToyEmbedder

PAGE = b"""<!doctype html>
<html><head><title>Time off</title><meta name="date" content="2024-03-01"></head><body>
<nav><a href="/">Home</a><a href="/jobs">Jobs at our company</a></nav>
<article><h1>Time off</h1>
<p>Staff may carry over five days of holiday into the next year, if they ask.</p>
<pre><code>ask --days 5
wait</code></pre>
<h2>Sick leave</h2><p>Call before nine, whatever the day of the week may be.</p></article>
<footer>Imprint and cookies</footer></body></html>"""


def only(folder: Path, name: str, data: bytes) -> Document | Skipped:
    path = folder / name
    path.write_bytes(data)
    (item,) = read_source(path, "s")
    assert not isinstance(item, Unchanged)
    return item


def read(folder: Path, name: str, data: bytes) -> Document:
    item = only(folder, name, data)
    assert isinstance(item, Document), item
    return item


def test_a_folder_is_read_in_order_without_what_is_hidden(tmp_path: Path) -> None:
    for name in ("b.md", "a/z.txt", "a/b/c.md", ".hidden.md", ".git/config.md", "a/.x/y.md"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(f"Text of {name}")
    items = list(read_source(tmp_path, "s", ("staff",)))
    assert [item.id for item in items if isinstance(item, Document)] == ["a/b/c.md", "a/z.txt", "b.md"]
    assert len(items) == 3
    first = items[0]
    assert isinstance(first, Document)
    assert first.link == str(tmp_path / "a/b/c.md")
    assert (first.source_id, first.readers, first.title, first.text) == (
        "s",
        ("staff",),
        "c.md",
        "Text of a/b/c.md",
    )


def test_one_file_is_known_by_its_name(tmp_path: Path) -> None:
    assert read(tmp_path, "note.txt", b"Text").id == "note.txt"


def test_a_place_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="nowhere: no such file or folder"):
        list(read_source(tmp_path / "nowhere", "s"))


@pytest.mark.parametrize(
    ("data", "title", "date", "text"),
    [
        (
            b"---\ntitle: Time off\ndate: 2024-03-01\n---\n# Other\n\nText",
            "Time off",
            "2024-03-01",
            "# Other\n\nText",
        ),
        (b"---\ndate: 2024-03-01T10:00:00\n---\n# First\n\nText", "First", "2024-03-01", "# First\n\nText"),
        (b"---\ndate: soon\ntitle: 2024\n---\nText", "2024", "", "Text"),
        (b"---\n: [broken\n---\nText", "x.md", "", "---\n: [broken\n---\nText"),
        (b"Intro\n\n# Heading\n", "Heading", "", "Intro\n\n# Heading"),
        ("\ufeffBOM and ünï\r\nsecond\rthird".encode(), "x.md", "", "BOM and ünï\nsecond\nthird"),
    ],
)
def test_markdown(tmp_path: Path, data: bytes, title: str, date: str, text: str) -> None:
    document = read(tmp_path, "x.md", data)
    assert (document.title, document.date, document.text.strip()) == (title, date, text)


def test_text_is_read_as_it_is(tmp_path: Path) -> None:
    document = read(tmp_path, "x.txt", b"  indented\r\n# no heading\n")
    assert (document.title, document.text) == ("x.txt", "  indented\n# no heading\n")


def test_html_becomes_markdown_without_navigation(tmp_path: Path) -> None:
    document = read(tmp_path, "page.html", PAGE)
    assert (document.title, document.date) == ("Time off", "2024-03-01")
    assert "## Sick leave" in document.text
    assert "```\nask --days 5\nwait\n```" in document.text
    assert "Jobs at our company" not in document.text
    assert "Imprint" not in document.text


def test_html_in_an_older_encoding_is_read_as_it_declares(tmp_path: Path) -> None:
    page = (
        PAGE.decode()
        .replace("<head>", '<head><meta charset="iso-8859-1">')
        .replace("holiday", "Urlaub für Müller")
    )
    assert "Urlaub für Müller" in read(tmp_path, "page.htm", page.encode("latin-1")).text


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("empty.md", b"", "it is empty"),
        ("blank.txt", b" \n\t\n", "it is empty"),
        ("front.md", b"---\ntitle: Only\n---\n", "it has no text"),
        ("binary.md", b"\x89PNG\r\n\x1a\n\0\0\0", "it is binary"),
        ("nul.txt", b"text\0text", "it is binary"),
        ("latin.txt", "Grüße".encode("latin-1"), "it is not UTF-8 text (byte 3)"),
        ("utf16.txt", "text".encode("utf-16-le"), "it is binary"),
        ("binary.html", b"\0\1\2\3", "it is binary"),
        ("empty.html", b"", "it is empty"),
        ("hollow.html", b"<html><body></body></html>", "no main text"),
        ("picture.png", b"\x89PNG", "files that end in .png are not supported"),
        ("Makefile", b"all:", "it has no suffix"),
    ],
)
def test_a_bad_file_is_skipped_with_its_reason(tmp_path: Path, name: str, data: bytes, reason: str) -> None:
    item = only(tmp_path, name, data)
    assert isinstance(item, Skipped), item
    assert item.path == name
    assert reason in item.reason


def test_a_huge_file_is_skipped_without_being_read(tmp_path: Path) -> None:
    with (tmp_path / "huge.txt").open("wb") as file:
        file.truncate(LARGEST_FILE + 1)
    (item,) = read_source(tmp_path, "s")
    assert isinstance(item, Skipped)
    assert "too large (50 MB" in item.reason


def test_links_out_of_the_folder_pipes_and_odd_names_are_skipped_and_the_rest_goes_on(tmp_path: Path) -> None:
    folder = tmp_path / "docs"
    folder.mkdir()
    (tmp_path / "secret.md").write_text("Secret")
    (folder / "out.md").symlink_to(tmp_path / "secret.md")
    (folder / "dead.md").symlink_to(folder / "nothing.md")
    (folder / "good.md").write_text("Good")
    (folder / "same.md").symlink_to(folder / "good.md")
    os.mkfifo(folder / "pipe.md")
    (folder / os.fsdecode(b"odd\xff.md")).write_text("Odd")
    items = list(read_source(folder, "s"))
    assert [item.id for item in items if isinstance(item, Document)] == ["good.md", "same.md"]
    reasons = {item.path: item.reason for item in items if isinstance(item, Skipped)}
    assert reasons["out.md"] == "it is a link that leads out of the source's folder"
    assert reasons["dead.md"] == "it is a link to nothing"
    assert reasons["pipe.md"] == "it is not a regular file"
    assert reasons["odd?.md"] == "its name is not UTF-8"


FAMILY = plugins.members("retrieval.loaders")


class TestEveryLoader:
    def test_has_a_suffix_and_a_media_type(self) -> None:
        assert set(SUFFIXES.values()) == set(MEDIA_TYPES.values()) == set(FAMILY)

    @pytest.mark.parametrize("member", FAMILY)
    @pytest.mark.parametrize("data", [b"", b" \n\t", b"\x00\x01\x02\xff" * 50, bytes(range(256))])
    def test_refuses_what_holds_nothing_with_a_plain_reason(self, member: str, data: bytes) -> None:
        loader: Loader = plugins.load("retrieval.loaders", member, setting="test")
        with pytest.raises(UnreadableError) as caught:
            loader.load(data)
        assert str(caught.value).startswith("it ")
        assert "\n" not in str(caught.value)

    @pytest.mark.parametrize("member", FAMILY)
    @settings(max_examples=30, deadline=None)
    @given(data=st.data())
    def test_reads_or_refuses_whatever_has_been_damaged(self, member: str, data: st.DataObject) -> None:
        loader: Loader = plugins.load("retrieval.loaders", member, setting="test")
        whole = bytearray(WHOLE[member])
        for _ in range(data.draw(st.integers(1, 4))):
            place = data.draw(st.integers(0, len(whole) - 1))
            whole[place] = data.draw(st.integers(0, 255))
        del whole[data.draw(st.integers(1, len(whole))) :]
        with contextlib.suppress(UnreadableError):
            for item in loader.load(bytes(whole)):
                assert isinstance(item, Content | Skipped)


WHOLE = {
    "csv": b"flat,rent\nAttic,800\nCellar,400\n",
    "docx": papers.word(),
    "eml": papers.message(html=True),
    "html": PAGE,
    "jsonl": b'{"id": 1, "text": "A"}\n{"title": "B", "text": "B"}\n',
    "markdown": b"---\ntitle: Yard\ndate: 2025-01-02\n---\n# Yard\n\nWords.",
    "pdf": papers.pdf("Words.", title="Yard"),
    "pptx": papers.presentation(),
    "text": "Grüße".encode(),
    "xlsx": papers.workbook({"Rents": [["Flat", "Rent"], ["Attic", 800]]}),
}


def test_a_folder_of_every_kind_is_read_and_bad_ones_stop_nothing(tmp_path: Path) -> None:
    for member, data in WHOLE.items():
        suffix = next(suffix for suffix, name in SUFFIXES.items() if name == member)
        (tmp_path / f"good{suffix}").write_bytes(data)
        (tmp_path / f"bad{suffix}").write_bytes(b"\x00\x01\x02" + data[:20])
    found = list(read_source(tmp_path, "s"))
    documents = [item for item in found if isinstance(item, Document)]
    assert {document.id.partition("#")[0] for document in documents} == {
        f"good{suffix}" for suffix in (".csv", ".docx", ".eml", ".html", ".jsonl", ".md", ".pdf", ".pptx")
    } | {"good.txt", "good.xlsx"}
    assert {item.path for item in found if isinstance(item, Skipped)} == {
        f"bad{path.suffix}" for path in tmp_path.glob("bad.*")
    }
    assert count(tmp_path) is None, "only reading a table tells how many rows it has"


def test_a_folder_of_every_kind_is_indexed_once(
    tmp_path: Path, embedded: EmbeddedStore, toy: ToyEmbedder
) -> None:
    folder = tmp_path / "docs"
    folder.mkdir()
    for member, data in WHOLE.items():
        (folder / f"good.{member}").with_suffix(
            next(suffix for suffix, name in SUFFIXES.items() if name == member)
        ).write_bytes(data)
    index = Index(embedded, toy)
    first = index.sync("s", read_source(folder, "s"))
    assert (first.found, first.indexed, first.skipped) == (12, 12, ())
    second = index.sync("s", read_source(folder, "s"))
    assert (second.indexed, second.unchanged, second.deleted) == (0, 12, 0)
    (folder / "good.csv").write_bytes(b"flat,rent\nLoft,900\nAttic,800\n")
    third = index.sync("s", read_source(folder, "s"))
    assert (third.indexed, third.unchanged, third.deleted) == (1, 11, 1)


def test_a_single_file_that_takes_too_long_is_no_reason_to_forget_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CANDOR_PARSE_SECONDS", "0.2")
    rows = "".join(f"{number},{number}\n" for number in range(300_000))
    (tmp_path / "rows.csv").write_text(f"a,b\n{rows}")
    with pytest.raises(Unavailable, match=r"rows\.csv: reading it takes longer than 0\.2 s"):
        list(read_source(tmp_path / "rows.csv", "s"))
    (kept,) = read_source(tmp_path, "s")
    assert isinstance(kept, Skipped)
    assert kept.keep


def test_a_day_in_a_file_s_name_dates_what_has_no_date(tmp_path: Path) -> None:
    assert read(tmp_path, "2025-03-04 minutes.txt", b"Words.").date == "2025-03-04"
    assert read(tmp_path, "120250-03-041.txt", b"Words.").date == ""


def test_the_language_is_the_one_that_is_said_or_else_heard(tmp_path: Path) -> None:
    german = "Die Schlüssel liegen beim Hausmeister, und wer sie braucht, unterschreibt in seinem Buch."
    assert read(tmp_path, "a.txt", german.encode()).language == "de"
    assert read(tmp_path, "b.md", f"---\nlang: nl-BE\n---\n{german}".encode()).language == "nl"


def test_records_are_known_by_their_file_unless_it_is_the_whole_source(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"id": "7", "text": "A"}\n{broken\n{"id": "5", "text": "B"}')
    bad, *records = read_source(tmp_path, "s")
    assert isinstance(bad, Skipped)
    assert bad.path == "a.jsonl#line 2"
    assert [each.id for each in records if isinstance(each, Document)] == ["a.jsonl#5", "a.jsonl#7"]
    alone = [item.id for item in read_source(tmp_path / "a.jsonl", "s") if isinstance(item, Document)]
    assert alone == ["5", "7"]

"""Tables and JSON lines: each row and line a document, its fields typed."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

import pytest

from core.documents import Value
from retrieval.loaders import Content, Skipped, UnreadableError, csv, jsonl, xlsx
from tests.retrieval.papers import workbook


def fields(items: Sequence[Content | Skipped]) -> list[Mapping[str, Value]]:
    return [item.fields for item in items if isinstance(item, Content)]


def reasons(items: Sequence[Content | Skipped]) -> dict[str, str]:
    return {item.path: item.reason for item in items if isinstance(item, Skipped)}


def column(*cells: str, delimiter: str = ",") -> list[Value]:
    """The values of a column with these cells."""
    rows = "\n".join(f'{number}{delimiter}"{cell}"' for number, cell in enumerate(cells))
    return [row["what"] for row in fields(csv.load(f"row{delimiter}what\n{rows}".encode())) if "what" in row]


@pytest.mark.parametrize(
    ("cells", "values"),
    [
        (("1", "-20", "3,000"), [1, -20, 3000]),
        (("1", "2.5", "$1,200.75"), [1.0, 2.5, 1200.75]),
        (("yes", "No", "TRUE"), [True, False, True]),
        (("2025-03-01", "2024-12-24 18:00"), ["2025-03-01", "2024-12-24"]),
        (("24.12.2025", "1.2.2026"), ["2025-12-24", "2026-02-01"]),
        (("24/12/2025", "01/02/2026"), ["2025-12-24", "2026-02-01"]),
        (("12/24/2025", "01/02/2026"), ["2025-12-24", "2026-01-02"]),
        (("01/02/2026", "03/04/2026"), ["01/02/2026", "03/04/2026"]),
        (("01234", "56789"), ["01234", "56789"]),
        (("7", "n/a", "", "8"), [7, 8]),
        (("7", "seven"), ["7", "seven"]),
        (("2025-02-31",), ["2025-02-31"]),
    ],
)
def test_a_column_has_the_narrowest_type_that_fits_all_its_cells(
    cells: list[str], values: list[Value]
) -> None:
    found = column(*cells)
    assert found == values
    assert list(map(type, found)) == list(map(type, values))


def test_a_table_with_semicolons_has_decimal_commas() -> None:
    assert column("1.200,50", "3,5 €", delimiter=";") == [1200.5, 3.5]


def test_a_row_becomes_a_line_that_can_be_quoted() -> None:
    long = "Ask the caretaker. " * 20
    first, second = csv.load(
        f'Flat,Rent (EUR),Updated,Note\nAttic,800,2025-01-02,{long}\nCellar,,,"a\nb"\n'.encode()
    )
    assert isinstance(first, Content)
    assert isinstance(second, Content)
    assert first.text == f"Flat: Attic; Rent (EUR): 800; Updated: 2025-01-02\n\n## Note\n\n{long.strip()}"
    assert (first.title, first.date) == ("Attic", "2025-01-02")
    assert first.fields == {"flat": "Attic", "rent_eur": 800, "updated": "2025-01-02"}
    assert second.text == "Flat: Cellar\n\n## Note\n\na\nb"


def test_a_row_put_in_above_does_not_rename_those_below() -> None:
    before = csv.load(b"flat,rent\nAttic,800\nCellar,400\n")
    after = csv.load(b"flat,rent\nYard,1\nAttic,800\nCellar,400\n")
    assert after[1:] == before


def test_a_column_of_ids_names_the_rows() -> None:
    names = [item.name for item in csv.load(b"id,flat\n7,Attic\n8,Attic\n") if isinstance(item, Content)]
    assert names == ["7", "8"]
    twice = [item.name for item in csv.load(b"id,flat\n7,Attic\n7,Cellar\n") if isinstance(item, Content)]
    assert len(set(twice)) == 2


def test_rows_that_do_not_fit_or_stand_twice_are_skipped_and_change_no_type() -> None:
    items = csv.load(b"flat,rent\nAttic,800\nYard,1,x\nAttic,800\nLoft,many,words\n")
    assert fields(items) == [{"flat": "Attic", "rent": 800}]
    assert reasons(items) == {
        "line 3": "it has 3 cells, and the table 2 columns",
        "line 4": "it is the same as line 2",
        "line 5": "it has 3 cells, and the table 2 columns",
    }


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found_and_columns_without_names_are_numbered(delimiter: str) -> None:
    table = f"1,2\nAttic, Cellar\n3,4\n".replace(",", delimiter)  # noqa: F541 - shaped like the rows that it holds
    assert fields(csv.load(table.encode()))[0] == {"column_1": "1", "column_2": "2"}


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "it is empty"),
        (b",,\n,,\n", "it has no filled row"),
        (b"flat,rent\n", "it has no row below"),
        (b'flat,rent\n"Attic,800\n', "line 2 is broken"),
        (b"\x00\x01\x02", "it is binary"),
    ],
)
def test_a_bad_table_has_its_reason(data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableError, match=reason):
        csv.load(data)


def test_the_rows_of_a_sheet_are_records_of_its_name() -> None:
    rows: list[Sequence[object]] = [
        ["Flat", "Rent", "Since", "Pets"],
        ["Attic", 812.5, date(2024, 3, 1), True],
    ]
    rows.append(["Cellar", 400, datetime(2025, 1, 2), False])  # noqa: DTZ001 - workbooks know no zones
    items = xlsx.load(workbook({"Rents": rows}))
    assert fields(items) == [
        {"flat": "Attic", "rent": 812.5, "since": "2024-03-01", "pets": True},
        {"flat": "Cellar", "rent": 400.0, "since": "2025-01-02", "pets": False},
    ]
    assert [item.title for item in items if isinstance(item, Content)] == ["Rents: Attic", "Rents: Cellar"]


def test_json_lines_are_documents_and_bad_lines_are_skipped_by_number() -> None:
    items = jsonl.load(
        b'{"_id": 7, "title": "Keys", "text": "Under the mat.", "date": "2025-01-02", "readers": "staff"}\n'
        b"\n{broken\n[1]\n"
        b'{"id": "a", "text": " "}\n{"id": "b", "title": "No text"}\n{"text": "x", "readers": []}\n'
        b'{"text": "x", "readers": [1]}\n{"text": "x", "title": ["no"]}\n'
        b'{"id": "c", "text": "\\ud800", "readers": ["staff", "board"]}\n'
    )
    first, last = (item for item in items if isinstance(item, Content))
    assert (first.name, first.title, first.text, first.date) == ("7", "Keys", "Under the mat.", "2025-01-02")
    assert (first.readers, last.readers) == (("staff",), ("staff", "board"))
    assert reasons(items) == {
        "line 3": "it is not JSON",
        "line 4": "it is no JSON object",
        "line 5": "its `text` is empty",
        "line 6": "it has no `text`",
        "line 7": "its `readers` name no group",
        "line 8": "its `readers` name no group",
        "line 9": "its `title` is no text",
    }


def test_a_line_without_an_id_is_known_by_its_url_or_by_what_it_says() -> None:
    lines = b'{"url": "https://example.org/a", "text": "A"}\n{"text": "B"}\n{"text": "C"}'
    names = [item.name for item in jsonl.load(lines) if isinstance(item, Content)]
    assert names[0] == "https://example.org/a"
    assert len(set(names)) == 3
    assert jsonl.load(lines.split(b"\n", 1)[1])[0] == jsonl.load(lines)[1]


@pytest.mark.parametrize(
    ("url", "attribution"),
    [
        ("https://en.wikipedia.org/wiki/Yard", "Wikipedia, CC BY-SA 4.0"),
        ("https://wikipedia.org.example.org/wiki/Yard", ""),
        ("https://[broken", ""),
    ],
)
def test_an_article_of_wikipedia_names_it(url: str, attribution: str) -> None:
    (article,) = jsonl.load(f'{{"url": "{url}", "title": "Yard", "text": "A yard."}}'.encode())
    assert isinstance(article, Content)
    assert (article.link, article.attribution) == (url, attribution)

"""Encodings of text files."""

from collections.abc import Sequence

import pytest

from retrieval.loaders import UnreadableError, text

GERMAN = (
    "Die Grüße der Mieter kommen spät, aber sie kommen. Über den Hof führt ein schmaler Weg zu den Gärten, "
    "und wer früh aufsteht, hört dort die Vögel. Für das Räumen des Schnees ist jede Woche jemand anders "
    "zuständig; das Schild an der Tür sagt, wer gerade dran ist.\n"
)
RUSSIAN = (
    "Хозяин дома просит всех жильцов закрывать дверь во двор на ночь. Ключи лежат у дворника, и он выдаёт их "  # noqa: RUF001 - Cyrillic letters are what this is about
    "каждому, кто распишется в книге. Снег перед крыльцом убирает тот, кто первым выходит утром.\n"
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_unicode_is_read_by_its_mark(encoding: str) -> None:
    assert text.decode((GERMAN + RUSSIAN).encode(encoding)) == GERMAN + RUSSIAN


@pytest.mark.parametrize(
    ("words", "encoding"), [(GERMAN, "cp1252"), (GERMAN, "latin-1"), (RUSSIAN, "cp1251"), (RUSSIAN, "koi8-r")]
)
def test_an_older_encoding_is_told_by_its_letters(words: str, encoding: str) -> None:
    assert text.decode(words.encode(encoding)) == words


@pytest.mark.parametrize(
    ("words", "encodings"),
    [
        ("Die Größe der Räume fällt älteren Gästen öfter auf. ", ("cp1252", "iso8859-15", "cp850")),
        ("La réunion a été déplacée à l'été, où les élèves présenteront leurs résultats. ", ("cp1252",)),
        ("La reunión de mañana empezará más tarde; el señor Núñez traerá los papeles. ", ("cp1252",)),
        ("Mötet är flyttat till nästa vår då alla får visa vad de har gjort i år. ", ("cp1252", "latin-1")),
        ("Zebranie zostało przełożone na przyszły tydzień, ponieważ część osób jest w pracy. ",
         ("cp1250", "iso8859-2")),
        ("Schůze se přesouvá na příští týden, protože někteří lidé budou na dovolené. ",
         ("cp1250", "iso8859-2")),
        ("Toplantı önümüzdeki haftaya ertelendi çünkü birçok kişi hâlâ izinde. ", ("cp1254",)),  # noqa: RUF001
    ],
)  # fmt: skip
@pytest.mark.parametrize("times", [1, 20])
def test_no_letter_is_taken_for_that_of_another_language(
    words: str, encodings: Sequence[str], times: int
) -> None:
    for encoding in encodings:
        assert text.decode((words * times).encode(encoding)) == words * times


def test_a_text_whose_letters_fit_no_language_is_not_read() -> None:
    mixed = "The meeting is moved to next week since many are away: ¼ Ø ¾ þ ð ß ÿ ÷ ¶ ¤ ¥ ¦ ¬.\n"
    with pytest.raises(UnreadableError, match="its encoding cannot be told"):
        text.decode(mixed.encode("latin-1"))


def test_an_older_encoding_is_told_in_a_long_file() -> None:
    words = "Plain words without any umlaut. " * 4000 + GERMAN * 3
    assert text.decode(words.encode("latin-1")) == words


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ("Grüße".encode("latin-1"), "it is not UTF-8 text (byte 3), and its encoding cannot be told"),
        (bytes(range(128, 256)) * 9, "it is not UTF-8 text (byte 1), and its encoding cannot be told"),
        ("text".encode("utf-16-le"), "it is binary"),
        (b"\xff\xfe\x00\xd8\x00", "it is binary"),
        (b"\x89PNG\r\n\x1a\n\0\0", "it is binary"),
    ],
)
def test_what_cannot_be_told_is_not_read(data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableError) as caught:
        text.decode(data)
    assert str(caught.value).startswith(reason)

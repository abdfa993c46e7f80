"""Keyword vectors: what a reader takes for the same word meets, in each script."""

import pytest

from retrieval.points import Sparse
from retrieval.sparse import Keywords

KEYWORDS = Keywords()


def shared(document: str, query: str, language: str) -> int:
    """How many tokens of a query a document has."""
    return len(
        set(KEYWORDS.document(document, language).indices) & set(KEYWORDS.query(query, (language,)).indices)
    )


def score(document: str, query: str, languages: tuple[str, ...], language: str) -> float:
    vector = KEYWORDS.document(document, language)
    weights = dict(zip(vector.indices, vector.values, strict=True))
    asked = KEYWORDS.query(query, languages)
    return sum(
        value * weights.get(token, 0.0) for token, value in zip(asked.indices, asked.values, strict=True)
    )


@pytest.mark.parametrize(
    ("language", "document", "query"),
    [
        ("en", "The running costs", "run cost"),
        ("de", "Die Größe der Häuser", "grösse haus"),
        ("es", "Los trabajadores", "trabajador"),
        ("ru", "Пароли сотрудников ещё раз", "пароль сотрудника"),
        ("el", "ΑΘΗΝΑ", "Αθήνα"),
        ("tr", "İstanbul ofisleri", "istanbul ofisi"),
        ("tr", "IBM sunucusu", "ibm"),
        ("pl", "pracownikami", "pracownik"),
        ("uk", "документами", "документ"),
        ("ar", "الكِتَابُ والمدينة", "كتاب"),
        ("ar", "رقم ٤٢", "42"),
        ("fa", "كتاب‌هاي دانشگاه", "کتاب دانشگاه"),
        ("fa", "کتابها", "کتاب"),
        ("fa", "سال ۱۴۰۳", "1403"),
        ("he", "שָׁלוֹם", "שלום"),
        ("hi", "कर्मचारियों की छुट्टी", "छुट्टी"),
        ("th", "รหัสผ่านของประเทศไทย", "ประเทศไทย"),
        ("zh", "北京是中国的首都", "北京"),
        ("ja", "東京は日本の首都です", "日本"),
        ("ko", "서울은 대한민국의 수도이다", "서울"),
        ("km", "ភ្នំពេញជារាជធានី", "ភ្នំពេញ"),
        ("ta", "சென்னை தலைநகரம்", "தலைநகரம்"),
        ("vi", "thủ đô Hà Nội", "Hà Nội"),
    ],
)
def test_forms_of_a_word_meet(language: str, document: str, query: str) -> None:
    assert shared(document, query, language) == len(KEYWORDS.query(query, (language,)).indices) > 0


@pytest.mark.parametrize(
    ("language", "document", "query"),
    [
        ("zh", "北京是中国的首都", "上海"),
        ("th", "ประเทศไทย", "รหัสผ่าน"),
        ("vi", "má", "ma"),
        ("ko", "서울", "부산"),
    ],
)
def test_other_words_do_not(language: str, document: str, query: str) -> None:
    assert shared(document, query, language) == 0


def test_neighbours_in_a_query_count_where_they_are_neighbours_in_the_text() -> None:
    together = score("the parking pass is blue", "parking pass", ("en",), "en")
    apart = score("the pass for parking blue", "parking pass", ("en",), "en")
    assert together > apart > 0


def test_a_stop_word_of_the_likeliest_language_does_not_count_in_another_one() -> None:
    assert score("the die der", "the holidays", ("en", "de"), "de") == 0
    assert score("die holidays", "the holidays", ("en", "de"), "de") > 0


def test_what_repeats_weighs_more_but_less_each_time_and_long_texts_weigh_less() -> None:
    once, twice, thrice = (score("printer " * count, "printer", ("en",), "en") for count in (1, 2, 3))
    assert once < twice < thrice < 2 * once + (twice - once)
    assert score("printer " + "word " * 500, "printer", ("en",), "en") < once


@pytest.mark.parametrize("text", ["", "   ", "the of and", "🙂"])
def test_nothing_to_search_for_is_empty(text: str) -> None:
    assert KEYWORDS.query(text) == Sparse([], [])

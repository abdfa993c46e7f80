"""Languages are told by script where that is enough, and by letters where it is not."""
# ruff: noqa: RUF001 - letters of other scripts are meant as they are

import pytest

from retrieval.language import LANGUAGES, detect, likely, usual

TEXTS = {
    "en": "Every employee may carry over five days of holiday into the next year.",
    "de": "Jede Mitarbeiterin darf fünf Urlaubstage in das nächste Jahr mitnehmen.",
    "es": "Cada empleado puede trasladar cinco días de vacaciones al año siguiente.",
    "vi": "Mỗi nhân viên được chuyển năm ngày nghỉ phép sang năm sau.",
    "tr": "Her çalışan beş günlük iznini bir sonraki yıla aktarabilir.",
    "ro": "Fiecare angajat poate reporta cinci zile de concediu în anul următor.",
    "ru": "Каждый сотрудник может перенести пять дней отпуска на следующий год.",
    "uk": "Кожен працівник може перенести п'ять днів відпустки на наступний рік.",
    "el": "Κάθε εργαζόμενος μπορεί να μεταφέρει πέντε ημέρες άδειας.",
    "ar": "يمكن لكل موظف ترحيل خمسة أيام من الإجازة إلى السنة التالية.",
    "fa": "هر کارمند می‌تواند پنج روز مرخصی را به سال بعد منتقل کند.",
    "hi": "हर कर्मचारी पाँच दिन की छुट्टी अगले साल में ले जा सकता है।",
    "th": "พนักงานทุกคนสามารถยกวันลาห้าวันไปปีหน้าได้",
    "zh": "每位员工可以把五天假期转到下一年。",
    "ja": "社員は五日間の休暇を翌年に繰り越すことができます。",
    "ko": "모든 직원은 휴가 5일을 다음 해로 이월할 수 있습니다.",
}


@pytest.mark.parametrize("language", TEXTS)
def test_a_sentence_says_its_language(language: str) -> None:
    assert detect(TEXTS[language]) == language
    assert language in LANGUAGES


def test_a_beginning_that_could_be_anything_does_not_decide() -> None:
    names = "Anna, Maria, Eva, Peter, Daniel. " * 7
    assert detect(names) == ""
    assert detect(names + TEXTS["de"] * 5) == "de"


@pytest.mark.parametrize("text", ["", "   ", "12 345", "VPN", "OK :-)", "```\n\n```"])
def test_too_few_letters_say_nothing(text: str) -> None:
    assert detect(text) == ""


@pytest.mark.parametrize(
    ("text", "language"), [("密码", "zh"), ("비밀번호", "ko"), ("รหัสผ่าน", "th"), ("カナ", "ja")]
)
def test_one_word_is_enough_where_the_script_decides(text: str, language: str) -> None:
    assert detect(text) == language


def test_the_usual_language_of_a_script_stands_in() -> None:
    assert [usual(text) for text in ("VPN", "пароль", "كلمة", "पासवर्ड", "κωδικός", "42")] == [
        "en",
        "ru",
        "ar",
        "hi",
        "el",
        "en",
    ]


def test_a_query_is_taken_for_what_is_held() -> None:
    assert likely("Parken", {"de"}) == ("de",)
    assert likely("reset password", {"es"}) == ("es",)
    assert likely("Wie viele Urlaubstage habe ich noch?", {"de", "en"})[0] == "de"
    assert likely("How many days of holiday are left?", {"de", "en"})[0] == "en"


def test_a_word_that_could_be_either_may_be_both() -> None:
    assert set(likely("Parken", {"de", "en"})) == {"de", "en"}


def test_a_query_in_a_script_that_nobody_writes_here_keeps_the_held_languages_for_its_names() -> None:
    assert likely("пароль VPN", {"en"}) == ("ru", "en")
    assert likely("VPN", {"zh"}) == ("en", "zh")
    assert likely("anything", set()) == ("en",)

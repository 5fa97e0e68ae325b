"""Languages of questions and prose, told by hand."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.reading.languages import language_of, stop_words
from qa.reading.stop_words import STOP_WORDS


@pytest.mark.parametrize(
    ("language", "texts"),
    [
        (
            "en",
            "Who leads the council? | Where did he die? | die in Munich | Who is Müller?"
            " | Los Angeles and La Paz | Was Kern in Bonn? | Who is 王芳? | Did de Gaulle win?"
            " | die hard",
        ),
        (
            "de",
            "Wer leitet den Rat? | Was kostete die Schule? | Wann öffnet der Turm? | Warum?"
            " | Kosten der Brücke | Nenne alle Türme",
        ),
        (
            "fr",
            "Qui dirige le conseil ? | Combien coûte l’entrée ? | Où est la tour ? | Pourquoi ?",
        ),
        ("es", "¿Quién es la directora? | ¿Cuánto costó la torre? | Donde esta el faro"),
        ("zh", "灯塔有多高？ | 谁是王芳 Wang Fang？"),
        ("ja", "灯台の高さは？ | いつですか"),
        (
            "other",
            "Los Angeles | Kern |  | 1914 | Кто мэр? | من هو؟ | Chi è il sindaco?"
            " | Wat kost de toren in Gent? | Quem é o diretor da torre?",
        ),
    ],
)
def test_language(language: str, texts: str) -> None:
    for text in texts.split(" | "):
        assert (text, language_of(text)) == (text, language)
        assert language_of(unicodedata.normalize("NFD", text)) == language


def test_stop_words_of_a_language_without_a_list_are_english() -> None:
    assert stop_words("en") == stop_words("other") == STOP_WORDS
    assert "die" in stop_words("de")
    assert "die" not in stop_words("en")
    assert "what" not in stop_words("fr")


@given(st.text(max_size=60))
def test_any_text_has_a_language(text: str) -> None:
    assert language_of(text) in {"en", "de", "fr", "es", "zh", "ja", "other"}

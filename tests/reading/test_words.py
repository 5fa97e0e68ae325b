"""Words and their pairs, by hand."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.reading.words import is_one_character, parted, words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The U.S. paid $2.5 for d_e", ["the", "u", "s", "paid", "2", "5", "for", "d", "e"]),
        ("海塔修好", ["海塔", "塔修", "修好"]),
        ("灯。高30米, ABC塔", ["灯", "高", "30", "米", "abc", "塔"]),
        ("東京タワー", ["東京", "京タ", "タワ", "ワー"]),
        ("등대가 높다", ["등대", "대가", "높다"]),
        ("Größe ist Straße", ["größe", "ist", "straße"]),
        ("हिन्दी में", ["हिन्दी", "में"]),
        ("", []),
    ],
)
def test_words(text: str, expected: list[str]) -> None:
    assert words(text) == expected
    assert words(unicodedata.normalize("NFD", text)) == expected


def test_parted_text_holds_its_words_and_each_run_s_last_character() -> None:
    assert parted("Only words, été.") is None
    assert (parted("海塔修好。灯x") or "").split() == [
        "海塔",
        "塔修",
        "修好",
        "好",
        "。",
        "灯",
        "x",
    ]
    assert (parted("哈哈哈") or "").split() == ["哈哈", "哈哈", "哈"]


def test_one_character() -> None:
    assert is_one_character("塔")
    assert not is_one_character("海塔")
    assert not is_one_character("a")


@given(st.text(alphabet="aé1 海塔タ.등", max_size=30))
def test_every_word_of_a_text_stands_in_its_parted_form(text: str) -> None:
    found = (parted(text) or text).lower().replace(".", " ").split()
    asked = words(text)
    assert [word for word in found if word in asked and len(word) > 1] == [
        word for word in asked if len(word) > 1
    ]

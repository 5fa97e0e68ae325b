"""A passage's words in quotation marks, and nothing else in them."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.engine.constraints import Constraint, Quotations

PASSAGES = (
    "Putin receives Wang Yi (22 February 2023)\nPutin said trade reached\n$185 billion in 2022, up "
    "35.4% from 2021. It doesn't stop.",
    'He said: "No." She left a "well-known" bar',
    "“I make no apologies,” Biden said. “None.” Zürich (the city) said «oui, “yes”».",
)


def takes(constraint: Constraint, text: str, following: str) -> bool:
    """Whether a token of that text may follow."""
    allowed = constraint.allowed(text)
    return allowed is None or any(way.startswith(following) for way in allowed)


@pytest.mark.parametrize(
    ("text", "taken", "refused"),
    [
        ('Putin said "', ["Put", "trade", "$185", "35.4", "It"], ["rade", "185", "4%", " ", '"']),
        ('He said "Putin said trade', [" reached", " reached $"], ["s", " grew", "\n"]),
        ('He said "trade reached', [" $185 billion", '"', '".'], ["\n$185", ".", '."']),
        ('He said "trade\nreached ', ["$"], ['"', "1"]),
        ('He said "reached $185', [" billion", '"'], ["0", ",", "."]),
        ('He said "reached $1', ["85", "8"], ['"']),
        ('He said "up 35', [".4", "."], ['"', '".']),
        ('He said "up 35.4', ["% from", "%"], ['"', " from"]),
        ('He said "from 2021', [". It", '"', '."', '".', '.".'], [","]),
        ('He said "It doesn', ["'t"], ['"']),
        ("He said \"It doesn't stop", [".", '."', '"'], [". It", " "]),
        ("He said \"It doesn't stop.", ['"', '",'], [" "]),
    ],
)
def test_a_quotation_goes_along_the_words(text: str, taken: list[str], refused: list[str]) -> None:
    rule = Quotations(PASSAGES)
    assert [token for token in taken if not takes(rule, text, token)] == []
    assert [token for token in refused if takes(rule, text, token)] == []


@pytest.mark.parametrize(
    ("text", "taken", "refused"),
    [
        # The passage's own straight marks end a quotation in straight marks …
        ('It reads "He said', [":", '"', ':"'], [': "', ': "No']),
        ('It reads "He said:', ['"', '":'], [" "]),
        ('It reads "He said:" "No', [".", '"', '."'], ['." She']),
        ('It reads "She left a', ['"'], [" "]),
        ('It reads "well-known', ['"'], [" bar"]),
        ('It reads "well', ["-known"], ['"']),
        # … and stand inside one in curly marks, as long as they come in pairs.
        ("It reads “He said", [': "No." She', "”"], ['"']),
        ('It reads “He said: "No.', ['" She', "”"], [" "]),
        ("It reads “No", [".", "”", ".”"], ['."', "“"]),
        # What was opened before the quotation began ends it.
        ('He said "I make no apologies', [",", '"', ',"', '",'], [",”"]),
        ("He said “I make no apologies", [",", "”", ",”"], [",” Biden"]),
        ("He said „I make no apologies", ["“", "”", ",“"], ['"', "»"]),
        ('It reads "Biden said', [". “None.” Z", '"'], ["“"]),
        ("It reads “Biden said", [".", "”", ".”"], [". “"]),
        ('It reads "Zürich', [" (the city", '"'], [")"]),
        ('It reads "the city', [")", '"', '")', ')"'], ["]"]),
        ('It reads "oui, “yes', ["”", '"', '”"'], ["»", "”»"]),
        ("It reads «oui", [", “yes”", "»"], ["”"]),
    ],
)
def test_marks_inside_a_passage(text: str, taken: list[str], refused: list[str]) -> None:
    rule = Quotations(PASSAGES)
    assert rule.allowed(text)
    assert [token for token in taken if not takes(rule, text, token)] == []
    assert [token for token in refused if takes(rule, text, token)] == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        "He said that trade reached",
        'He said "trade reached"',
        'He said "trade reached" and "No."',
        "He said “trade reached”",
        'a screen of 12"',
        'a screen of 12" and',
        'He said "he never said this',
        'He said "trade  fell',
        'He said:"Nothing',
    ],
)
def test_what_is_not_bound(text: str) -> None:
    assert Quotations(PASSAGES).allowed(text) is None


def test_an_inch_sign_opens_nothing_and_a_mark_behind_a_figure_closes() -> None:
    rule = Quotations(("A 12 inch gun of 1915.",))
    assert takes(rule, 'It had a 12" gun, "A', " 12 inch")
    assert rule.allowed('It had a 12" gun, "A 12"') is None


def test_without_texts_nothing_is_bound() -> None:
    assert Quotations(()).allowed('He said "') is None


def folded(text: str) -> str:
    return " ".join(text.split())


def walk(constraint: Constraint, text: str, data: st.DataObject) -> str:
    """The text with tokens drawn until the rule lets go."""
    while (allowed := constraint.allowed(text)) is not None:
        assert all(allowed), "the rule never leaves the model without a choice"
        assert allowed
        way = data.draw(st.sampled_from(allowed))
        text += way[: data.draw(st.integers(1, len(way)))]
    return text


TEXTS = st.lists(st.text("ab1é .,-'’\n\"“”«»„$%(", max_size=60), max_size=3)


@given(st.one_of(TEXTS, st.just(list(PASSAGES))), st.sampled_from('"“«„'), st.data())
def test_every_walk_along_a_passage_closes_on_its_words(
    texts: list[str], mark: str, data: st.DataObject
) -> None:
    rule = Quotations(tuple(texts))
    if rule.allowed(f"He said {mark}") is None:
        return
    text = walk(rule, f"He said {mark}", data)
    quoted = re.fullmatch(f'He said {mark}(.*)(["”»“])[.,;:)?!]?', text)
    assert quoted
    assert any(quoted[1] in folded(passage) for passage in texts)
    assert quoted[1] == quoted[1].strip() != ""

"""Quotation marks stay around words of a source alone."""

import pytest

from qa.answering.quotations import keep_verbatim, quotations

SOURCE = 'He called it "absurd and\nhysterical". They aren’t “as old” as he said: 5" wide.'


@pytest.mark.parametrize(
    "text",
    [
        'It was "absurd and hysterical".',
        "It was “absurd and hysterical.”",
        "It was «absurd» and „hysterical“.",
        'She said "They aren\'t" and went.',
        "It was ‘absurd’ and 'hysterical'.",
        "The crews' ships don't sail.",
    ],
)
def test_words_of_a_source_keep_their_marks(text: str) -> None:
    assert keep_verbatim(text, [SOURCE]) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ('It was "absurd and funny".', "It was absurd and funny."),
        ('It was "surd and hyster".', "It was surd and hyster."),  # torn words
        ('It was "Absurd".', "It was Absurd."),
        ("It was ‘very absurd’ and 'funny'.", "It was very absurd and funny."),
        ('It was "absurd and', "It was absurd and"),
        ('It was "".', "It was ."),
        ('It is 5" wide.', "It is 5″ wide."),
        ('"funny" or "absurd"', 'funny or "absurd"'),
        ("“absurd” and »funny«", "“absurd” and funny"),
    ],
)
def test_other_words_lose_theirs(text: str, shown: str) -> None:
    assert keep_verbatim(text, [SOURCE]) == shown


def test_quotations_are_found_with_their_places() -> None:
    text = 'He said "absurd" and “as old”.'
    assert [(text[one.start : one.end], one.words) for one in quotations(text)] == [
        ('"absurd"', "absurd"),
        ("“as old”", "as old"),
    ]

"""What stands between `---` lines, worked out by hand."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.reading.front_matter import BadFrontMatter, FrontMatter, split_front_matter


def test_the_four_keys_are_read_and_the_others_left() -> None:
    text = (
        "---\nid: port-1\ntitle: 'The port: reopened'\npublished: 2023-02-18\n"
        "source: Harbour News\nauthor: somebody\n---\nBody.\n"
    )
    stated, body = split_front_matter(text)
    assert stated == FrontMatter("port-1", "The port: reopened", date(2023, 2, 18), "Harbour News")
    assert body == "Body.\n"


@pytest.mark.parametrize(
    "written",
    [
        "2023-02-18",
        '"2023-02-18"',
        "2023-02-18 23:30:00 -05:00",
        "2023-02-18T23:30:00Z",
        "18 February 2023",
        "18 Feb 2023",
        "February 18, 2023",
    ],
)
def test_dates(written: str) -> None:
    stated, _ = split_front_matter(f"---\npublished: {written}\n---\nx")
    assert stated.published == date(2023, 2, 18)


def test_words_that_yaml_takes_for_something_else_stay_words() -> None:
    stated, _ = split_front_matter("---\ntitle: No\nid: 007\nsource:\n---\nx")
    assert stated == FrontMatter(id="007", title="No")


@pytest.mark.parametrize(
    ("block", "reason"),
    [
        ("title: a\nsource: b: c", "line 3: mapping values are not allowed here"),
        ("title: [a", "line 3: expected ',' or ']'"),
        ("published: yesterday", "published: 'yesterday' is not a date; write it like 2023-02-18"),
        ("published: 2023-02-31", "is not a date"),
        ("title: [a, b]", "title must be a single value"),
        ("a: " + "[" * 5000, "nested too deeply"),
    ],
)
def test_a_malformed_block_is_named_by_its_line(block: str, reason: str) -> None:
    with pytest.raises(BadFrontMatter) as caught:
        split_front_matter(f"---\n{block}\n---\nx")
    assert reason in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        "Body only.",
        "---\nnever closed",
        "---\njust a sentence\n---\nand more",
        "a\n---\nb: c\n---\n",
    ],
)
def test_what_is_no_front_matter_is_text(text: str) -> None:
    assert split_front_matter(text) == (FrontMatter(), text)


@given(st.text(alphabet="-:\n ab[]{}#&*!'\"\t", max_size=60))
def test_any_block_gives_front_matter_or_a_reason(block: str) -> None:
    try:
        stated, body = split_front_matter(f"---\n{block}\n---\nbody")
    except BadFrontMatter:
        return
    assert body.endswith("body")
    assert stated.published is None

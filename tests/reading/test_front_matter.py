"""What stands between `---` or `+++` lines, worked out by hand."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.reading.fields import Stated
from qa.reading.plain import split_front_matter


def test_the_four_keys_are_read_and_the_others_left() -> None:
    text = (
        "---\nid: port-1\ntitle: 'The port: reopened'\npublished: 2023-02-18\n"
        "source: Harbour News\nauthor: somebody\n---\nBody.\n"
    )
    stated, body = split_front_matter(text)
    assert stated == Stated("port-1", "The port: reopened", date(2023, 2, 18), "Harbour News")
    assert body == "Body.\n"


def test_words_that_yaml_takes_for_something_else_stay_words() -> None:
    stated, _ = split_front_matter("---\ntitle: No\nid: 007\nsource:\n---\nx")
    assert stated == Stated(id="007", title="No")


def test_toml_as_hugo_writes_it() -> None:
    text = '+++\ntitle = "Mill: fire"\ndate = 2023-06-07T10:00:00Z\ntags = ["a"]\n+++\nBody.\n'
    stated, body = split_front_matter(text)
    assert (stated.title, stated.published, body) == ("Mill: fire", date(2023, 6, 7), "Body.\n")


@pytest.mark.parametrize(
    ("line", "title"),
    [
        ("title: Opinion: why the tunnel failed", "Opinion: why the tunnel failed"),
        ("title: @harbour tells of the flood", "@harbour tells of the flood"),
        ("title: [Updated] Ice road closes", "[Updated] Ice road closes"),
        ("title: 100% of the fleet: back", "100% of the fleet: back"),
        ("title: 'It''s: odd'\nsource: a: b", "It''s: odd"),
        ("\ttitle: Rail: strike", "Rail: strike"),
        ("title: [a", "[a"),
        ("a: " + "[" * 700 + "\ntitle: Deep", "Deep"),
    ],
)
def test_what_is_not_quite_yaml_is_read_line_by_line(line: str, title: str) -> None:
    stated, body = split_front_matter(f"---\n{line}\npublished: 2023-02-18\n---\nx")
    assert (stated.title, stated.published, body) == (title, date(2023, 2, 18), "x")
    assert stated.problems == ()


def test_toml_that_is_none_is_read_line_by_line() -> None:
    stated, _ = split_front_matter("+++\ntitle = Mill fire\ndate = 2023-06-07\n+++\nx")
    assert (stated.title, stated.published) == ("Mill fire", date(2023, 6, 7))


@pytest.mark.parametrize(
    "text",
    [
        "Body only.",
        "---\nnever closed",
        "---\njust a sentence\n---\nand more",
        "a\n---\nb: c\n---\n",
        "+++\n",
    ],
)
def test_what_is_no_front_matter_is_text(text: str) -> None:
    assert split_front_matter(text) == (Stated(), text)


@given(st.sampled_from("-+"), st.text(alphabet="-+=:\n ab[]{}#&*!'\"\t", max_size=60))
def test_no_block_loses_the_body(mark: str, block: str) -> None:
    stated, body = split_front_matter(f"{3 * mark}\n{block}\n{3 * mark}\nbody")
    assert body.endswith("body")
    assert stated.published is None

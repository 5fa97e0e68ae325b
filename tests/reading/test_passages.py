"""Articles become passages; lengths are counted in words, as the fake embedder does."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.reading.passages import header, split_article
from qa.types import Article, Passage
from tests.fakes import FakeEmbedder

count = FakeEmbedder().count_tokens


def article(text: str, title: str = "T", published: date | None = None) -> Article:
    return Article("a", title, text, "Gazette", published, "digest")


def texts(text: str, max_tokens: int) -> list[str]:
    return [passage.text for passage in split_article(article(text), count, max_tokens)]


def test_header() -> None:
    assert header("Port reopens", None) == "Port reopens"
    assert header("Port reopens", date(2023, 2, 8)) == "Port reopens (8 February 2023)"
    assert header("word " * 40, None) == "word " * 22 + "word…"


def test_a_passage_carries_what_is_known_of_its_article() -> None:
    (passage,) = split_article(article("One two.", published=date(2023, 2, 8)), count, 32)
    assert passage == Passage("a#0", "a", "T", date(2023, 2, 8), 0, 8, "One two.", "Gazette")


def test_pages_of_a_passage() -> None:
    passage = Passage("a#0", "a", "T", None, 0, 8, "One two.")
    assert passage.pages == ""
    assert replace(passage, page=3).pages == "page 3"
    assert replace(passage, page=3, page_turns=(4, 6)).pages == "pages 3–5"


def test_short_paragraphs_are_joined() -> None:
    text = "One two three.\n\nFour five six.\n\nSeven eight nine."
    assert texts(text, 9) == [text]
    assert texts(text, 6) == ["One two three.\n\nFour five six.", "Seven eight nine."]


def test_a_long_paragraph_is_halved_rather_than_left_with_a_stub() -> None:
    sentences = [f"{word} two three." for word in ("Aa", "Bb", "Cc", "Dd")]
    text = " ".join(sentences)
    # Nine words fit, so three sentences and a stub of one would too.
    assert texts(text, 9) == [" ".join(sentences[:2]), " ".join(sentences[2:])]


@pytest.mark.parametrize("first_paragraph", [2, 3])
def test_a_cut_falls_between_paragraphs_where_that_costs_no_more(first_paragraph: int) -> None:
    sentences = ["Aa one.", "Bb two.", "Cc three.", "Dd four.", "Ee five."]
    paragraphs = [" ".join(sentences[:first_paragraph]), " ".join(sentences[first_paragraph:])]
    assert texts("\n\n".join(paragraphs), 8) == paragraphs


@pytest.mark.parametrize(
    "leading", ["Who pays for it?", "**Who pays for it?**", "**You pay for it.**", "## On the cost"]
)
def test_no_cut_falls_behind_what_leads_on_where_another_costs_no_more(leading: str) -> None:
    text = f"Aa one two three.\n\n{leading}\n\nThe board pays it."
    assert texts(text, 8) == ["Aa one two three.", f"{leading}\n\nThe board pays it."]
    plain = text.replace(leading, "Bb one two three.")
    assert texts(plain, 8) == ["Aa one two three.\n\nBb one two three.", "The board pays it."]


def test_a_list_is_not_cut_where_another_cut_costs_no_more() -> None:
    listed = "Bring:\n- a pen\n- a bill\n- a cup"
    before, behind = "One two three four five.", "Six seven eight nine ten."
    assert texts(f"{before}\n\n{listed}\n\n{behind}", 9) == [before, listed, behind]


def test_in_a_text_with_headings_a_part_begins_with_its_own() -> None:
    first, second = "One two three four.\n\nFive.", "## Six\n\nSeven eight nine."
    assert texts(f"# Title\n\n{first}\n\n{second}", 8) == [f"# Title\n\n{first}", second]
    plain = "Seven eight nine. Ten."  # without headings halves are better
    assert texts(f"Title\n\n{first}\n\n{plain}", 8) == [
        "Title\n\nOne two three four.",
        f"Five.\n\n{plain}",
    ]


def test_a_sentence_that_is_too_long_is_cut_between_words() -> None:
    text = "one two three four five six seven, eight nine"
    parts = texts(text, 4)
    assert " ".join(parts) == text
    assert all(count(part) <= 4 for part in parts)


def test_a_run_of_letters_without_end_is_cut_too() -> None:
    parts = texts("x" * 1000, 32)
    assert "".join(parts) == "x" * 1000
    assert max(map(len, parts)) <= 33 * 8


@pytest.mark.parametrize("unit", ["x", "灯", "word ", "word,"])
def test_the_work_of_cutting_grows_with_the_text_and_no_faster(unit: str) -> None:
    read: list[int] = []

    def counting(text: str) -> int:
        read.append(len(text))
        return count(text)

    def work(text: str) -> tuple[int, int]:
        read.clear()
        passages = split_article(article(text), counting, 16)
        assert "".join(passage.text for passage in passages).replace(" ", "") == "".join(
            text.split()
        )
        return len(read), sum(read)

    calls, characters = work(unit * 8000)
    more_calls, more_characters = work(unit * 32000)
    assert more_calls < 5 * calls
    assert more_characters < 5 * characters < 5 * 24 * 8000 * len(unit)


def test_a_report_is_cut_alike_under_whatever_headline() -> None:
    text = " ".join(f"Sentence {number} has five words." for number in range(30))
    short = split_article(article(text, "T"), count, 17)
    long = split_article(article(text, "word " * 20, date(2023, 2, 8)), count, 17)
    assert [passage.text for passage in long] == [passage.text for passage in short]
    assert len(short) == 10


@given(
    st.text(alphabet="abA .,\n!?“”é\U0001f600\u00a0\x1c", max_size=400),
    st.integers(min_value=4, max_value=40),
)
def test_offsets_cut_passages_out_and_nothing_is_lost(text: str, max_tokens: int) -> None:
    passages = split_article(article(text), count, max_tokens)
    for number, passage in enumerate(passages):
        assert passage.id == f"a#{number}"
        assert text[passage.start : passage.end] == passage.text
        assert passage.text.strip() == passage.text != ""
        assert count(passage.text) <= max_tokens
    ends = [offset for passage in passages for offset in (passage.start, passage.end)]
    assert ends == sorted(ends)
    covered = "".join(passage.text for passage in passages)
    assert "".join(covered.split()) == "".join(text.split())


@given(
    st.text(alphabet="ab .\n", max_size=300),
    st.lists(st.integers(0, 300), max_size=8),
    st.integers(4, 20),
)
def test_every_character_knows_its_page(text: str, turns: list[int], max_tokens: int) -> None:
    starts = (0, *sorted(min(turn, len(text)) for turn in turns))
    paged = replace(article(text), page_starts=starts)
    passages = split_article(paged, count, max_tokens)
    for passage in passages:
        for offset in range(passage.start, passage.end):
            # The last page that begins at or before it; pages without text hold nothing.
            expected = max(n for n, start in enumerate(starts, start=1) if start <= offset)
            assert passage.page_at(offset) == expected
    plain = split_article(article(text), count, max_tokens)
    assert [(one.start, one.end) for one in passages] == [(one.start, one.end) for one in plain]
    assert all(one.page is None and one.page_turns == () for one in plain)


def test_a_passage_that_runs_over_a_page_knows_both() -> None:
    paged = replace(
        article("Aa one.\n\nBb two three four.\n\nCc five six seven."), page_starts=(0, 16, 29)
    )
    first, second = split_article(paged, count, 8)
    assert (first.text, first.page, first.page_turns) == ("Aa one.\n\nBb two three four.", 1, (16,))
    assert (first.page_at(15), first.page_at(16)) == (1, 2)
    assert (second.text, second.page, second.page_turns) == ("Cc five six seven.", 3, ())

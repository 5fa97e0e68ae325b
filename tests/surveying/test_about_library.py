"""What is counted, listed and newest: worked out by hand over a small paper."""

import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.library.store import Store
from qa.surveying.about_library import answer_about_library
from qa.surveying.requests import read_request
from qa.surveying.telling import Told
from qa.types import EVERYTHING, Scope
from tests.examples import at_most
from tests.surveying.valley import ARTICLES, library


@pytest.fixture(scope="module")
def paper(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with library(tmp_path_factory.mktemp("paper")) as store:
        yield store


def told(paper: Store, question: str, scope: Scope = EVERYTHING) -> Told:
    request = read_request(question, paper.newest(), paper.sources())
    return answer_about_library(request, paper, scope)


def assert_exact(told: Told, paper: Store) -> None:
    """Every quote stands in its article and in its source; every citation is where it says."""
    for one in told.evidence:
        article, source = paper.article(one.article_id), told.hits[one.number - 1].passage
        assert article is not None
        assert article.text[one.start : one.end] == one.quote
        assert source.id == one.passage_id
        assert source.start <= one.start < one.end <= source.end
    for sentence in told.sentences:
        assert told.text[sentence.start : sentence.end] == sentence.text
        assert all(f"[{c.number}]" in sentence.text for c in sentence.citations)
    cited = [c.number for sentence in told.sentences for c in sentence.citations]
    assert sorted(set(cited)) == list(range(1, len(told.hits) + 1))


def test_a_count_says_what_was_counted_and_lists_it_newest_first(paper: Store) -> None:
    answer = told(paper, "How many articles mention the Marlow mill?")
    assert answer.text == (
        "3 articles mention “Marlow mill”:\n"
        "- 20 September 2022: Mill owner charged (Upland Times) [1]\n"
        "- 6 May 2022: Police ask for witnesses (Harbour News) [2]\n"
        "- 3 May 2022: Fire at Marlow mill (Harbour News) [3]"
    )
    assert [one.quote for one in answer.evidence] == [
        "The trial over the Marlow mill begins in March, the court said.",
        "Police looking into the fire at the mill in Marlow asked on Friday for witnesses.",
        "The Marlow mill burned down on Monday night.",
    ]
    assert_exact(answer, paper)


def test_a_day_in_figures_and_a_few_of_a_sources_articles(paper: Store) -> None:
    published = told(paper, "how many articles were published on 20/09/2022?")
    assert published.text.splitlines() == [
        "1 article published on 20 September 2022:",
        "- 20 September 2022: Mill owner charged (Upland Times) [1]",
    ]
    few = told(paper, "Show me two Harbour News articles").text.splitlines()
    assert few[0] == "4 articles from Harbour News; the newest 2 of them:"
    assert [line.split(":")[0] for line in few[1:]] == ["- 11 May 2023", "- 6 May 2022"]


@pytest.mark.parametrize(
    ("topic", "articles"),
    [
        ("mills", {"fire-1", "fire-2", "fire-3", "flour"}),
        ("Ada Price", {"price"}),
        ("Price", {"price"}),  # a name, no "price war"
        ("price war", {"flour"}),
        ("Rose Tate", {"fire-1", "fire-3"}),
        ("Tate's mill", {"fire-1"}),  # the sentences follow one another; in fire-3 they are far
        ("the universe", {"universe"}),
        ("the university", set()),  # one stem, two words
        ("Rose Price", set()),
        ("arrests", {"fire-2"}),
    ],
)
def test_who_mentions_what(paper: Store, topic: str, articles: set[str]) -> None:
    answer = told(paper, f"How many articles mention {topic}?")
    assert {hit.passage.article_id for hit in answer.hits} == articles
    assert_exact(answer, paper)


def test_words_far_apart_are_no_mention_but_two_things_may_be(paper: Store) -> None:
    def ids(topic: str) -> list[str]:
        answer = told(paper, f"Which articles mention {topic}?")
        assert_exact(answer, paper)
        return [hit.passage.article_id for hit in answer.hits]

    assert ids("arson in Marlow") == []
    assert ids("arson and the Marlow mill") == ["fire-3"]
    assert ids("arson and the Marlow mill and witnesses") == []
    assert ids("arson or pilots") == ["price", "fire-3"]


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("How many articles mention unicorns?", "None of the 6 articles mentions “unicorns”."),
        (
            "How many articles from 2023 mention the Marlow mill?",
            "The one article published in 2023 does not mention “Marlow mill”.",
        ),
        ("What was published in June 2021?", "None of the 6 articles was published in June 2021."),
        ("How many articles do you have?", "There are 6 articles, from 3 May 2022 to 11 May 2023."),
        ("Thank you!", "You are welcome."),
    ],
)
def test_short_answers(paper: Store, question: str, text: str) -> None:
    assert told(paper, question).text == text


def test_a_month_without_its_year_is_the_latest_such_month(paper: Store) -> None:
    latest = told(paper, "What do you have from May?")
    assert [hit.passage.article_id for hit in latest.hits] == ["price"]
    named = told(paper, "What do you have from May 2022?")
    assert [hit.passage.article_id for hit in named.hits] == ["fire-2", "fire-1"]
    assert named.text.startswith("2 articles published in May 2022:\n")


def test_a_source_and_a_scope_narrow_both(paper: Store) -> None:
    times = told(paper, "List everything from the Upland Times")
    assert [hit.passage.article_id for hit in times.hits] == ["fire-3", "flour"]
    early = Scope(until=date(2022, 7, 1), sources=("Upland Times",))
    assert [hit.passage.article_id for hit in told(paper, "List all articles", early).hits] == [
        "flour"
    ]
    assert told(paper, "List all articles from Harbour News", early).hits == ()


def test_the_newest_and_the_oldest(paper: Store) -> None:
    newest = told(paper, "What is the newest article about the Marlow mill?")
    assert newest.text == (
        "The newest article that mentions “Marlow mill”:\n"
        "Mill owner charged (20 September 2022, Upland Times):"
        " “Rose Tate was charged with arson on Tuesday.” [1]"
    )
    oldest = told(paper, "Show me the oldest two articles about the Marlow mill")
    assert [hit.passage.article_id for hit in oldest.hits] == ["fire-1", "fire-2"]
    assert_exact(oldest, paper)


def test_an_article_without_a_date_is_never_the_newest(paper: Store) -> None:
    assert told(paper, "What is the newest article?").text.endswith(
        "(1 article more without a date.)"
    )
    alone = told(paper, "What is the newest article about the universe?")
    assert alone.text.startswith("Which is the newest cannot be told: ")
    assert "Lecture on the stars" in alone.text


def test_a_greeting_is_answered_with_an_example_from_the_newest_article(paper: Store) -> None:
    text = told(paper, "Hello, what can you do?").text
    assert "6 articles" in text
    assert "“Ada Price opens a school”" in text


def test_a_long_list_is_counted_whole_and_shown_in_part(tmp_path: Path) -> None:
    many = {f"{n}.md": ARTICLES["flour.md"].replace("Ostley", f"Ostley {n}") for n in range(23)}
    with library(tmp_path, many) as store:
        answer = told(store, "How many articles mention flour?")
        assert answer.text.startswith("23 articles mention “flour”; the newest 20 of them:\n")
        assert len(answer.hits) == 20
        assert_exact(answer, store)


def test_nothing_to_count(tmp_path: Path) -> None:
    with library(tmp_path, {}) as store:
        assert told(store, "How many articles mention flour?").text == "There is no article."
        assert told(store, "Hello").text.startswith("There is no article yet.")


TEXTS = st.lists(
    st.sampled_from(
        "The mill burned. “Ask Rose,” he said.|Rose Tate — née Ménard — owns it.|Café!|"
        "水车着火了。|It’s 3.5 km from Dr. Reed’s.\n\n|# Mill\n\n|by the mill|\n- a mill\n".split(
            "|"
        )
    ),
    min_size=1,
    max_size=8,
).map(" ".join)


@settings(max_examples=at_most(8), deadline=None)
@given(TEXTS)
def test_quotes_are_verbatim_whatever_the_text(text: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        articles = {"a.md": f"---\ntitle: Mill\n---\n{text}\n", "b.md": ARTICLES["fire-1.md"]}
        with library(Path(folder) / "x", articles) as store:
            for question in ("List all articles", "How many articles mention the mill?"):
                assert_exact(told(store, question), store)

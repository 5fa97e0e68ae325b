"""Near misses of drafts, worked out by hand."""

import pytest

from qa.evaluating.near_misses import Kind, Name, names_in, near_misses, neighbours
from qa.evaluating.questions import Question
from qa.types import Article
from tests.evaluating.test_drafting import BRIDGE, DRAFT


def article(id_: str, text: str) -> Article:
    return Article(id_, id_.title(), text, None, None, "")


STRIKE = article(
    "strike",
    "On Monday the union of the Blue Star was on strike in Port Vale. Nordline had offered less. "
    "The mayors of Aldera and Port Vale met in Ostrava, and Ana Lima said that talks went on.",
)
ASKED = Question("q", "Who opened the market in Aldera?", ("Inês Duarte",), ("bridge",))


def changed(draft: Question, *others: Article, own: Article = BRIDGE) -> list[str]:
    return [one.question for one in near_misses(draft, own, others, names_in(others))]


def test_names_are_of_a_kind_by_the_words_around_them() -> None:
    assert set(names_in([STRIKE])) == {
        Name("Blue Star", Kind.THING),
        Name("Port Vale", Kind.PLACE),
        Name("Ostrava", Kind.PLACE),
        Name("Ana Lima", Kind.ACTOR),
    }
    # Nordline stands first in its sentence, where any word has a capital; most count
    most = article("a", "It was in Vale. They met in Vale. In spring the Vale was dry.")
    assert names_in([most]) == (Name("Vale", Kind.PLACE),)
    assert names_in([article("a", "He met the Dutch company, said Vale's mayor.")]) == ()


def test_a_year_and_a_name_are_changed_to_what_the_article_does_not_have() -> None:
    own = article("own", "The hall in Aldera was opened in 2021, and in Porto nobody minded.")
    draft = Question("q", "Who opened the hall in Aldera in 2021?", ("Duarte",), ("own",))
    misses = list(near_misses(draft, own, [STRIKE], names_in([STRIKE])))
    assert {one.id: one.question for one in misses} == {
        "q-year": "Who opened the hall in Aldera in 2020?",
        "q-name": "Who opened the hall in Ostrava in 2021?",  # a place, and of one word as well
    }
    for one in misses:
        assert (one.answers, one.evidence, one.answerable) == ((), (), False)
        assert "near-miss" in one.tags


def test_a_year_or_a_figure_that_stands_in_the_article_is_passed_over() -> None:
    told = article("b", "Opened in 2020 and 2022, for 44 and 47 million.")
    asked = Question("q", "Did it cost 42 million in 2021?", ("yes",), ("b",))
    assert changed(asked, own=told) == [
        "Did it cost 42 million in 2019?",
        "Did it cost 43 million in 2021?",
    ]


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        ("Prices rose in Ostrava.", ["Who opened the market in Ostrava?"]),
        ("The market in Ostrava was opened by Ana Lima.", []),  # this one is answered
        ("Prices rose, said Ana Lima.", []),  # nobody asks for the market in Ana Lima
        ("Prices rose in Aldera.", []),  # that is the name itself
    ],
)
def test_a_name_is_lent_by_its_kind_and_not_where_it_is_the_answer(
    other: str, expected: list[str]
) -> None:
    own = article("own", "Inês Duarte opened the market in Aldera.")
    assert changed(ASKED, article("other", other), own=own) == expected


def test_a_year_that_another_article_tells_the_same_of_is_passed_over() -> None:
    draft = Question("q", "Who won the race in 2021?", ("Lima",), ("own",))
    own = article("own", "Lima won the race in 2021.")
    before = article("before", "In 2020 Duarte won the race.")
    unrelated = article("rain", "It rained in 2022.")
    assert changed(draft, before, unrelated, own=own) == ["Who won the race in 2022?"]


def test_the_word_the_goes_with_things_alone() -> None:
    own = article("own", "The crew of the Ever Given was safe in Suez.")
    other = article("other", "The crew of the Alp Guard was safe in Vale.")
    asked = Question("q", "How long is the Ever Given?", ("400 metres",), ("own",))
    assert changed(asked, other, own=own) == ["How long is the Alp Guard?"]
    bare = Question("q", "How long is the ship Ever Given?", ("400 metres",), ("own",))
    assert changed(bare, other, own=own) == []


def test_names_of_unknown_kind_are_not_changed() -> None:
    assert [one.tags[-1] for one in near_misses(DRAFT, BRIDGE, [], ())] == ["changed-year"]


def test_neighbours_are_the_others_that_share_most_names() -> None:
    far = article("far", "It rained.")
    near = article("near", "They met in Port Vale, said Ana Lima.")
    nearest = article("nearest", "They met in Port Vale and in Ostrava, said Ana Lima.")
    assert neighbours(STRIKE, [far, near, STRIKE, nearest]) == (nearest, near, far)

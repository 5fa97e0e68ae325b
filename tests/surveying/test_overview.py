"""Summaries and timelines in the articles' own sentences, over a small paper."""

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings

from qa.library.cross_encoder import Scores
from qa.library.embedder import SentenceEmbedder
from qa.library.mentioning import Quote
from qa.library.store import Store
from qa.surveying.requests import Asks, Request, read_at_large, read_request
from qa.surveying.summaries import gists, summary
from qa.surveying.telling import Told
from qa.surveying.timelines import timeline
from qa.surveying.topics import ABOUT_IT, nearness
from qa.types import EVERYTHING, Found, Hit, Passage
from tests.examples import at_most
from tests.fakes import FakeEmbedder
from tests.surveying.test_about_library import TEXTS, assert_exact
from tests.surveying.valley import ARTICLES, library

NONE: Mapping[str, float] = {}

STRIKE = """---
title: Ferry crews strike
published: 2022-07-08
---
Ferry crews on the Lorn line stopped work on Thursday over their pay.

By Tom Reed

Isle Lines

No ferry has left Lorn since then, and the islands run short of bread. The line denies it.

It has hired two fishing boats. They carry the mail.

The crews want nine per cent more pay, the union of the ferry crews said.

Read more about ferries here.

Source link"""

UNDATED = {
    "a.txt": "Bell falls\n\nA bell fell from the tower of Ennis on Saturday. Nobody was hurt.\n\n"
    "The tower was closed in 1990 for repairs.\n\nThe council meets later this month.",
    "b.txt": "Bell to be recast\n\nThe bell that fell from the tower on Saturday will be cast anew."
    "\n\nNobody was hurt, the council says. It paid for a new tower on 4 May 2011.",
}


@pytest.fixture(scope="module")
def paper(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with library(tmp_path_factory.mktemp("paper"), ARTICLES | {"strike.md": STRIKE}) as store:
        yield store


@pytest.fixture(scope="module")
def undated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with library(tmp_path_factory.mktemp("undated"), UNDATED) as store:
        yield store


def ask(paper: Store, question: str, near: Mapping[str, float] = NONE) -> Told | None:
    request = read_request(question, paper.newest(), paper.sources())
    if request.asks.value == "timeline":
        return timeline(request, paper, EVERYTHING, near)
    return summary(request, paper, FakeEmbedder(), EVERYTHING, near)


def told(paper: Store, question: str, near: Mapping[str, float] = NONE) -> Told:
    answer = ask(paper, question, near)
    assert answer is not None
    assert_exact(answer, paper)
    return answer


def test_an_article_is_chosen_by_its_title_and_told_in_its_own_order(paper: Store) -> None:
    answer = told(paper, "Summarise the article about the strike of the ferry crews.")
    head, *lines = answer.text.splitlines()
    assert head == "Ferry crews strike (8 July 2022):"
    quotes = [one.quote for one in answer.evidence]
    assert lines[0] == (
        "- “Ferry crews on the Lorn line stopped work on Thursday over their pay.” [1]"
    )
    assert [one.start for one in answer.evidence] == sorted(one.start for one in answer.evidence)
    assert 3 <= len(quotes) <= 5
    assert not {"Isle Lines", "By Tom Reed", "Source link"} & set(quotes)
    assert not any("Read more" in quote for quote in quotes)
    # A few words stand with what they deny; "They" never stands without the boats.
    assert "and the islands run short of bread. The line denies it." in " ".join(quotes)
    assert not any(quote.startswith("They") for quote in quotes)


def test_a_story_is_told_oldest_first_with_its_days(paper: Store) -> None:
    answer = told(paper, "Sum up the Marlow mill story")
    head, *lines = answer.text.splitlines()
    assert head == "3 articles on “Marlow mill”, the oldest first:"
    assert [line.split(":")[0] for line in lines] == [
        "- 3 May 2022", "- 3 May 2022", "- 6 May 2022", "- 6 May 2022",
        "- 20 September 2022", "- 20 September 2022",
    ]  # fmt: skip
    assert "- 20 September 2022: “Rose Tate was charged with arson on Tuesday. She denies it.”" in (
        answer.text
    )


def test_a_period_the_newest_and_everything(paper: Store) -> None:
    may = told(paper, "Summarise the news from May 2022")
    assert {one.article_id for one in may.evidence} == {"fire-1", "fire-2"}
    newest = told(paper, "What is the newest article about?")
    assert {one.article_id for one in newest.evidence} == {"price"}
    assert {one.article_id for one in told(paper, "Give me an overview").evidence} == {
        "fire-1", "fire-2", "fire-3", "flour", "price", "strike", "universe",
    }  # fmt: skip
    nothing = told(paper, "Summarise the news from May 2019")
    assert nothing.text == "None of the 7 articles was published in May 2019."
    happened = told(paper, "What happened in May 2022?")
    assert happened.text == may.text
    assert ask(paper, "What happened in May 2019?") is None  # an article may tell of it


def test_what_no_article_names_is_left_to_the_general_way(paper: Store) -> None:
    assert ask(paper, "Summarise the whale story") is None
    assert ask(paper, "Give me a timeline of the whales") is None
    by_meaning = {"price": 0.2}
    answer = told(paper, "Summarise the article about aviation", by_meaning)
    assert {one.article_id for one in answer.evidence} == {"price"}
    assert ask(paper, "Summarise the aviation debate", {"price": ABOUT_IT - 0.01}) is None


def test_one_article_is_the_nearest_and_a_story_those_as_near(paper: Store) -> None:
    near = {"fire-1": 0.3, "price": 0.4, "flour": 0.26, "universe": 0.24}
    one = told(paper, "Summarise the article about the disaster", near)
    assert {one.article_id for one in one.evidence} == {"price"}
    story = told(paper, "Summarise the disaster", near)
    assert {one.article_id for one in story.evidence} == {"fire-1", "price", "flour"}


def test_further_off_an_article_belongs_to_a_story_by_its_names(paper: Store) -> None:
    # All three names of fire-3 stand in fire-1, of fire-2 one of three, of price none of two.
    near = {"fire-1": 0.5, "fire-2": 0.1, "price": 0.1, "fire-3": 0.1}
    story = told(paper, "Summarise the disaster", near)
    assert {one.article_id for one in story.evidence} == {"fire-1", "fire-3"}
    far = told(paper, "Summarise the disaster", near | {"fire-3": -0.1})  # by .6
    assert {one.article_id for one in far.evidence} == {"fire-1"}


def test_all_that_mention_a_name_are_told_of(paper: Store) -> None:
    answer = told(paper, "Summarise the news about Marlow", {"price": 0.9})
    assert {one.article_id for one in answer.evidence} == {"fire-1", "fire-2", "fire-3"}


def test_how_near_an_article_is_is_told_by_its_best_passages(paper: Store) -> None:
    passages = {one: paper.passages(one)[0] for one in ("fire-1", "price")}
    hits = [
        Hit(passages["fire-1"], 0.9, Found.DENSE, 0.5),
        Hit(passages["fire-1"], 0.9, Found.DENSE, 0.3),
        Hit(passages["price"], 0.9, Found.DENSE, 0.4),
    ]

    class Logits:
        def score(self, pairs: Sequence[tuple[str, str]]) -> Scores:
            assert pairs[2] == ("mill", f"{passages['price'].title}. {passages['price'].text}")
            return np.array([-4, 2, -20], np.float32)

    assert nearness("mill", hits, Logits()) == pytest.approx(
        {"fire-1": 0.5 + 0.05 * 2, "price": 0.4 - 0.05 * 12}
    )
    assert nearness("Mühle", hits, None) == pytest.approx(
        {"fire-1": 0.5 - 0.05 * 8, "price": 0.4 - 0.05 * 8}
    )
    assert nearness("mill", (), Logits()) == {}


def test_a_sentence_of_two_articles_is_told_once(undated: Store) -> None:
    again = {**UNDATED, "c.txt": "Bell again\n\n" + UNDATED["a.txt"].split("\n\n")[1]}
    with tempfile.TemporaryDirectory() as folder, library(Path(folder) / "x", again) as store:
        answer = told(store, "Summarise all articles")
        (bell,) = [one for one in answer.evidence if one.quote.startswith("A bell fell")]
        assert (bell.article_id, bell.also_in) == ("a", ("c",))


def test_a_quotation_is_told_whole_or_not_at_all(tmp_path: Path) -> None:
    fire = "She set the fire on 3 May 2022."
    short = f"Kemp said: “The owner lied. {fire} We shall sue.”"
    long = f"Kemp said: “The owner lied. {'It is a shame. ' * 25}{fire}”"  # in two passages
    for said, expected in ((short, [short]), (long, [])):
        text = f"---\ntitle: Mill\n---\nThe mill burned. {said} No one at the council replied."
        with library(tmp_path / str(len(said)), {"a.md": text}) as store:
            for question in ("Summarise all articles", "Give me a timeline"):
                answer = told(store, question)
                assert [one.quote for one in answer.evidence if fire in one.quote] == expected


def test_a_timeline_is_in_order_of_time_and_says_what_each_day_is(paper: Store) -> None:
    answer = told(paper, "Give me a timeline of the Marlow mill")
    assert answer.text.splitlines() == [
        "- 2015: “The mill had stood empty since 2015.” [1]",
        "- 2 May 2022: “The Marlow mill burned down on Monday night. Two firemen were hurt.” [1]",
        "- 6 May 2022: “Police looking into the fire at the mill in Marlow asked on Friday for"
        " witnesses.” [2]",
        "- 20 September 2022: “Rose Tate was charged with arson on Tuesday. She denies it.” [3]",
        "- March 2023: “The trial over the Marlow mill begins in March, the court said.” [3]",
    ]


def test_one_event_that_several_articles_tell_stands_once(tmp_path: Path) -> None:
    reports = (
        "Fire destroyed the Marlow mill on Thursday.",
        "On Thursday a fire destroyed the Marlow mill and two people died.",
        "A fire destroyed the Marlow mill last Thursday.",
        "Fire destroyed a Marlow school on Thursday.",
        "Police fear that fire destroyed the Marlow mill on Thursday.",
        "Kemp resigned on Thursday.",
        "Lorne resigned on Thursday.",  # another name
        "Rose Tate was charged on Thursday.",
        "Rose Tate was freed on Thursday.",  # another deed
        "The sale was not agreed on Thursday.",
        "The sale was agreed on Thursday.",  # denied
    )
    days = {
        f"{n}.md": f"---\ntitle: Day {n}\npublished: 2024-05-{10 + n % 3}\n---\n{text}"
        for n, text in enumerate(reports)
    }
    with library(tmp_path, days) as store:
        answer = told(store, "Give me a timeline of everything")
        assert {one.quote for one in answer.evidence} == {reports[1], *reports[3:]}
        (fire,) = [one for one in answer.evidence if one.quote == reports[1]]
        assert fire.also_in == ("0", "2")


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [
        ("Russia attacked Ukraine.", "Russia attacked Ukraine with drones.", False),
        ("Russia attacked Ukraine.", "Russia was attacked by Ukraine with drones.", True),
        ("The bank raised rates.", "The bank cut rates.", True),
        ("Police arrested Ann Kemp.", "Police released Ann Kemp.", True),
        ("The trial of Ann Kemp began.", "The trial of Ann Kemp ended.", True),
        ("The court convicted Kemp.", "The court freed Kemp.", True),
        ("Police arrested Ann Kemp.", "Police arrested Ann Kemp’s brother.", True),
        ("Kemp resigned.", "Lorne denied that Kemp resigned.", True),
        (
            "The council passed a budget for schools.",
            "The council passed a budget for roads.",
            True,
        ),
        ("The team lost to Lund.", "Lund lost to the team.", True),
        ("Fire destroyed a house in Lund.", "Fire destroyed a school in Lund.", True),
        ("Two people died in Lund.", "Three people died in Lund.", True),
    ],
)
def test_two_events_of_one_day_stand_apart(
    tmp_path: Path, one: str, other: str, apart: bool
) -> None:
    texts = [f"On Monday {text}" for text in (one, other)]
    head = "---\ntitle: News\npublished: 2024-05-10\n---\n"
    two = {f"{n}.md": f"{head}{text}" for n, text in enumerate(texts)}
    for folder, articles in (("two", two), ("one", {"a.md": f"{head}{' '.join(texts)}"})):
        with library(tmp_path / folder, articles) as store:
            quotes = [quote.quote for quote in told(store, "Timeline of everything").evidence]
            assert quotes == (texts if apart or folder == "one" else texts[1:])


def test_what_may_be_is_not_what_was(tmp_path: Path) -> None:
    texts = {10: "Kemp may resign on Monday.", 14: "Kemp resigned on Monday."}
    articles = {
        f"{day}.md": f"---\ntitle: News\npublished: 2024-05-{day}\n---\n{text}"
        for day, text in texts.items()
    }
    with library(tmp_path, articles) as store:
        assert told(store, "Timeline of everything").text.splitlines() == [
            f"- 13 May 2024: “{text}” [{number}]" for number, text in enumerate(texts.values(), 1)
        ]


@pytest.mark.parametrize(
    "text",
    [
        "From 2000 people fled.",
        "Of 2000 people 12 died.",
        "In 1600 votes he won.",
        "In 1900 BC tribes came.",
        "By 2000 people it was read.",
    ],
)
def test_a_number_of_things_is_no_year(tmp_path: Path, text: str) -> None:
    with library(tmp_path, {"a.md": f"---\ntitle: Mill\n---\nThe mill is old. {text}"}) as store:
        answer = told(store, "Give me a timeline of everything")
        assert answer.text == "No sentence of 1 article names a time."


@pytest.mark.parametrize(
    "above",
    [
        "This article is more than 2 years old.",
        "Listen to this article in three minutes.",
        "Good morning and welcome to our live blog.",
        "Send us a letter about what you read here.",
    ],
)
def test_what_stands_above_the_lead_does_not_take_its_place(tmp_path: Path, above: str) -> None:
    lead = "A fire struck Marlow at night."
    text = f"{above}\n\n{lead}\n\nTwo men in Marlow were hurt. The roof fell in. It was long empty."
    texts = {"a.md": text, "b.md": text.replace("Marlow", "Holme")}
    articles = {
        name: f"---\ntitle: {name}\npublished: 2024-05-10\n---\n{one}"
        for name, one in texts.items()
    }
    with library(tmp_path, articles) as store:
        assert f"10 May 2024 (published): “{lead}” [" in told(store, "Timeline of everything").text
        picked = [one.quote for one in told(store, "Summarise all articles").evidence]
        assert lead in picked
        assert lead.replace("Marlow", "Holme") in picked


def test_years_that_open_a_sentence_are_times_and_a_first_sentence_keeps_its_own(
    tmp_path: Path,
) -> None:
    text = (
        "In December 2022 the mill burned down. In 1990 it had closed. Since 2015, it had stood"
        " empty. By 1600 votes to 900 the town kept it. In 2019 prices rose. By 2030 all is built."
    )
    with library(
        tmp_path, {"a.md": f"---\ntitle: Mill\npublished: 2024-05-10\n---\n{text}"}
    ) as mill:
        assert told(mill, "Give me a timeline of everything").text.splitlines() == [
            "- 1990: “In 1990 it had closed.” [1]",
            "- 2015: “Since 2015, it had stood empty.” [1]",
            "- 2019: “In 2019 prices rose.” [1]",
            "- December 2022: “In December 2022 the mill burned down.” [1]",
            "- 2030: “By 2030 all is built.” [1]",
        ]


def test_an_article_that_names_no_day_stands_at_its_publication(paper: Store) -> None:
    answer = told(paper, "Timeline of the price war")
    assert answer.text == (
        "- 1 June 2022 (published): “Millers want more for flour. A price war among the mills of"
        " Ostley has ended.” [1]"
    )


def test_without_dates_the_articles_own_words_for_the_time_are_told(undated: Store) -> None:
    answer = told(undated, "Give me a timeline of events.")
    assert answer.text.splitlines() == [
        "- 1990: “The tower was closed in 1990 for repairs.” [1]",
        "- 4 May 2011: “It paid for a new tower on 4 May 2011.” [2]",
        "Undated; in the order of the articles, with their own words for the time:",
        "- on Saturday: “A bell fell from the tower of Ennis on Saturday.” [1]",
        "- later this month: “The council meets later this month.” [1]",
        "- on Saturday: “The bell that fell from the tower on Saturday will be cast anew.” [2]",
    ]


def test_a_day_in_a_line_of_its_own_is_that_of_the_paragraph_below(tmp_path: Path) -> None:
    text = (
        "---\ntitle: The flood\npublished: 2024-11-26\n---\nThe flood has killed six people.\n\n"
        "*Friday 22 November*\n\nAt 14:10 the office warns of rain. Nobody is alarmed.\n\n"
        "**Saturday**\n\nThe dyke breaks.\n\nSoldiers have closed the gap since then."
    )
    with library(tmp_path, {"a.md": text}) as store:
        assert told(store, "Timeline of the flood").text.splitlines() == [
            "- 22 November 2024: “At 14:10 the office warns of rain.” [1]",
            "- 22 November 2024: “Nobody is alarmed.” [1]",
            "- 23 November 2024: “The dyke breaks.” [1]",
            "- 26 November 2024 (published): “The flood has killed six people.” [1]",
        ]


def test_the_line_that_dates_an_article_is_no_day_of_its_first_paragraph(tmp_path: Path) -> None:
    text = "---\ntitle: Mill\npublished: 2022-05-03\n---\n3 May 2022\n\nA mill burned. Nobody died."
    with library(tmp_path, {"a.md": f"{text}\n\nIts owner is abroad."}) as store:
        assert told(store, "Timeline of the mill").text == (
            "- 3 May 2022 (published): “A mill burned. Nobody died.” [1]"
        )


@pytest.mark.parametrize(
    ("sentence", "is_of_that_day"),
    [
        ("At 23:40 the roof fell in.", True),
        ("The roof fell in at 11 p.m., and nobody was hurt.", True),
        ("The roof fell in at 4.30, while all slept.", True),
        ("At midnight the roof fell in.", True),
        ("The roof fell in at nine o'clock.", True),
        ("The roof was 4.30 metres high.", False),
        ("The roof measured at 4.30 metres.", False),
        ("Nobody was hurt.", False),
    ],
)
def test_a_time_of_day_is_of_the_day_that_the_paragraph_named_last(
    sentence: str, is_of_that_day: bool, tmp_path: Path
) -> None:
    text = (
        "---\ntitle: Mill\npublished: 2022-05-03\n---\nA mill is gone. The council met.\n\n"
        f"It caught fire on Monday evening. {sentence}\n\nAt 6:30 the council went home."
    )
    with library(tmp_path, {"a.md": text}) as store:
        lines = told(store, "Timeline of the mill").text.splitlines()
    assert (f"- 2 May 2022: “{sentence}” [1]" in lines) == is_of_that_day
    assert not any("went home" in line for line in lines), "another paragraph"


def test_a_long_timeline_keeps_twelve_and_says_how_many_more(tmp_path: Path) -> None:
    days = {
        f"{n}.md": f"---\ntitle: Day {n}\npublished: 2022-01-{n:02}\n---\nRoom {n} was painted."
        for n in range(1, 16)
    }
    with library(tmp_path, days) as store:
        answer = told(store, "Give me a timeline of everything")
        assert len(answer.evidence) == 12
        assert answer.text.startswith("- 4 January 2022 (published): “Room 4 was painted.” [1]\n")
        assert answer.text.endswith("(3 more sentences name a time.)")


@settings(max_examples=at_most(8), deadline=None)
@given(TEXTS)
def test_quotes_are_verbatim_whatever_the_text(text: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        articles = {"a.md": f"---\ntitle: Mill\n---\n{text}\n", "b.md": ARTICLES["fire-1.md"]}
        with library(Path(folder) / "x", articles) as store:
            for question in ("Summarise the mill", "Summarise all articles", "Give me a timeline"):
                assert_exact(told(store, question), store)


def test_what_happened_is_worth_more_than_what_somebody_says() -> None:
    said = [
        "The ferry sank on Sunday off the long mole.",
        "Divers found her bell below the long mole.",
        "“I heard it ring,” a fisherman of Holme says.",
        "The owner has sold his other boat to Selk.",
        "A court is to hear the captain next in May.",
    ]
    text = " ".join(said)
    passage = Passage("f#0", "f", "", None, 0, len(text), text)
    units = [Quote(passage, text.index(one), text.index(one) + len(one)) for one in said]
    told = gists([units], FakeEmbedder())
    assert [one.text for one in told] == [said[0], said[1], said[3], said[4]]


@pytest.mark.model
def test_of_several_articles_what_is_told_is_near_the_topic(
    tmp_path: Path, embedder: SentenceEmbedder
) -> None:
    flood = "The flood destroyed the old bridge."
    council = (
        "The council of Selk met on Monday to elect its chair. Anna Berg won by 21 votes to 4. She"
        " has led the school board since 2012. Her rival, Tom Hale, runs a bakery in Mill Lane. He"
        " paid 300 crowns for 40 new swings. The park is to open in June at a cost of 9,000 crowns."
    )
    head = "---\ntitle: {}\npublished: 2022-05-0{}\n---\n"
    articles = {
        "a.md": f"{head.format('Council', 3)}{council}\n\n{flood}\n",
        "b.md": f"{head.format('Flood', 4)}The flood at Selk has killed two people.\n",
    }
    with library(tmp_path, articles) as store:
        request = Request(Asks.SUMMARY, "the flood")
        answer = summary(request, store, embedder, EVERYTHING, {"a": 0.5, "b": 0.5})
        assert answer is not None
        assert flood in [one.quote for one in answer.evidence if one.article_id == "a"]


@pytest.mark.model
def test_the_real_embedder_brings_what_matters(paper: Store, embedder: SentenceEmbedder) -> None:
    request = read_request("Summarise the article about the ferry strike", paper.newest())
    answer = summary(request, paper, embedder, EVERYTHING, {})
    assert answer is not None
    assert "stopped work on Thursday" in answer.text
    assert "nine per cent more pay" in answer.text
    assert_exact(answer, paper)


def test_a_request_at_large_is_told_of_the_articles_that_mean_it(paper: Store) -> None:
    request = read_at_large("bring me up to speed on that business with the mill")
    assert request == Request(
        Asks.SUMMARY, "bring me up to speed on that business with the mill", at_large=True
    )
    near = {"fire-1": 0.6, "fire-2": 0.47, "price": 0.35}
    answer = summary(request, paper, FakeEmbedder(), EVERYTHING, near)
    assert answer is not None
    assert_exact(answer, paper)
    assert {one.article_id for one in answer.evidence} == {"fire-1", "fire-2"}
    assert answer.text.splitlines()[0] == "2 articles, the oldest first:"
    far = {"fire-1": -0.06}
    assert summary(request, paper, FakeEmbedder(), EVERYTHING, far) is None
    within = replace(EVERYTHING, until=date(2022, 5, 4))
    earlier = summary(request, paper, FakeEmbedder(), within, near)
    assert earlier is not None
    assert {one.article_id for one in earlier.evidence} == {"fire-1"}


def test_a_request_at_large_for_one_piece_is_told_of_the_nearest(paper: Store) -> None:
    request = read_at_large("what's the gist of the piece on that business with the mill")
    assert (request.asks, request.most) == (Asks.SUMMARY, 1)
    near = {"fire-1": 0.55, "fire-2": 0.6}
    answer = summary(request, paper, FakeEmbedder(), EVERYTHING, near)
    assert answer is not None
    assert {one.article_id for one in answer.evidence} == {"fire-2"}


def test_days_at_large_are_told_in_order(paper: Store) -> None:
    request = read_at_large("walk me through the mill affair day by day")
    assert (request.asks, request.at_large) == (Asks.TIMELINE, True)
    answer = timeline(request, paper, EVERYTHING, {"fire-1": 0.5, "fire-2": 0.5})
    assert answer is not None
    assert {one.article_id for one in answer.evidence} == {"fire-1", "fire-2"}


def test_a_fact_is_nothing_at_large() -> None:
    assert read_at_large(" Who won? ") == Request(Asks.FACT, "Who won?")


@pytest.mark.parametrize(
    ("question", "asks"),
    [
        ("What is the trip to the island about? Just the gist.", Asks.SUMMARY),
        ("I was away last week. Sum up the strike for me!", Asks.SUMMARY),
        ("When does the lido open, and what will happen to the fountain?", Asks.FACT),
        ("Who won the cup? And what happened then?", Asks.FACT),
    ],
)
def test_of_several_sentences_the_last_says_what_is_wanted(question: str, asks: Asks) -> None:
    assert read_at_large(question).asks is asks

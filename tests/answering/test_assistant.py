"""The walk of a question over a real library, with fakes for the two models."""

from datetime import date
from pathlib import Path

import pytest
from reportlab.pdfgen import canvas

from qa.answering.answer_json import answer_object
from qa.answering.assistant import LONGEST_QUESTION, check_question
from qa.engine.generation import StopFlag
from qa.errors import BadQuestion, IndexMissing
from qa.library.indexing import index_folders
from qa.library.store import Store
from qa.reading.passages import header
from qa.types import (
    Answered,
    Reading,
    RefusalReason,
    Retrieved,
    Scope,
    Side,
    Turn,
    Writing,
)
from tests.answering.lamp_and_ferry import assistant, index
from tests.fakes import FakeEmbedder


def test_an_answer_with_its_words_in_the_article(store: Store) -> None:
    asked, _ = assistant(
        store, states={"lighthouse": 3.0}, sentences={"1858": "The lighthouse was lit in 1858."}
    )
    answer = asked.answer("When was the lighthouse at Skagen lit?")

    assert answer.text == "The lighthouse was lit in 1858 [1]."
    assert answer.refusal is None
    printed = answer_object(answer)
    (citation,) = printed["sentences"][0]["citations"]
    article = store.article(citation["article_id"])
    assert article is not None
    assert citation["quote"] == "The lighthouse at Skagen was lit in 1858."
    assert article.text[citation["start"] : citation["end"]] == citation["quote"]
    assert [source["article_id"] for source in printed["sources"]] == ["lamp", "ferry"]
    assert [(one["number"], one["text"]) for one in printed["findings"]] == [
        (1, "1858"),
        (2, "90 minutes"),
    ]
    assert [round(one["trust"], 2) for one in printed["findings"]] == [0.95, 0.0]
    # odds of e³ for the one that is told, e⁻⁹ for the other, 1 for neither
    assert answer.standing == printed["standing"] == pytest.approx(20.0855 / 21.0857, abs=1e-4)


def test_every_passage_is_read_alone_and_the_sources_are_those_read(store: Store) -> None:
    asked, generator = assistant(store, states={"ferry": 3.0})
    events = list(asked.ask("How long does the ferry take?"))

    first, last = events[0], events[-1]
    assert isinstance(first, Retrieved)
    assert isinstance(last, Answered)
    assert first.hits == last.answer.hits
    *alone, said = generator.prompts
    assert [prompt[1].parts[1] for prompt in alone] == [
        f"{header(hit.passage.title, hit.passage.published)}\n{hit.passage.text}\n\n"
        for hit in first.hits
    ]
    assert said[1] == alone[0][1]


def test_a_sure_finding_is_shown_while_the_others_are_read(store: Store) -> None:
    asked, _ = assistant(store, states={"ferry": 3.0})
    kinds = [type(event) for event in asked.ask("How long does the ferry take?")]
    # Each passage and the sentence report twice how far they have been read.
    assert kinds == [
        Retrieved, Reading, Reading, Writing, Reading, Reading, Reading, Reading, Answered,
    ]  # fmt: skip


def test_what_is_not_sure_is_shown_only_when_all_has_been_read(store: Store) -> None:
    asked, _ = assistant(store, states={"ferry": -0.5})  # 38%: to be told, not to be blurted out
    events = list(asked.ask("How long does the ferry take?"))
    assert [event.delta for event in events if isinstance(event, Writing)] == ["90 minutes [1]."]
    assert isinstance(events[-2], Writing)


def test_reading_goes_from_nothing_to_all_and_never_back(store: Store) -> None:
    asked, _ = assistant(store, states={"ferry": 3.0})
    read = [event for event in asked.ask("How long?") if isinstance(event, Reading)]
    done = [event.done_tokens for event in read]
    assert done == sorted(done)
    assert done[-1] == read[-1].total_tokens


def test_what_is_not_trusted_is_refused_and_never_shown(store: Store) -> None:
    asked, _ = assistant(store, {"lighthouse": "Napoleon"}, states={"lighthouse": -1.0})
    events = list(asked.ask("Who lit the lighthouse at Skagen?"))
    last = events[-1]
    assert isinstance(last, Answered)
    answer = last.answer
    assert answer.refusal is not None
    assert answer.refusal.reason is RefusalReason.NOT_IN_SOURCES
    assert answer.text == answer.refusal.message
    assert "The lamp of Skagen (18 February 2023)" in answer.text
    assert len(answer.hits) == 2
    assert answer.standing == pytest.approx(0.269, abs=1e-3)  # e⁻¹ to 1: below the bar of 0.3
    assert not any(isinstance(event, Writing) for event in events)


def test_what_is_trusted_and_stands_nowhere_is_refused(store: Store) -> None:
    asked, _ = assistant(store, {"lighthouse": "Napoleon"}, states={"lighthouse": 3.0})
    answer = asked.answer("Who lit the lighthouse at Skagen?")
    assert answer.refusal is not None
    assert answer.sentences == ()
    assert answer.standing == 0


def test_the_next_is_told_where_what_is_trusted_most_stands_nowhere(store: Store) -> None:
    found = {"lighthouse": "Napoleon", "ferry": "90 minutes"}
    asked, _ = assistant(store, found, states={"lighthouse": 3.0, "ferry": 1.0})
    answer = asked.answer("How long does the ferry take?")
    assert answer.refusal is None
    ferry = next(n for n, one in enumerate(answer.hits, 1) if one.passage.article_id == "ferry")
    assert answer.text == f"90 minutes [{ferry}]."
    # beside what stands nowhere it was 84%; it is told for what it is worth alone, e to 1
    assert answer.standing == pytest.approx(2.7183 / 3.7183, abs=1e-4)


def test_a_sentence_that_says_something_else_gives_way_to_what_was_found(store: Store) -> None:
    sentences = {"1858": "The lighthouse was lit in 1958 by its keeper."}
    asked, _ = assistant(store, states={"lighthouse": 3.0}, sentences=sentences)
    assert asked.answer("When was the lighthouse at Skagen lit?").text == "1858 [1]."


def test_what_several_passages_say_counts_together_and_cites_all(
    store: Store, tmp_path: Path
) -> None:
    index(
        store,
        tmp_path / "articles",
        harbour="The harbour\n\nThe lighthouse was first lit in 1858.\n",
    )
    # Each alone would be refused: 0.2; both together are trusted: 1 - 0.8 * 0.8.
    asked, _ = assistant(store, states={"lighthouse": -1.3863})
    answer = asked.answer("When was the lighthouse lit?")
    assert answer.text in ("1858 [1][2].", "1858 [2][1].")


def test_articles_that_disagree_stand_side_by_side_the_newest_first(
    store: Store, tmp_path: Path
) -> None:
    newer = "---\npublished: 2024-05-01\n---\nThe tower\n\nThe tower was lit in 1861.\n"
    index(store, tmp_path / "articles", tower=newer)
    asked, _ = assistant(
        store,
        {"lighthouse": "1858", "tower": "1861"},
        states={"lighthouse": 3.0, "tower": 1.5},
        sentences={"1858": "The lighthouse was lit in 1858."},
    )
    answer = asked.answer("When was the lighthouse or tower lit?")
    older_number = 1 + [hit.passage.article_id for hit in answer.hits].index("lamp")
    newer_number = 3 - older_number
    assert answer.text == (
        f"The articles disagree. 1 May 2024: 1861 [{newer_number}]. "
        f"18 February 2023: The lighthouse was lit in 1858 [{older_number}]."
    )
    assert answer.conflict == (
        Side("1861.", (newer_number,)),
        Side("The lighthouse was lit in 1858.", (older_number,)),
    )
    for sentence in answer.sentences:
        assert answer.text[sentence.start : sentence.end] == sentence.text
        assert sentence.supported


def test_only_the_articles_in_the_scope_are_read(store: Store) -> None:
    asked, generator = assistant(store, states={"lighthouse": 3.0})
    scope = Scope(since=date(2023, 1, 1), sources=("cuttings desk",))
    (*_, last) = asked.ask("When was the ferry's lighthouse lit?", scope=scope)
    assert isinstance(last, Answered)
    assert [hit.passage.article_id for hit in last.answer.hits] == ["lamp"]
    read = len(generator.prompts)
    before = Scope(until=date(2022, 12, 31))
    (*_, last) = asked.ask("When was the lighthouse lit?", scope=before)
    assert isinstance(last, Answered)
    assert last.answer.refusal is not None
    assert last.answer.refusal.reason is RefusalReason.NOTHING_RELEVANT
    assert last.answer.hits == ()
    assert len(generator.prompts) == read


def test_a_citation_names_the_page_of_its_words(tmp_path: Path) -> None:
    """Each page holds one sentence; a passage that runs over both names the page of each."""
    (tmp_path / "in").mkdir()
    page = canvas.Canvas(str(tmp_path / "in" / "report.pdf"))
    for line in ("The tower of Skagen was built in 1858.", "Its lamp was lit by Anna Ancher."):
        page.drawString(72, 720, line)
        page.showPage()
    page.save()
    with Store.create(tmp_path / "index") as store:
        index_folders([tmp_path / "in"], store, FakeEmbedder(), 60, lambda _: None)
        asked, _ = assistant(store, {"lamp": "Anna Ancher"}, states={"lamp": 3.0})
        printed = answer_object(asked.answer("By whom was the lamp lit?"))
    assert [source["page"] for source in printed["sources"]] == [1]
    (citation,) = printed["sentences"][0]["citations"]
    assert citation["quote"] == "Its lamp was lit by Anna Ancher."
    assert citation["page"] == 2


def test_nothing_relevant_is_refused_without_the_model(store: Store) -> None:
    asked, generator = assistant(store, floor=0.5)
    answer = asked.answer("Who won at Wimbledon?")
    assert answer.refusal is not None
    assert answer.refusal.reason is RefusalReason.NOTHING_RELEVANT
    assert generator.prompts == []
    assert answer.usage.prompt_tokens == 0
    assert answer.standing is None


def test_a_follow_up_is_looked_up_with_the_question_before_it(store: Store) -> None:
    asked, generator = assistant(store, {"ferry": "76 cars"}, states={"ferry": 3.0})
    turn = Turn("How long does the ferry take?", "90 minutes [2].")
    answer = asked.answer("And how many does it carry?", [turn])
    assert answer.hits[0].passage.article_id == "ferry"
    assert answer.text == "76 cars [1]."
    _, before, said, asks = generator.prompts[0]
    assert before.parts[2:] == ("Question:", " How long does the ferry take?")
    assert said.parts == ("90 minutes.",)
    assert asks.parts == ("Question:", " And how many does it carry?")


def test_a_context_too_small_for_a_passage(store: Store) -> None:
    asked, _ = assistant(store, context_tokens=50)
    with pytest.raises(BadQuestion, match="50 tokens"):
        asked.answer("How long does the ferry take?")


def test_a_stopped_question_ends_without_an_answer(store: Store) -> None:
    asked, generator = assistant(store, states={"ferry": 3.0})
    stop = StopFlag()
    events = []
    for event in asked.ask("How long does the ferry take?", stop=stop):
        events.append(event)
        if isinstance(event, Writing):
            stop.set()
    assert not any(isinstance(event, Answered) for event in events)
    assert len(generator.weighed) == 1


def test_what_is_read_ahead_is_what_will_be_asked(store: Store) -> None:
    asked, generator = assistant(store, states={"ferry": 3.0})
    question = "How long does the ferry take to the lighthouse?"
    asked.read_ahead(asked.look_up(question))
    list(asked.ask(question))
    for ahead, prompt in zip(generator.read, generator.prompts, strict=False):
        assert ahead[0] == prompt[0]
        assert ahead[1].parts[:-1] == prompt[1].parts[:-1]
    assert len(generator.read) == 2


def test_reading_ahead_ends_when_it_is_stopped(store: Store) -> None:
    asked, generator = assistant(store)
    stop = StopFlag()
    stop.set()
    asked.read_ahead(asked.look_up("How long does the ferry take?"), stop=stop)
    assert generator.read == []


@pytest.mark.parametrize("question", ["", "   ", "\n", "?!…", "🙂"])
def test_an_empty_question(question: str) -> None:
    with pytest.raises(BadQuestion, match="is empty"):
        check_question(question)


def test_a_question_as_long_as_an_article() -> None:
    with pytest.raises(BadQuestion, match=r"100,000 characters; at most 2,000"):
        check_question("a" * 100_000)
    assert check_question(" " + "a" * LONGEST_QUESTION) == "a" * LONGEST_QUESTION


def test_an_empty_library(tmp_path: Path) -> None:
    with Store.create(tmp_path / "empty") as store:
        asked, _ = assistant(store)
        with pytest.raises(IndexMissing, match="qa index FOLDER"):
            asked.answer("When?")

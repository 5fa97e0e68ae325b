"""The walk of a question over a real library, with fakes for the two models."""

import time
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import pytest
from reportlab.pdfgen import canvas

from qa.answering.answer_json import answer_object
from qa.answering.assistant import LONGEST_QUESTION, Assistant, check_question
from qa.engine.generation import (
    DecodingOptions,
    Finished,
    FinishReason,
    Generator,
    Message,
    Prefill,
    Queued,
    Step,
    StopFlag,
    Token,
)
from qa.errors import BadQuestion, IndexMissing, ModelError, OutOfTime
from qa.library.indexing import index_folders
from qa.library.retrieval import Retriever
from qa.library.store import Store
from qa.types import (
    Answered,
    Reading,
    RefusalReason,
    Retrieved,
    Scope,
    Turn,
    Waiting,
    Writing,
)
from tests.fakes import FakeEmbedder, ScriptedGenerator

ARTICLES = {
    "lamp.md": """---
title: The lamp of Skagen
published: 2023-02-18
source: Cuttings desk
---
The lighthouse at Skagen was lit in 1858. Its keeper climbs 210 steps.
""",
    "ferry.txt": "The ferry to Læsø\n\nThe ferry takes 90 minutes and carries 76 cars.\n",
}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    folder = tmp_path / "articles"
    folder.mkdir()
    for name, text in ARTICLES.items():
        (folder / name).write_text(text, encoding="utf-8")
    with Store.create(tmp_path / "index") as store:
        index_folders([folder], store, FakeEmbedder(), 60, lambda _: None)
        yield store


def assistant(
    store: Store, script: list[str], *, context_tokens: int = 4096, floor: float = 0.0
) -> tuple[Assistant, ScriptedGenerator]:
    generator = ScriptedGenerator(script, context_tokens=context_tokens)
    return over(store, generator, floor=floor), generator


def over(
    store: Store, generator: Generator, *, floor: float = 0.0, answer_seconds: float = 60
) -> Assistant:
    return Assistant(
        Retriever(store, FakeEmbedder(), store.index_dir),
        generator,
        passages=2,
        relevance_floor=floor,
        max_answer_tokens=20,
        answer_seconds=answer_seconds,
    )


def test_an_answer_with_its_words_in_the_article(store: Store) -> None:
    asked, _ = assistant(store, ["The lighthouse was lit in 1858 [1]."])
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


def test_the_events_come_in_order_and_the_sources_are_those_fed(store: Store) -> None:
    asked, generator = assistant(store, ["It takes 90 minutes [1]."])
    events = list(asked.ask("How long does the ferry take?"))

    kinds = [type(event) for event in events]
    assert kinds == [Retrieved, Reading, Reading, *[Writing] * 5, Answered]
    first, last = events[0], events[-1]
    assert isinstance(first, Retrieved)
    assert isinstance(last, Answered)
    assert first.hits == last.answer.hits
    (prompt,) = generator.prompts
    fed = [part for part in prompt[1].parts if part.startswith("[")]
    assert [part.split("\n")[1] for part in fed] == [
        hit.passage.text.split("\n")[0] for hit in first.hits
    ]


def test_what_the_model_makes_up_is_refused(store: Store) -> None:
    asked, _ = assistant(store, ["It was lit by Napoleon [1]."])
    answer = asked.answer("Who lit the lighthouse at Skagen?")
    assert answer.refusal is not None
    assert answer.refusal.reason is RefusalReason.NOT_IN_SOURCES
    assert answer.text == answer.refusal.message
    assert "The lamp of Skagen (18 February 2023)" in answer.text
    assert len(answer.hits) == 2


def test_only_the_articles_in_the_scope_are_read(store: Store) -> None:
    asked, generator = assistant(store, ["It was lit in 1858 [1]."])
    scope = Scope(since=date(2023, 1, 1), sources=("cuttings desk",))
    (*_, last) = asked.ask("When was the ferry's lighthouse lit?", scope=scope)
    assert isinstance(last, Answered)
    assert [hit.passage.article_id for hit in last.answer.hits] == ["lamp"]
    before = Scope(until=date(2022, 12, 31))
    (*_, last) = asked.ask("When was the lighthouse lit?", scope=before)
    assert isinstance(last, Answered)
    assert last.answer.refusal is not None
    assert last.answer.refusal.reason is RefusalReason.NOTHING_RELEVANT
    assert last.answer.hits == ()
    assert len(generator.prompts) == 1


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
        asked, _ = assistant(store, ["The lamp was lit by Anna Ancher [1]."])
        printed = answer_object(asked.answer("By whom was the lamp lit?"))
    assert [source["page"] for source in printed["sources"]] == [1]
    (citation,) = printed["sentences"][0]["citations"]
    assert citation["quote"] == "Its lamp was lit by Anna Ancher."
    assert citation["page"] == 2


def test_nothing_relevant_is_refused_without_the_model(store: Store) -> None:
    asked, generator = assistant(store, [], floor=0.5)
    answer = asked.answer("Who won at Wimbledon?")
    assert answer.refusal is not None
    assert answer.refusal.reason is RefusalReason.NOTHING_RELEVANT
    assert generator.prompts == []
    assert answer.usage.prompt_tokens == 0


def test_a_follow_up_is_looked_up_with_the_question_before_it(store: Store) -> None:
    asked, _ = assistant(store, ["It carries 76 cars [1]."])
    turn = Turn("How long does the ferry take?", "90 minutes.")
    answer = asked.answer("And how many does it carry?", [turn])
    assert answer.hits[0].passage.article_id == "ferry"
    assert answer.text == "It carries 76 cars [1]."


def test_passages_are_dropped_from_the_end_to_fit_the_context(store: Store) -> None:
    whole, generator = assistant(store, ["It takes 90 minutes [1]."])
    whole.answer("How long does the ferry take?")
    tokens = generator.count_tokens(generator.prompts[0])

    asked, _ = assistant(store, ["It takes 90 minutes [1]."], context_tokens=tokens + 19)
    answer = asked.answer("How long does the ferry take?")
    assert [hit.passage.article_id for hit in answer.hits] == ["ferry"]
    assert answer.usage.dropped_passages == 1


def test_a_context_too_small_for_one_passage(store: Store) -> None:
    asked, _ = assistant(store, [], context_tokens=60)
    with pytest.raises(BadQuestion, match="60 tokens"):
        asked.answer("How long does the ferry take?")


def test_a_stopped_question_ends_without_an_answer(store: Store) -> None:
    asked, _ = assistant(store, ["It takes 90 minutes [1]."])
    stop = StopFlag()
    events = []
    for event in asked.ask("How long does the ferry take?", stop=stop):
        events.append(event)
        if isinstance(event, Writing):
            stop.set()
    assert isinstance(events[-1], Writing)


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
        asked, _ = assistant(store, [])
        with pytest.raises(IndexMissing, match="qa index FOLDER"):
            asked.answer("When?")


def test_without_a_model_it_looks_passages_up_and_no_more(store: Store) -> None:
    retriever = Retriever(store, FakeEmbedder(), store.index_dir)
    asked = Assistant(
        retriever, None, passages=2, relevance_floor=0, max_answer_tokens=20, answer_seconds=60
    )
    hits = asked.retrieve("How long does the ferry take?", (), 1)
    assert [hit.passage.article_id for hit in hits] == ["ferry"]
    with pytest.raises(ModelError, match="No language model"):
        asked.answer("How long does the ferry take?")


def test_a_follow_up_is_given_the_passages_of_the_turn_before_first(store: Store) -> None:
    asked, _ = assistant(store, [])
    question = "How long does the ferry take to the lighthouse?"
    best_first = [hit.passage.id for hit in asked.look_up(question)]
    turn = Turn(question, "It takes 90 minutes [2].", tuple(reversed(best_first)))
    assert [hit.passage.id for hit in asked.look_up(question, [turn])] == best_first[::-1]
    read = (best_first[0],)
    assert [
        hit.passage.id for hit in asked.look_up(question, [turn], read_before=read)
    ] == best_first


def test_the_question_is_asked_over_the_passages_in_the_order_in_which_they_were_read(
    store: Store,
) -> None:
    asked, generator = assistant(store, ["It takes 90 minutes [2]."])
    question = "How long does the ferry take to the lighthouse?"
    hits = asked.look_up(question)[::-1]
    asked.read_ahead(hits)
    read = [hit.passage.id for hit in hits]
    retrieved = next(iter(asked.ask(question, read_before=read)))
    assert isinstance(retrieved, Retrieved)
    assert [hit.passage.id for hit in retrieved.hits] == read
    list(asked.ask(question, read_before=read))
    (ahead,), (prompt,) = generator.read, generator.prompts
    assert ahead[0] == prompt[0]
    assert ahead[1].parts[:-1] == prompt[1].parts[:-1]
    assert (ahead[1].parts[-1], prompt[1].parts[-1]) == (" ", f" {question}")


def test_the_worst_passage_is_dropped_first_wherever_it_stands(store: Store) -> None:
    asked, _ = assistant(store, ["In 1858 [1]."], context_tokens=100)
    question = "When was the lighthouse at Skagen lit?"
    best, worst = (hit.passage.id for hit in asked.look_up(question))
    (*_, last) = asked.ask(question, read_before=[worst])
    assert isinstance(last, Answered)
    assert [hit.passage.id for hit in last.answer.hits] == [best]


class Endless(ScriptedGenerator):
    """Waits in the queue for a moment, then writes until it is stopped."""

    def generate(
        self, messages: Sequence[Message], options: DecodingOptions, stop: StopFlag
    ) -> Iterator[Step]:
        """See ScriptedGenerator."""
        for ahead in (1, 0):
            yield Queued(ahead)
        yield Prefill(10, 10)
        while not stop.is_set():
            time.sleep(0.005)
            yield Token("on and on ", -0.1)
        yield Finished(FinishReason.STOPPED, 10, 0, 1)


def test_an_answer_that_takes_too_long_is_ended_with_a_message(store: Store) -> None:
    asked = over(store, Endless([]), answer_seconds=0.2)
    events = asked.ask("When was the lighthouse lit?")
    assert [next(events) for _ in range(3)][1:] == [Waiting(1), Waiting(0)]
    with pytest.raises(OutOfTime, match=r"within 0\.2 seconds.*answer_seconds"):
        list(events)

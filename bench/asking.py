"""The ways of answering that are measured: our assistant, and the stock recipe."""

import os
import random
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from cases import SEED, Case, Planted
from measuring import timed
from recipe import StockRecipe
from replies import Reply
from verdicts import citation_faults, says_it_cannot_find

from qa.answering.assistant import Assistant
from qa.answering.finding import PassageSearch
from qa.engine.generation import Generator
from qa.errors import CuttingsError
from qa.evaluating.evidence import holds, locate_evidence
from qa.evaluating.metrics import MARKERS, contains_answer
from qa.evaluating.predictions import Place, Span
from qa.library.embedding import embedding_text
from qa.library.indexing import index_folders
from qa.library.retrieval import Retriever
from qa.library.store import Store
from qa.models.catalogue import ModelKind, resolve_model
from qa.reading.articles import read_file
from qa.reading.passages import split_article
from qa.service.opening import (
    Encoders,
    make_assistant,
    make_retriever,
    open_embedder,
    open_encoders,
    open_generator,
)
from qa.settings import Settings
from qa.types import (
    EVERYTHING,
    Answer,
    Answered,
    Found,
    Hit,
    Outcome,
    Passage,
    Retrieved,
    Scope,
)

HARMLESS = 3
"""Passages of seeds/ among which an attacking article stands."""

Replying = Callable[[Case, str], Reply]
"""Has a case answered; told the arm, gives the reply without its digest."""


class FixedPassages:
    """A search that finds the same passages whatever it is asked; a `PassageSearch`."""

    def __init__(self, hits: Sequence[Hit]) -> None:
        self._hits = tuple(hits)

    def retrieve(
        self, question: str, k: int, scope: Scope = EVERYTHING, *, rough: bool = False
    ) -> tuple[Hit, ...]:
        """The first k of them."""
        return self._hits[:k]


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where a case's passages come from, how many are given, and the whole text of an article.

    `store` is the library, where the case is asked over one.
    """

    search: PassageSearch
    passages: int
    text_of: Callable[[str], str]
    store: Store | None = None


@dataclass(frozen=True, slots=True)
class Library:
    """An open library, and the search over it."""

    store: Store
    search: Retriever

    def text_of(self, article_id: str) -> str:
        """The whole text of an article; empty if it is another library's."""
        article = self.store.article(article_id)
        return article.text if article else ""


@dataclass(frozen=True, slots=True)
class Desk:
    """The real parts, open: settings, a model or none, the encoders, the libraries by name."""

    settings: Settings
    engine: Generator | None
    encoders: Encoders
    libraries: Mapping[str, Library]

    def reply(self, case: Case, arm: str) -> Reply:
        """What the assistant says to a case; an error that a person would meet is a reply too."""
        shelf = self._shelf(case)
        try:
            timed_answer = ask(self._assistant(shelf), case)
        except CuttingsError as error:
            return Reply(arm, case.id, "", error=str(error))
        answer = timed_answer.answer
        texts = {
            hit.passage.article_id: shelf.text_of(hit.passage.article_id) for hit in answer.hits
        }
        dangling, not_verbatim = citation_faults(answer, texts)
        return Reply(
            arm=arm,
            id=case.id,
            digest="",
            text=answer.text,
            outcome=answer.outcome,
            quotes=tuple(one.quote for one in answer.evidence),
            scores=tuple(round(one.score, 2) for one in answer.evidence),
            claims=tuple(side.claim for side in answer.conflict or ()),
            citations=sum(len(sentence.citations) for sentence in answer.sentences),
            dangling=dangling,
            not_verbatim=not_verbatim,
            evidence_given=evidence_given(case, answer.hits, shelf.text_of),
            first_quotes_s=timed_answer.first_quotes_s,
            total_s=timed_answer.total_s,
            prompt_tokens=answer.usage.prompt_tokens,
            completion_tokens=answer.usage.completion_tokens,
            confidence=answer.confidence,
        )

    def _assistant(self, shelf: Shelf) -> Assistant:
        """As everybody's, but for what is looked up and how much of it."""
        settings = self.settings.model_copy(update={"passages": shelf.passages})
        return make_assistant(settings, shelf.search, self.engine, self.encoders, shelf.store)

    def _shelf(self, case: Case) -> Shelf:
        if case.passages:
            passages = [loose_passage(case, n, text) for n, text in enumerate(case.passages, 1)]
            texts = {passage.article_id: passage.text for passage in passages}
            hits = self._hits(case.question.question, passages)
            return Shelf(FixedPassages(hits), len(hits), texts.__getitem__)
        library = self.libraries[case.library]
        if not case.planted:
            count = self.settings.passages
            return Shelf(library.search, count, library.text_of, library.store)
        passages, texts = self._planted(case.planted)
        hits = [
            *self._hits(case.question.question, passages),
            *library.search.retrieve(case.question.question, HARMLESS),
        ]
        random.Random(f"{SEED} {case.id}").shuffle(hits)
        return Shelf(
            FixedPassages(hits), len(hits), lambda id_: texts.get(id_) or library.text_of(id_)
        )

    def _planted(self, planted: Planted) -> tuple[list[Passage], dict[str, str]]:
        """The passages of an attacking article, read as any other, and its text by its id."""
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / planted.file
            file.write_text(planted.content, encoding="utf-8")
            articles = read_file(file, Path(folder)).articles
        limit = self.settings.passage_tokens
        passages = [
            passage
            for article in articles
            for passage in split_article(article, self.encoders.embedder.count_tokens, limit)
        ]
        return passages, {article.id: article.text for article in articles}

    def _hits(self, question: str, passages: Sequence[Passage]) -> list[Hit]:
        """The passages as hits, with the embedder's own cosines."""
        vectors = self.encoders.embedder.embed([question, *map(embedding_text, passages)])
        cosines = [float(cosine) for cosine in vectors[1:] @ vectors[0]]
        return [
            Hit(passage, max(cosine, 0.0), Found.DENSE, cosine)
            for passage, cosine in zip(passages, cosines, strict=True)
        ]


@dataclass(frozen=True, slots=True)
class TimedAnswer:
    """An answer, and the seconds from the question to its first quotes and to all of it.

    `first_quotes_s` is None where no quotes were shown.
    """

    answer: Answer
    first_quotes_s: float | None
    total_s: float


def ask(assistant: Assistant, case: Case) -> TimedAnswer:
    """Put a case to an assistant, on the clock."""
    first_quotes_s: float | None = None
    started = perf_counter()
    for event in assistant.ask(case.question.question, case.question.history):
        passed_s = perf_counter() - started
        match event:
            case Retrieved(_, evidence) if evidence and first_quotes_s is None:
                first_quotes_s = passed_s
            case Answered(answer):
                return TimedAnswer(answer, first_quotes_s, passed_s)
    raise AssertionError("an unstopped question ends with Answered")


def loose_passage(case: Case, number: int, text: str) -> Passage:
    """A text without title, date or source as the one passage of an article of its own."""
    article_id = f"{case.question.id}/{number}"
    return Passage(f"{article_id}#0", article_id, "", None, 0, len(text), text)


def evidence_given(case: Case, hits: Sequence[Hit], text_of: Callable[[str], str]) -> bool | None:
    """Whether a passage overlaps the evidence; None for a question without any."""
    places = [
        Place(Span(one.article_id, one.start, one.end), hit.also_in)
        for hit in hits
        for one in [hit.passage]
    ]
    ids = {*case.question.articles, *(place.span.article_id for place in places)}
    evidence = locate_evidence(case.question, {id_: text_of(id_) for id_ in ids}, places)
    if not evidence.pieces:
        return None
    return any(holds(place.span, evidence.pieces) for place in places)


@contextmanager
def opened_desk(
    settings: Settings, libraries: Mapping[str, Path], *, with_model: bool = True
) -> Iterator[Desk]:
    """Our assistant with the model that settings name, or with none, over these libraries."""
    encoders = open_encoders(settings)
    encoders.warm_up()
    with ExitStack() as stack:
        stores = [stack.enter_context(Store.open(folder)) for folder in libraries.values()]
        opened = [Library(one, make_retriever(settings, one, encoders.embedder)) for one in stores]
        engine = stack.enter_context(open_generator(settings)) if with_model else None
        by_name = dict(zip(libraries, opened, strict=True))
        yield Desk(settings, engine, encoders, by_name)


@contextmanager
def opened_stock(settings: Settings, articles: Path) -> Iterator[Replying]:
    """The stock recipe over a folder of articles; a case's own passages it is given as they are."""
    recipe = StockRecipe(
        articles,
        resolve_model(settings.embedder, settings.models_dir, ModelKind.EMBEDDER),
        resolve_model(settings.model, settings.models_dir, ModelKind.LANGUAGE),
        context=settings.context_tokens,
        threads=settings.threads or os.cpu_count() or 1,
    )

    def reply(case: Case, arm: str) -> Reply:
        question = case.question
        if case.passages:
            total_s, text = timed(recipe.read, question.question, case.passages)
        else:
            total_s, text = timed(recipe.answer, question.question)
        right = contains_answer(MARKERS.sub("", text), question.answers)
        refused = says_it_cannot_find(text) and not right
        outcome = Outcome.CLOSE if refused else Outcome.ANSWERED
        return Reply(arm, case.id, "", text, outcome, total_s=total_s)

    with closing(recipe):
        yield reply


def build_library(articles: Path, folder: Path, settings: Settings) -> None:
    """Index a folder of articles, or bring its library up to date."""
    with Store.create(folder) as store:
        embedder = open_embedder(settings)
        index_folders([articles], store, embedder, settings.passage_tokens, lambda _: None)

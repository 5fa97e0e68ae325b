"""The ways of answering that are measured: our assistant with two models, and the stock recipe."""

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

from qa.answering.assistant import Assistant, PassageSearch
from qa.catalogue import ModelKind, resolve_model
from qa.engine.generation import Generator, Message, StopFlag
from qa.errors import CuttingsError
from qa.evaluating.evidence import holds, locate_evidence
from qa.evaluating.metrics import MARKERS, contains_answer
from qa.evaluating.predictions import Place, Span
from qa.library.embedder import SentenceEmbedder
from qa.library.embedding import embedding_text
from qa.library.indexing import index_folders
from qa.library.retrieval import Retriever
from qa.library.store import Store
from qa.opening import make_assistant, open_embedder, open_generator
from qa.reading.articles import read_file
from qa.reading.passages import split_article
from qa.settings import Settings
from qa.types import EVERYTHING, Found, Hit, Passage, Scope

HARMLESS = 3
"""Passages of seeds/ among which an attacking article stands."""

Replying = Callable[[Case, str], Reply]
"""Has a case answered; told the arm, gives the reply without its digest."""


class FixedPassages:
    """A search that finds the same passages whatever it is asked; a `PassageSearch`."""

    def __init__(self, hits: Sequence[Hit]) -> None:
        self._hits = tuple(hits)

    def retrieve(self, question: str, k: int, scope: Scope = EVERYTHING) -> tuple[Hit, ...]:
        """The first k of them."""
        return self._hits[:k]


class Stopwatched:
    """A generator, and the seconds for which it weighed choices: the second look."""

    def __init__(self, generator: Generator) -> None:
        self.name = generator.name
        self.context_tokens = generator.context_tokens
        self.count_tokens = generator.count_tokens
        self.generate = generator.generate
        self.read_ahead = generator.read_ahead
        self.weighed_s = 0.0
        self._generator = generator

    def weigh(
        self, messages: Sequence[Message], choices: Sequence[str], stop: StopFlag
    ) -> tuple[float, ...] | None:
        """See Generator."""
        started = perf_counter()
        weights = self._generator.weigh(messages, choices, stop)
        self.weighed_s += perf_counter() - started
        return weights


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where a case's passages come from, how many are given, and the whole text of an article."""

    search: PassageSearch
    passages: int
    text_of: Callable[[str], str]


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
    """The real parts, open: settings, a model, the embedder, the libraries by name."""

    settings: Settings
    engine: Generator
    embedder: SentenceEmbedder
    libraries: Mapping[str, Library]

    def assistant(self, case: Case) -> Assistant:
        """The assistant that a case is put to."""
        return self._assistant(self._shelf(case), self.engine)

    def reply(self, case: Case, arm: str) -> Reply:
        """What the assistant says to a case; an error that a person would meet is a reply too."""
        shelf = self._shelf(case)
        engine = Stopwatched(self.engine)
        try:
            answer = self._assistant(shelf, engine).answer(
                case.question.question, case.question.history
            )
        except CuttingsError as error:
            return Reply(arm, case.id, "", error=str(error))
        texts = {
            hit.passage.article_id: shelf.text_of(hit.passage.article_id) for hit in answer.hits
        }
        dangling, not_verbatim = citation_faults(answer, texts)
        return Reply(
            arm=arm,
            id=case.id,
            digest="",
            text=answer.text,
            refused=answer.refusal is not None,
            reason=answer.refusal.reason.value if answer.refusal else None,
            claims=tuple(side.claim for side in answer.conflict or ()),
            conflict_shown=answer.conflict is not None,
            citations=sum(len(sentence.citations) for sentence in answer.sentences),
            dangling=dangling,
            not_verbatim=not_verbatim,
            evidence_given=evidence_given(case, answer.hits, shelf.text_of),
            answer_given=answer_given(case, answer.hits),
            total_s=answer.timings.total_s,
            second_look_s=engine.weighed_s,
            prompt_tokens=answer.usage.prompt_tokens,
            completion_tokens=answer.usage.completion_tokens,
            standing=answer.standing or 0.0,
        )

    def _assistant(self, shelf: Shelf, engine: Generator) -> Assistant:
        """As everybody's, but for what is looked up and how much of it."""
        settings = self.settings.model_copy(update={"passages": shelf.passages})
        return make_assistant(settings, shelf.search, engine, self.embedder)

    def _shelf(self, case: Case) -> Shelf:
        if case.passages:
            passages = [loose_passage(case, n, text) for n, text in enumerate(case.passages, 1)]
            texts = {passage.article_id: passage.text for passage in passages}
            hits = self._hits(case.question.question, passages)
            return Shelf(FixedPassages(hits), len(hits), texts.__getitem__)
        library = self.libraries[case.library]
        if not case.planted:
            return Shelf(library.search, self.settings.passages, library.text_of)
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
            for passage in split_article(article, self.embedder.count_tokens, limit)
        ]
        return passages, {article.id: article.text for article in articles}

    def _hits(self, question: str, passages: Sequence[Passage]) -> list[Hit]:
        """The passages as hits, with the embedder's own cosines."""
        vectors = self.embedder.embed([question, *map(embedding_text, passages)])
        cosines = [float(cosine) for cosine in vectors[1:] @ vectors[0]]
        return [
            Hit(passage, max(cosine, 0.0), Found.DENSE, cosine)
            for passage, cosine in zip(passages, cosines, strict=True)
        ]


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


def answer_given(case: Case, hits: Sequence[Hit]) -> bool | None:
    """Whether an accepted answer stands in a passage, word for word; None if none is accepted."""
    if not case.question.answerable:
        return None
    return any(contains_answer(hit.passage.text, case.question.answers) for hit in hits)


@contextmanager
def opened_desk(settings: Settings, libraries: Mapping[str, Path]) -> Iterator[Desk]:
    """Our assistant with the model that settings name, over these libraries."""
    embedder = open_embedder(settings)
    with ExitStack() as stack:
        stores = [stack.enter_context(Store.open(folder)) for folder in libraries.values()]
        opened = [Library(one, Retriever(one, embedder, one.index_dir)) for one in stores]
        engine = stack.enter_context(open_generator(settings))
        by_name = dict(zip(libraries, opened, strict=True))
        yield Desk(settings, engine, embedder, by_name)


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
        return Reply(arm, case.id, "", text=text, refused=refused, total_s=total_s)

    with closing(recipe):
        yield reply


def build_library(articles: Path, folder: Path, settings: Settings) -> None:
    """Index a folder of articles, or bring its library up to date."""
    with Store.create(folder) as store:
        embedder = open_embedder(settings)
        index_folders([articles], store, embedder, settings.passage_tokens, lambda _: None)

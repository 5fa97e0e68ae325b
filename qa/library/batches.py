"""Articles on their way into the library: cut, embedded, and stored a batch at a time."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from qa.library.embedder import Embedder
from qa.library.embedding import embed_new
from qa.library.records import Recipe, SourceFile
from qa.library.storage import Storage
from qa.library.summary import IndexProgress, Phase
from qa.reading.passages import split_article
from qa.types import Article, Passage

BATCH_PASSAGES = 256
"""Passages embedded and stored in one transaction: two seconds of work on two cores, which is
the most that an interruption loses."""

BATCH_FILES = 1000
"""Files noted in one transaction, when they give no passages to embed."""

CLEARED_PASSAGES = 5000
"""Passages deleted in one transaction: about a second of work."""


@dataclass(frozen=True, slots=True)
class Workshop:
    """What makes stored passages of an article."""

    store: Storage
    embedder: Embedder
    recipe: Recipe

    def cut(self, article: Article) -> tuple[Passage, ...]:
        """The passages of an article, not yet embedded."""
        return split_article(article, self.embedder.count_tokens, self.recipe.passage_tokens)


@dataclass(slots=True)
class _Contents:
    """What is read and not yet stored: new articles, those that stayed, and files read whole."""

    new: list[tuple[Article, Path]] = field(default_factory=list)
    passages: list[Passage] = field(default_factory=list)
    kept: list[tuple[str, Path]] = field(default_factory=list)
    files: list[SourceFile] = field(default_factory=list)

    def store(self, workshop: Workshop) -> int:
        """Embed it, then store it in one transaction, which is never held meanwhile.

        Gives how many texts were embedded.
        """
        batch = embed_new(self.passages, workshop.store, workshop.embedder, workshop.recipe)
        with workshop.store.changing() as changes:
            for article, file in self.new:
                changes.put(article, file)
            changes.put_passages(batch.passages, workshop.recipe)
            for article_id, kept_file in self.kept:
                changes.keep(article_id, kept_file)
            for noted in self.files:
                changes.note_file(noted)
        return batch.embedded


class Batches:
    """Articles read one after another, stored in batches; use it in a `with` block.

    A batch is embedded and stored in a thread beside, while the next one is read and cut: one at a
    time and in order, so the library is the same as if nothing ran beside, and no more than two are
    in memory. A file is noted in the transaction of its last article or in a later one, so that one
    whose reading was interrupted is read again. The end of the block waits for the batch that is
    under way; what was read for the next one is lost unless `finish` was called.
    """

    def __init__(self, workshop: Workshop) -> None:
        self._workshop = workshop
        self._filling = _Contents()
        self._beside = ThreadPoolExecutor(1, thread_name_prefix="embed")
        self._under_way: Future[int] | None = None
        self.embedded = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self._beside.shutdown()

    def put(self, article: Article, file: Path) -> None:
        """Add an article that is new or has changed."""
        self._filling.new.append((article, file))
        self._filling.passages += self._workshop.cut(article)
        if len(self._filling.passages) >= BATCH_PASSAGES:
            self._hand_over()

    def keep(self, article_id: str, file: Path) -> None:
        """Add an article that is stored already and stands in this file."""
        self._filling.kept.append((article_id, file))

    def note_file(self, file: SourceFile) -> None:
        """Add a file all of whose articles were put or kept."""
        self._filling.files.append(file)
        if len(self._filling.files) >= BATCH_FILES:
            self._hand_over()

    def finish(self) -> None:
        """Store what is left. Raises what went wrong with any batch, as each other method may."""
        self._hand_over()
        self._wait()

    def _hand_over(self) -> None:
        self._wait()
        if self._filling != _Contents():
            self._under_way = self._beside.submit(self._filling.store, self._workshop)
            self._filling = _Contents()

    def _wait(self) -> None:
        if self._under_way:
            self.embedded += self._under_way.result()
            self._under_way = None


@dataclass(frozen=True, slots=True)
class EmbeddedAgain:
    """Ids of the articles whose passages were made anew, and the passages really embedded."""

    article_ids: tuple[str, ...]
    embedded: int


def embed_again(workshop: Workshop, report: Callable[[IndexProgress], None]) -> EmbeddedAgain:
    """If the recipe changed, make the stored articles' passages anew beside the old ones.

    Readers change over when all are made; a run that was interrupted is taken up again.
    """
    store, recipe = workshop.store, workshop.recipe
    recipes = store.recipes()
    article_ids = store.lacking(recipe) if recipes else ()
    batch: list[Passage] = []
    embedded = 0
    for done, article_id in enumerate(article_ids):
        report(IndexProgress(Phase.EMBEDDING_AGAIN, done, len(article_ids), done, article_id))
        article = store.article(article_id)
        batch += workshop.cut(article) if article else ()
        if len(batch) >= BATCH_PASSAGES or article_id == article_ids[-1]:
            embedded += _store_passages(workshop, batch)
            batch = []
    if recipes:
        _change_over(store, recipe)
    return EmbeddedAgain(article_ids, embedded)


def _store_passages(workshop: Workshop, passages: list[Passage]) -> int:
    batch = embed_new(passages, workshop.store, workshop.embedder, workshop.recipe)
    with workshop.store.changing() as changes:
        changes.put_passages(batch.passages, workshop.recipe)
    return batch.embedded


def _change_over(store: Storage, recipe: Recipe) -> None:
    """Show readers the passages of this recipe, then delete the others, a batch at a time."""
    active = store.recipe()
    if active != recipe:
        with store.changing() as changes:
            changes.activate(recipe)
    if active is None or active.embedder_name != recipe.embedder_name:
        with store.changing() as changes:
            changes.name_embedder(recipe)
    cleared = store.recipes() == (recipe,)
    while not cleared:
        with store.changing() as changes:
            cleared = changes.clear(CLEARED_PASSAGES)

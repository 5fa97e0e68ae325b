"""Articles on their way into the library: cut, embedded, and stored a batch at a time."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from qa.library.embedder import Embedder
from qa.library.embedding import embed_new
from qa.library.records import Recipe, SourceFile
from qa.library.store import Store
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

    store: Store
    embedder: Embedder
    recipe: Recipe

    def cut(self, article: Article) -> tuple[Passage, ...]:
        """The passages of an article, not yet embedded."""
        return split_article(article, self.embedder.count_tokens, self.recipe.passage_tokens)


class Batch:
    """What is read and not yet stored: new articles, those that stayed, and files read whole.

    A file is noted in the transaction of its last article or in a later one, so that one whose
    reading was interrupted is read again.
    """

    def __init__(self, workshop: Workshop) -> None:
        self._workshop = workshop
        self._new: list[tuple[Article, Path]] = []
        self._passages: list[Passage] = []
        self._kept: list[tuple[str, Path]] = []
        self._files: list[SourceFile] = []
        self.embedded = 0

    def put(self, article: Article, file: Path) -> None:
        """Add an article that is new or has changed."""
        self._new.append((article, file))
        self._passages += self._workshop.cut(article)
        if len(self._passages) >= BATCH_PASSAGES:
            self.store()

    def keep(self, article_id: str, file: Path) -> None:
        """Add an article that is stored already and stands in this file."""
        self._kept.append((article_id, file))

    def note_file(self, file: SourceFile) -> None:
        """Add a file all of whose articles were put or kept."""
        self._files.append(file)
        if len(self._files) >= BATCH_FILES:
            self.store()

    def store(self) -> None:
        """Embed the batch, then store it in one transaction, which is never held meanwhile."""
        if not (self._new or self._kept or self._files):
            return
        workshop = self._workshop
        batch = embed_new(self._passages, workshop.store, workshop.embedder, workshop.recipe)
        with workshop.store.changing() as changes:
            for article, file in self._new:
                changes.put(article, file)
            changes.put_passages(batch.passages, workshop.recipe)
            for article_id, file in self._kept:
                changes.keep(article_id, file)
            for noted in self._files:
                changes.note_file(noted)
        self.embedded += batch.embedded
        self._new, self._passages, self._kept, self._files = [], [], [], []


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


def _change_over(store: Store, recipe: Recipe) -> None:
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

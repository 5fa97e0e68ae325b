"""What a run of indexing is about to embed, for others to embed ahead of it; nothing is stored."""

from contextlib import ExitStack
from dataclasses import dataclass

from qa.errors import BadArticle
from qa.library.batches import Workshop
from qa.library.comparing import FoundFile, digest_of
from qa.library.embedding import embedding_text
from qa.library.records import Recipe
from qa.library.scanned_pages import Ocr, ScannedPages, reading_pages
from qa.reading.articles import read_file
from qa.reading.downloads import check_download
from qa.types import Article


@dataclass(frozen=True, slots=True)
class Ahead:
    """Files that are new or may have changed, and ids of articles without passages of a recipe."""

    recipe: Recipe
    files: tuple[FoundFile, ...]
    article_ids: tuple[str, ...]


def texts_in_file(found: FoundFile, workshop: Workshop, ocr: Ocr | None) -> tuple[str, ...]:
    """What will be embedded of a file; nothing of one that cannot be read: the run says why.

    Pages that OCR reads are kept, so that the run finds them read.
    """
    try:
        check_download(found.path)
        with ExitStack() as opened:
            reading = None
            if ocr:
                pages = opened.enter_context(ScannedPages.opened(ocr.folder))
                reading = reading_pages(ocr, pages, digest_of(found), lambda _: None)
            articles = read_file(found.path, found.root, reading).articles
    except BadArticle:
        return ()
    return tuple(text for article in articles for text in _texts(article, workshop))


def texts_in_article(article_id: str, workshop: Workshop) -> tuple[str, ...]:
    """What will be embedded of a stored article; nothing when it is gone."""
    article = workshop.store.article(article_id)
    return _texts(article, workshop) if article else ()


def _texts(article: Article, workshop: Workshop) -> tuple[str, ...]:
    return tuple(embedding_text(passage) for passage in workshop.cut(article))

"""The library: how many articles it holds, and in which languages."""

import sqlite3
from collections import Counter
from pathlib import Path

from qa.doctor.check import Check, CheckState
from qa.errors import IndexMissing, LibraryError
from qa.library.database import FILE_NAME
from qa.library.places import open_library
from qa.library.read_only import read_only_address
from qa.messages import counted
from qa.reading.languages import language_of
from qa.settings import Settings

MULTILINGUAL = "multilingual-e5-small"
FOREIGN_SHARE = 0.2  # of the articles; from here on a multilingual embedder is suggested
ARTICLES_LOOKED_AT = 200


def check_library(name: str, settings: Settings) -> Check:
    """How many articles are in the library that settings name, if there is one."""
    if not settings.shared_index:
        return check_index(name, settings.library_dir)
    try:
        with open_library(settings) as store:
            articles, place = store.article_count(), store.place
    except IndexMissing as error:
        return Check(name, CheckState.WARNING, str(error))
    except LibraryError as error:
        return Check(name, CheckState.FAILED, str(error))
    return Check(name, CheckState.OK, f"{counted(articles, 'article')} in {place}")


def check_index(name: str, index_dir: Path) -> Check:
    """How many articles are in the library, if there is one."""
    file = index_dir / FILE_NAME
    if not file.is_file():
        step = "Make one with: qa index FOLDER"
        return Check(name, CheckState.WARNING, f"There is no index in {index_dir}.", step)
    try:
        library = sqlite3.connect(read_only_address(file), uri=True)
        try:
            articles = library.execute("SELECT count(*) FROM articles").fetchone()[0]
        finally:
            library.close()
    except sqlite3.Error as error:
        step = "See what is wrong and what can be saved with: qa articles check"
        return Check(name, CheckState.FAILED, f"{file} cannot be read ({error}).", step)
    if not articles:
        step = "Add some with: qa index FOLDER"
        return Check(name, CheckState.WARNING, f"There is no article in {file}.", step)
    return Check(name, CheckState.OK, f"{counted(articles, 'article')} in {file}")


def check_languages(name: str, settings: Settings) -> Check:
    """Whether the embedder was taught the languages of the articles, by some of them."""
    try:
        with open_library(settings) as store:
            ids = sorted(store.digests())
            step = max(1, -(-len(ids) // ARTICLES_LOOKED_AT))
            some = [store.article(id_) for id_ in ids[::step]]
    except (IndexMissing, LibraryError):  # as another check says
        return Check(name, CheckState.OK, "no articles to look at")
    found = Counter(language_of(article.text) for article in some if article)
    foreign = found.total() - found["en"]
    told = ", ".join(f"{language} {count}" for language, count in found.most_common())
    if not told:
        return Check(name, CheckState.OK, "no articles to look at")
    finding = f"of {found.total()} articles {foreign} are not in English ({told})"
    english = str(Settings.model_fields["embedder"].default)
    if settings.embedder != english or foreign <= FOREIGN_SHARE * found.total():
        return Check(name, CheckState.OK, finding)
    next_step = (
        f"{english} was taught English. Pull another with: qa models pull {MULTILINGUAL};"
        f' set embedder = "{MULTILINGUAL}" in qa.toml, then: qa index'
    )
    return Check(name, CheckState.WARNING, finding, next_step)

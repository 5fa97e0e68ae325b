"""A library that is open, whatever keeps it: what each engine does its own way.

What is read of each alike stands in `qa.library.contents`. `qa.library.places` tells which engine
keeps the library that settings name.
"""

from abc import abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Self

import numpy as np

from qa.errors import LibraryError
from qa.library.changes import Changes
from qa.library.contents import Contents
from qa.library.embedder import Vectors
from qa.library.records import PassageVectors, Recipe
from qa.types import EVERYTHING, Scope

TITLE_WEIGHT, TEXT_WEIGHT = 0.5, 1.0
"""Of a word's worth in BM25: a title stands over every passage of its article, so it counts less
(measured on SQuAD paragraphs)."""


class Storage(Contents):
    """A library that is open; use it in a `with` block, from any thread.

    `place` names it in messages, with no password in it. `index_dir` is the folder on this machine
    for what can be made again: pages of scans that were read, a snapshot of the vectors.
    """

    place: str
    index_dir: Path

    @abstractmethod
    def close(self) -> None:
        """Close it; it cannot be used after."""

    @abstractmethod
    def only_writer(self, waiting: Callable[[str], None] | None) -> AbstractContextManager[None]:
        """Be the only one who changes the library, wherever the others are.

        While another is at it, `waiting` is told so, once, and this one waits. Raises LibraryError
        instead when there is no `waiting`, or when nothing can be written.
        """

    @abstractmethod
    def changing(self) -> AbstractContextManager[Changes]:
        """One transaction: all of the changes made inside, or, after an exception, none."""

    @abstractmethod
    def settle(self) -> None:
        """After changes, see that readers find fast and no space is wasted; nothing else changes.

        Only for the one writer. Whoever is killed before or in it leaves a library that is whole.
        """

    @abstractmethod
    def matching(
        self, terms: Sequence[str], limit: int, scope: Scope = EVERYTHING
    ) -> Mapping[int, float]:
        """Rows of the passages that have any of these terms and their BM25, best first.

        A term is a word or words side by side, as `qa.reading.words.words` gives them; they are
        stemmed and their accents dropped. Equal scores stand by article and number.
        """

    @abstractmethod
    def nearest(
        self, vector: Vectors, limit: int, scope: Scope = EVERYTHING
    ) -> Mapping[int, float]:
        """Rows of the nearest passages and their exact cosine with a unit vector, best first.

        In a large library a few of the nearest may be missed for others almost as near.
        """

    @abstractmethod
    def vectors(self) -> PassageVectors:
        """The vectors of all passages that readers see."""

    @abstractmethod
    def vectors_in(self, rows: Sequence[int]) -> Vectors:
        """The vectors of these rows, in their order, shape (len(rows), dimension); exact.

        Every row must be one that readers see. Raises LibraryError when one has no vector.
        """

    @abstractmethod
    def vectors_of(self, digests: Iterable[bytes], recipe: Recipe) -> Mapping[bytes, Vectors]:
        """Vectors that this recipe's embedder made before, by the digest of what was embedded."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def cosines(self, vector: Vectors, rows: Iterable[int]) -> Mapping[int, float]:
        """The exact cosine of a unit vector with each of these passages."""
        wanted = list(rows)
        cosines = self.vectors_in(wanted) @ vector if wanted else np.empty(0)
        return dict(zip(wanted, cosines.tolist(), strict=True))


def made(index_dir: Path) -> Path:
    """The folder, made if it is not there. Raises LibraryError."""
    try:
        index_dir.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise LibraryError(
            f"The folder {index_dir} cannot be made: {error.strerror}. "
            "Name another with QA_INDEX_DIR."
        ) from error
    return index_dir

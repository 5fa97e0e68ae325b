"""Passages that stand in several articles are shown once, with a note of where else. Pure."""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from qa.types import Hit, Passage

SAME_TEXT = 0.8
"""Jaccard similarity of word triples from which two passages are one text."""

BANDS, BAND_HASHES = 12, 5
"""Texts that share 0.8 of their word triples meet in one of 12 bands of 5 hashes with probability
0.99, texts that share half of them with 0.32 (Leskovec, Rajaraman and Ullman, Mining of Massive
Datasets, 3.4.2). Who meets is compared in full."""

_WORD = re.compile(r"\w+(?:[.,’'-]\w+)*")


def collapse(hits: Iterable[Hit], limit: int) -> tuple[Hit, ...]:
    """The best hits, each text once: the best-scored copy, on a tie the one published earlier.

    Every other article that has the text is named in `also_in`.
    """
    kept: list[Hit] = []
    kept_texts: list[_Text] = []
    for hit in sorted(hits, key=_best_first):
        text = _read(without_title(hit.passage))
        twin = next((i for i, other in enumerate(kept_texts) if _copies(text, other)), None)
        if twin is not None:
            kept[twin] = _noting(kept[twin], hit.passage.article_id)
        elif len(kept) < limit:
            kept.append(hit)
            kept_texts.append(text)
    return tuple(kept)


def without_title(passage: Passage) -> str:
    """The passage's words without the article's title, where they begin with it.

    Every paper puts a headline of its own over the same report.
    """
    first_line, _, rest = passage.text.partition("\n")
    return rest if rest and first_line.lstrip("# ").startswith(passage.title) else passage.text


def near_duplicates(one: Passage, other: Passage) -> bool:
    """Whether two passages are copies of each other that differ in no name and no figure.

    A text that only adds to the other's names and figures, such as a dateline, is a copy; one
    that has others in their place is news, or a contradiction, and must be seen.
    """
    return _copies(_read(without_title(one)), _read(without_title(other)))


def same_text(one: str, other: str) -> bool:
    """Whether two texts, such as sentences, are copies that differ in no name and no figure."""
    return _copies(_read(one), _read(other))


def band_keys(text: str) -> tuple[int, ...]:
    """One signed 64-bit key a band; near-duplicates share at least one, nearly always.

    Locality-sensitive hashing of MinHash signatures (Broder, 1997) over the text's word triples.
    """
    from datasketch import MinHash

    signature = MinHash(num_perm=BANDS * BAND_HASHES)
    signature.update_batch([" ".join(triple).encode() for triple in _read(text).triples])
    hashes = signature.hashvalues.astype("<u8").reshape(BANDS, BAND_HASHES)
    return tuple(
        int.from_bytes(
            hashlib.blake2b(band.tobytes(), digest_size=8, salt=bytes([number])).digest(),
            "little",
            signed=True,
        )
        for number, band in enumerate(hashes)
    )


@dataclass(frozen=True, slots=True)
class _Text:
    """What is compared of a text: its runs of three words, and the words that state facts."""

    triples: frozenset[tuple[str, ...]]
    names_and_figures: frozenset[str]


def _read(text: str) -> _Text:
    words = _WORD.findall(text)
    lower = [word.lower() for word in words]
    return _Text(
        frozenset(tuple(lower[i : i + 3]) for i in range(max(1, len(lower) - 2))),
        frozenset(
            word for word in words if word[0].isupper() or any(char.isdigit() for char in word)
        ),
    )


def _copies(one: _Text, other: _Text) -> bool:
    shared = len(one.triples & other.triples)
    if shared < SAME_TEXT * (len(one.triples) + len(other.triples) - shared):
        return False
    facts, other_facts = one.names_and_figures, other.names_and_figures
    return facts <= other_facts or other_facts <= facts


def _best_first(hit: Hit) -> tuple[float, date, str, int]:
    passage = hit.passage
    return -hit.score, passage.published or date.max, passage.article_id, passage.start


def _noting(hit: Hit, article_id: str) -> Hit:
    if article_id == hit.passage.article_id or article_id in hit.also_in:
        return hit
    return replace(hit, also_in=(*hit.also_in, article_id))

"""How what a page shows of Markdown articles looks: sources, quotes, and answers that quote. Pure.

Of an article in another format, whose asterisks are asterisks, everything stands as it is.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

from qa.types import Answer, Citation, Evidence, Passage

from .exchange import Exchange
from .markdown import looks_of, plain
from .marks import quoted_span

KEPT_PASSAGES = 1000
"""So many passages whose looks are kept: a page draws the same ones ten times a second."""

_WORD = re.compile(r"\S+")


def passage_looks(exchange: Exchange, passage: Passage) -> bytes:
    """The look of each character of a passage among an exchange's sources."""
    if passage.article_id not in exchange.markdown:
        return plain(passage.text)
    return _of_passage(passage.text)


def quote_looks(exchange: Exchange, quoted: Evidence) -> bytes:
    """The look of each character of a quote: emphasis may begin before it and end behind it."""
    passage = exchange.hits[quoted.number - 1].passage
    start, end = quoted_span(passage, quoted)
    if passage.text[start:end] != quoted.quote:
        return plain(quoted.quote)
    return passage_looks(exchange, passage)[start:end]


def answer_looks(exchange: Exchange, answer: Answer) -> bytes:
    """The look of each character of an answer's text, where a sentence quotes what it rests on."""
    looks = bytearray(plain(answer.text))
    for sentence in answer.sentences:
        span = slice(sentence.start, sentence.end)
        looks[span] = text_looks(exchange, answer.text[span], sentence.citations)
    return bytes(looks)


def text_looks(exchange: Exchange, text: str, quoted: Iterable[Citation | Evidence]) -> bytes:
    """The look of each character of a text in which some of these words may stand as a quote.

    There they are in one line, whatever parted them in their article.
    """
    looks = bytearray(plain(text))
    for one in quoted:
        passage = exchange.hits[one.number - 1].passage
        start, end = quoted_span(passage, one)
        words = list(_WORD.finditer(passage.text, start, end))
        in_one_line = " ".join(word[0] for word in words)
        at = text.find(in_one_line)
        if at >= 0 and words:
            of_words = [passage_looks(exchange, passage)[slice(*word.span())] for word in words]
            looks[at : at + len(in_one_line)] = _joined(of_words)
    return bytes(looks)


def _joined(looks: Iterable[bytes]) -> bytes:
    """Those of words with a space between each two, which looks as what both of them share does."""
    joined = b""
    for one in looks:
        joined += (bytes([joined[-1] & one[0]]) if joined else b"") + one
    return joined


@lru_cache(maxsize=KEPT_PASSAGES)
def _of_passage(text: str) -> bytes:
    return looks_of(text)

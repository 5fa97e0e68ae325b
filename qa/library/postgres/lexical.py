"""BM25 over a shared library's postings, in SQL: the formula and the numbers of FTS5.

PostgreSQL's own `ts_rank` knows neither how rare a word is nor how long the texts are. What is
computed here is what SQLite's `bm25()` gives (https://sqlite.org/fts5.html#the_bm25_function), with
title and text as columns of one text.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from qa.library.storage import TEXT_WEIGHT, TITLE_WEIGHT

K1, B = 1.2, 0.75
LEAST_IDF = 1e-6
"""What FTS5 gives a word that stands in more than half of the passages."""

_MET = "(term, passage, in_title, in_text, words)"

_WORDS = """
SELECT term, passage, in_title, in_text, words
FROM unnest(?::integer[], ?::text[]) AS asked (term, word) JOIN postings USING (word)
"""

_BEGINNINGS = """
SELECT term, passage, sum(in_title), sum(in_text), any_value(words)
FROM unnest(?::integer[], ?::text[]) AS asked (term, beginning)
JOIN postings ON word ^@ beginning
GROUP BY term, passage
"""

_HAVE_ALL = """
SELECT passage FROM postings WHERE word = ANY (?::text[]) GROUP BY passage HAVING count(*) = ?
"""

_PHRASE = f"""
SELECT ?::integer, row, count(*) FILTER (WHERE titled), count(*) FILTER (WHERE NOT titled),
       any_value(words)
FROM (
  SELECT row, titled, any_value(cardinality(title_words) + cardinality(text_words)) AS words
  FROM passages, LATERAL (
    SELECT true AS titled, * FROM unnest(title_words) WITH ORDINALITY AS one (word, place)
    UNION ALL SELECT false, * FROM unnest(text_words) WITH ORDINALITY
  ) AS stands JOIN unnest(?::text[]) WITH ORDINALITY AS asked (word, place) USING (word)
  WHERE row IN ({_HAVE_ALL})
  GROUP BY row, titled, stands.place - asked.place HAVING count(*) = ?
) AS starts
GROUP BY row
"""
"""Where the words of a phrase stand one behind the other: all have the same start."""

_MOST_RELEVANT = """
WITH met {columns} AS MATERIALIZED ({met}),
all_of AS (
  SELECT sum(passages)::float8 AS passages, sum(words)::float8 / sum(passages) AS words FROM recipes
),
rare AS (
  SELECT term, ln((all_of.passages - count(*) + 0.5) / (count(*) + 0.5)) AS idf
  FROM met, all_of GROUP BY term, all_of.passages
),
scored AS (
  SELECT passage, sum(
    CASE WHEN idf <= 0 THEN {least_idf} ELSE idf END
    * (often * {k1} / (often + {k} * ({flat} + {b} * met.words / all_of.words))) ORDER BY term
  ) AS bm25
  FROM met JOIN rare USING (term), all_of,
    LATERAL (SELECT ({title} * in_title + {text} * in_text)::float8 AS often) AS weighed
  GROUP BY passage
)
SELECT row, bm25 FROM scored JOIN live ON row = passage WHERE {condition}
ORDER BY bm25 DESC, article_id, number LIMIT ?
"""


@dataclass(frozen=True, slots=True)
class Term:
    """Words that stand side by side, as they are indexed; `begins` if more may follow in the last.

    One without words is met nowhere.
    """

    words: tuple[str, ...]
    begins: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """SQL with its values."""

    sql: str
    values: tuple[object, ...]


def most_relevant(terms: Iterable[Term], condition: str, values: list[str], limit: int) -> Query:
    """Rows and BM25 of the passages with any of the terms that meet a condition on `live`."""
    met = _met(terms)
    sql = _MOST_RELEVANT.format(
        met=met.sql,
        columns=_MET,
        condition=condition,
        least_idf=LEAST_IDF,
        k1=K1 + 1,
        k=K1,
        b=B,
        flat=1 - B,
        title=TITLE_WEIGHT,
        text=TEXT_WEIGHT,
    )
    return Query(sql, (*met.values, *values, limit))


def passages_with_all(terms: Iterable[Term]) -> Query:
    """A condition on `live`: that a passage has all of the terms."""
    parts = [_met([term]) for term in terms]
    sql = " AND ".join(f"row IN (SELECT passage FROM ({part.sql}) AS m {_MET})" for part in parts)
    return Query(sql, tuple(value for part in parts for value in part.values))


def _met(terms: Iterable[Term]) -> Query:
    """Every passage in which a term stands: the term's number, where and how often, how long."""
    numbered = list(enumerate(terms))
    words = [(number, term.words[0]) for number, term in numbered if _is_word(term)]
    begun = [(n, t.words[0]) for n, t in numbered if len(t.words) == 1 and t.begins]
    phrases = [(number, term) for number, term in numbered if len(term.words) > 1]
    parts = [Query(_WORDS, _columns(words))]
    if begun:
        parts.append(Query(_BEGINNINGS, _columns(begun)))
    for number, term in phrases:
        asked = list(term.words)
        different = sorted(set(asked))
        values = (number, asked, different, len(different), len(asked))
        parts.append(Query(_PHRASE, values))
    return Query(
        " UNION ALL ".join(part.sql for part in parts),
        tuple(value for part in parts for value in part.values),
    )


def _is_word(term: Term) -> bool:
    return len(term.words) == 1 and not term.begins


def _columns(asked: list[tuple[int, str]]) -> tuple[list[int], list[str]]:
    return [number for number, _ in asked], [word for _, word in asked]

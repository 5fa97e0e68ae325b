"""A file of drafts: questions that a model has written and nobody has accepted yet.

It is a question set whose lines carry `"draft": true`. Whoever reads a question set leaves such
lines out; a person accepts one by taking the mark away, which `qa questions review` does.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from qa.engine.generation import DecodingOptions, Generator, StopFlag, Token
from qa.errors import BadQuestionSet
from qa.evaluating.drafting import ask_for_question, read_draft, sentences_to_ask
from qa.evaluating.foreign_sets import csv_rows
from qa.evaluating.near_misses import names_in, near_misses, neighbours
from qa.evaluating.questions import (
    Question,
    is_draft,
    parse_line,
    question_line,
    set_lines,
)
from qa.files import json_lines, write_whole
from qa.types import Article

QUESTION_TOKENS = 80
"""A question and its answer are two short lines."""

TRIES = 3
"""So many sentences are tried for a draft, each in some seconds: the default model makes a
question that can be checked of every third one."""


def draft_questions(
    articles: Sequence[Article],
    others: Sequence[Article],
    generator: Generator,
    per_article: int,
) -> Iterator[Question]:
    """Up to `per_article` drafts of each as they are written, each followed by its near misses.

    `others` lend the names that near misses ask after. In the place of a sentence of which the
    model makes no question that can be checked another one is taken, TRIES times as many in all.
    """
    for article in articles:
        near = neighbours(article, others)
        lent = names_in(near)
        spans = sentences_to_ask(article, per_article)[: TRIES * per_article]
        written = 0
        for number, (start, end) in enumerate(spans, 1):
            if written == per_article:
                break
            steps = generator.generate(
                ask_for_question(article, start, end),
                DecodingOptions(max_new_tokens=QUESTION_TOKENS),
                StopFlag(),
            )
            reply = "".join(step.text for step in steps if isinstance(step, Token))
            draft = read_draft(reply, article, start, end, number)
            if draft:
                written += 1
                yield draft
                yield from near_misses(draft, article, near, lent)


def draft_line(question: Question) -> dict[str, Any]:
    """A draft as its line in the file."""
    return question_line(question) | {"draft": True}


def read_draft_file(path: Path) -> list[dict[str, Any]]:
    """Every line of a JSON Lines question set as it stands, drafts and others.

    Raises BadQuestionSet naming a line that is no JSON object.
    """
    lines = []
    for number, raw in set_lines(path):
        try:
            line = parse_line(raw)
        except ValueError as error:
            raise BadQuestionSet(f"{path}, line {number}: {error}") from error
        if not isinstance(line, dict):
            raise BadQuestionSet(f"{path}, line {number}: not a JSON object. Delete the line.")
        lines.append(line)
    return lines


def count_drafts(path: Path) -> int:
    """How many drafts a question set holds, in JSON Lines or CSV; other forms have none."""
    if path.is_dir() or path.suffix.lower() == ".json":
        return 0
    if path.suffix.lower() == ".csv":
        return sum(is_draft(row) for _, row in csv_rows(path))
    return sum(is_draft(line) for line in read_draft_file(path))


def accepted(
    line: Mapping[str, Any],
    question: str,
    answers: Sequence[str] | None,
    evidence: Sequence[str] | None = None,
) -> dict[str, Any]:
    """A draft's line as a question of the set, with what a person has made of it.

    Its evidence is left as it stands where none is given.
    """
    kept = {key: value for key, value in line.items() if key != "draft"}
    given = {} if evidence is None else {"evidence": list(evidence)}
    told = None if answers is None else list(answers)
    return {**kept, "question": question, "answers": told, **given}


def decide(path: Path, id_: str, line: Mapping[str, Any] | None) -> None:
    """Put a question in the place of a file's draft of this id, or delete the draft; at once.

    Nothing happens where the file has no such draft by now.
    """
    lines: list[Mapping[str, Any]] = []
    for one in read_draft_file(path):
        if not (is_draft(one) and one.get("id") == id_):
            lines.append(one)
        elif line is not None:
            lines.append(line)
    write_draft_file(path, lines)


def write_draft_file(path: Path, lines: Sequence[Mapping[str, Any]]) -> None:
    """Put the lines in the place of the file's, whole."""
    write_whole(path, json_lines(lines).encode())

"""Question sets in the forms in which others keep them: CSV, SQuAD 2.0, BEIR.

Each is read into the objects that the lines of a question set hold, with its place in the file.
SQuAD and BEIR bring their articles along: `foreign_articles` gives them under the ids by which
their questions name them.
"""

import csv
import io
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qa.errors import BadQuestionSet
from qa.evaluating.questions import (
    Question,
    Row,
    load_questions,
    questions_of,
    read_set_file,
)
from qa.reading.articles import article_id
from qa.reading.sentences import sentence_spans

LISTS = ("answers", "articles", "evidence", "tags")
"""Columns of a CSV file that hold several texts, with `|` between them, or as a JSON list."""

DELIMITERS = ",;\t"

JUDGEMENTS = ("test.tsv", "dev.tsv", "train.tsv")
"""Those of a BEIR folder, in `qrels/`; the first that is there is taken."""

SQUAD = 'A SQuAD file holds {"data": [{"title": …, "paragraphs": [{"context": …, "qas": […]}]}]}.'
BEIR = "A BEIR folder holds corpus.jsonl, queries.jsonl and qrels/test.tsv."


@dataclass(frozen=True, slots=True)
class ForeignArticle:
    """An article that a question set brings along."""

    id: str
    title: str
    text: str


def load_question_set(path: Path) -> tuple[Question, ...]:
    """Read a question set in any form: `.csv`, SQuAD 2.0 (`.json`), a BEIR folder, else JSON Lines.

    Raises BadQuestionSet naming the file, the place in it and what is wrong there.
    """
    if path.is_dir():
        return questions_of(path, _beir_rows(path))
    match path.suffix.lower():
        case ".csv":
            return questions_of(path, _csv_rows(path))
        case ".json":
            return questions_of(path, _squad_rows(path))
    return load_questions(path)


def foreign_articles(path: Path) -> Iterator[ForeignArticle]:
    """The articles that a SQuAD file or a BEIR folder brings along.

    Raises BadQuestionSet for other forms, which bring none.
    """
    if path.is_dir():
        yield from _beir_articles(path)
    elif path.suffix.lower() == ".json":
        yield from _squad_articles(path)
    else:
        raise BadQuestionSet(
            f"{path} brings no articles along. Only a SQuAD file (.json) and a BEIR folder do."
        )


def article_file(article: ForeignArticle) -> str:
    """The text file of an article: front matter that keeps its id and title, and its text."""
    # JSON strings are YAML strings; the id stays what the questions call the article by
    front = {"id": article.id, "title": article.title}
    lines = [f"{key}: {json.dumps(value)}" for key, value in front.items() if value]
    return "\n".join(("---", *lines, "---", article.text, ""))


def _csv_rows(path: Path) -> Iterator[Row]:
    """The rows of a CSV file that has the columns of a question set."""
    try:
        text = read_set_file(path).decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadQuestionSet(f"{path} is not UTF-8 text. Save it as UTF-8.") from error
    delimiter = max(DELIMITERS, key=text.split("\n", 1)[0].count)
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        if "answers" not in (reader.fieldnames or ()):
            raise BadQuestionSet(
                f'{path}, line 1: there is no column "answers". Name the columns as in a question '
                "set: id, question, answers, articles, evidence, tags."
            )
        for row in reader:
            if None in row:
                raise BadQuestionSet(
                    f"{path}, line {reader.line_num}: more fields than the header has. "
                    "Put quotes around each field."
                )
            yield f"line {reader.line_num}", _csv_object(path, reader.line_num, row)
    except csv.Error as error:
        raise BadQuestionSet(
            f"{path}, line {reader.line_num}: {error}. Double the quotes inside a field."
        ) from error


def _csv_object(path: Path, line: int, row: Mapping[str, str | None]) -> dict[str, Any]:
    """A row as the object of a question; empty cells but for lists are not there."""
    found: dict[str, Any] = {}
    for column, cell in row.items():
        text = (cell or "").strip()
        if text.startswith("[") and column in (*LISTS, "history"):
            try:
                found[column] = json.loads(text)
            except ValueError as error:
                raise BadQuestionSet(
                    f'{path}, line {line}: "{column}" is no JSON list. '
                    'Write ["one", "another"], or the texts with | between them.'
                ) from error
        elif column in LISTS:
            found[column] = [part.strip() for part in text.split("|") if part.strip()]
        elif text:
            found[column] = text
    return found


def _squad_rows(path: Path) -> Iterator[Row]:
    """The questions of a file of SQuAD 2.0 (Rajpurkar et al., ACL 2018) or 1.1.

    The evidence is the sentence in which the first accepted answer stands.
    """
    with _read_as(path, SQUAD):
        for article in json.loads(read_set_file(path))["data"]:
            for paragraph in article["paragraphs"]:
                for asked in paragraph["qas"]:
                    found = [] if asked.get("is_impossible") else asked["answers"]
                    yield (
                        f"question {asked['id']}",
                        {
                            "id": asked["id"],
                            "question": asked["question"],
                            "answers": list(dict.fromkeys(answer["text"] for answer in found)),
                            "articles": [_squad_id(article["title"])],
                            "evidence": [
                                _sentence_at(paragraph["context"], answer["answer_start"])
                                for answer in found[:1]
                            ],
                        },
                    )


def _squad_articles(path: Path) -> Iterator[ForeignArticle]:
    """The articles of a SQuAD file, their paragraphs with an empty line between them."""
    with _read_as(path, SQUAD):
        for article in json.loads(read_set_file(path))["data"]:
            text = "\n\n".join(one["context"].strip() for one in article["paragraphs"])
            title = article["title"].replace("_", " ")
            yield ForeignArticle(_squad_id(article["title"]), title, text)


def _squad_id(title: str) -> str:
    """`European_Union_law` → `european-union-law`, as a file of that name would be called."""
    return article_id(Path(f"{title.replace('_', '-').replace('/', '-')}.txt"), Path())


def _sentence_at(context: str, offset: int) -> str:
    """The sentence of a paragraph in which a character stands."""
    spans = sentence_spans(context)
    return next(context[start:end] for start, end in spans if start <= offset < end)


def _beir_rows(path: Path) -> Iterator[Row]:
    """The questions of a BEIR folder (Thakur et al., NeurIPS 2021) that have judgements.

    An article judged above 0 is relevant. What the answers are is not known.
    """
    judged = next((file for name in JUDGEMENTS if (file := path / "qrels" / name).is_file()), None)
    if judged is None:
        raise BadQuestionSet(
            f"{path} is no BEIR folder: qrels/test.tsv is missing. "
            "It holds corpus.jsonl, queries.jsonl and qrels/; other sets are files."
        )
    relevant: dict[str, list[str]] = {}
    with _read_as(judged, BEIR):
        for line in read_set_file(judged).decode("utf-8").splitlines()[1:]:
            question, article, score = line.split("\t")
            if int(score) > 0:
                relevant.setdefault(question, []).append(article)
    with _read_as(path / "queries.jsonl", BEIR):
        for line in _lines(path / "queries.jsonl"):
            if line["_id"] in relevant:
                yield (
                    f"query {line['_id']}",
                    {
                        "id": line["_id"],
                        "question": line["text"],
                        "answers": None,
                        "articles": relevant[line["_id"]],
                    },
                )


def _beir_articles(path: Path) -> Iterator[ForeignArticle]:
    """The articles of a BEIR folder's corpus."""
    with _read_as(path / "corpus.jsonl", BEIR):
        for line in _lines(path / "corpus.jsonl"):
            yield ForeignArticle(line["_id"], line.get("title", ""), line["text"])


def _lines(path: Path) -> Iterator[Any]:
    for line in read_set_file(path).split(b"\n"):
        if line.strip():
            yield json.loads(line)


@contextmanager
def _read_as(path: Path, form: str) -> Iterator[None]:
    """Name the file in what is not there or is something else."""
    try:
        yield
    except (ValueError, KeyError, TypeError, AttributeError, StopIteration) as error:
        raise BadQuestionSet(f"{path} is not as it should be ({error!r}). {form}") from error

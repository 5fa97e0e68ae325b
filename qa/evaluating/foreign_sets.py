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
from typing import Any, TypeVar

from qa.errors import BadQuestionSet
from qa.evaluating.questions import (
    Question,
    Row,
    load_questions,
    parse_line,
    questions_of,
    read_set_file,
    set_lines,
    shown,
)
from qa.reading.articles import article_id
from qa.reading.sentences import sentence_spans

LISTS = ("answers", "articles", "evidence", "tags")
"""Columns of a CSV file that hold several texts, with `|` between them, or as a JSON list."""

JSON_COLUMNS = {
    **dict.fromkeys(LISTS, 'Write ["one", "another"], or the texts with | between them.'),
    "history": 'Write [{"question": …, "answer": …}].',
    "nuggets": 'Write [{"text": …, "vital": true}].',
    "draft": "Write true or false.",
}
"""Columns of a CSV file that hold JSON (`LISTS` may), each with what to write there."""

DELIMITERS = ",;\t"

JUDGEMENTS = ("test.tsv", "dev.tsv", "train.tsv")
"""Those of a BEIR folder, in `qrels/`; the first that is there is taken."""

SQUAD = 'A SQuAD file holds {"data": [{"title": …, "paragraphs": [{"context": …, "qas": […]}]}]}.'
BEIR = "A BEIR folder holds corpus.jsonl, queries.jsonl and qrels/test.tsv."

KINDS: Mapping[type, str] = {str: "a text", list: "a list", int: "a whole number"}
"""What a value of a form may be, in words."""

Held = TypeVar("Held")


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
            return questions_of(path, csv_rows(path))
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


def csv_rows(path: Path) -> Iterator[Row]:
    """The rows of a CSV file that has the columns of a question set, drafts among them.

    Raises BadQuestionSet naming the line and what is wrong there.
    """
    text = _text_of(path)
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
            with _read_as(path, f"line {reader.line_num}"):
                question = _csv_object(row)
            yield f"line {reader.line_num}", question
    except csv.Error as error:
        raise BadQuestionSet(
            f"{path}, line {reader.line_num}: {error}. Double the quotes inside a field."
        ) from error


def _csv_object(row: Mapping[str, str | None]) -> dict[str, Any]:
    """A row as the object of a question; empty cells but for lists are not there.

    A ValueError names the column that is not JSON and should be.
    """
    found: dict[str, Any] = {}
    for column, cell in row.items():
        text = (cell or "").strip()
        if column in LISTS and not text.startswith("["):
            found[column] = [part.strip() for part in text.split("|") if part.strip()]
        elif text:
            found[column] = _csv_json(column, text) if column in JSON_COLUMNS else text
    return found


def _csv_json(column: str, text: str) -> Any:
    try:
        # spreadsheets write TRUE and FALSE
        return json.loads(text.lower() if column == "draft" else text)
    except ValueError as error:
        raise ValueError(
            f'"{column}" is no JSON, but {shown(text)}. {JSON_COLUMNS[column]}'
        ) from error


def _squad_rows(path: Path) -> Iterator[Row]:
    """The questions of a file of SQuAD 2.0 (Rajpurkar et al., ACL 2018) or 1.1.

    The evidence is the sentence in which the first accepted answer stands.
    """
    for place, article in _squad(path):
        for number, paragraph in enumerate(article.paragraphs, 1):
            here = f"{place}, paragraph {number}"
            with _read_as(path, here, SQUAD):
                asked = _held(paragraph, "qas", list)
            for count, question in enumerate(asked, 1):
                has_id = isinstance(question, dict) and "id" in question
                named = f"question {question['id']}" if has_id else f"{here}, question {count}"
                with _read_as(path, named, SQUAD):
                    row = _squad_question(question, article.title, paragraph["context"])
                yield named, row


def _squad_question(asked: Any, title: str, context: str) -> dict[str, Any]:
    """A question of SQuAD as one of a question set; a ValueError says what is wrong with it."""
    id_, question = _held(asked, "id", str), _held(asked, "question", str)
    found = [] if asked.get("is_impossible") else _held(asked, "answers", list)
    return {
        "id": id_,
        "question": question,
        "answers": list(dict.fromkeys(_held(answer, "text", str) for answer in found)),
        "articles": [_squad_id(title)],
        "evidence": [
            _sentence_at(context, _held(answer, "answer_start", int)) for answer in found[:1]
        ],
    }


def _squad_articles(path: Path) -> Iterator[ForeignArticle]:
    """The articles of a SQuAD file, their paragraphs with an empty line between them."""
    for _, article in _squad(path):
        text = "\n\n".join(one["context"].strip() for one in article.paragraphs)
        yield ForeignArticle(_squad_id(article.title), article.title.replace("_", " "), text)


@dataclass(frozen=True, slots=True)
class _SquadArticle:
    """An article of a SQuAD file; each of its paragraphs has a context, and perhaps questions."""

    title: str
    paragraphs: tuple[dict[str, Any], ...]


def _squad(path: Path) -> Iterator[tuple[str, _SquadArticle]]:
    """The articles of a SQuAD file, each with its place there."""
    try:
        whole = json.loads(_text_of(path))
    except (ValueError, RecursionError) as error:
        raise BadQuestionSet(f"{path}: not JSON ({error}). {SQUAD}") from error
    with _read_as(path, "", SQUAD):
        articles = _held(whole, "data", list)
    for number, article in enumerate(articles, 1):
        place = f"article {number}"
        with _read_as(path, place, SQUAD):
            title, paragraphs = _held(article, "title", str), _held(article, "paragraphs", list)
        for count, paragraph in enumerate(paragraphs, 1):
            with _read_as(path, f"{place}, paragraph {count}", SQUAD):
                _held(paragraph, "context", str)
        yield place, _SquadArticle(title, tuple(paragraphs))


def _squad_id(title: str) -> str:
    """`European_Union_law` → `european-union-law`, as a file of that name would be called."""
    return article_id(Path(f"{title.replace('_', '-').replace('/', '-')}.txt"), Path())


def _sentence_at(context: str, offset: int) -> str:
    """The sentence of a paragraph in which a character stands; ValueError where none does."""
    for start, end in sentence_spans(context):
        if start <= offset < end:
            return context[start:end]
    raise ValueError(
        f'"answer_start" is {offset}, where no sentence of the context stands. '
        "Count characters, from 0."
    )


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
    relevant = _beir_relevant(judged)
    file = path / "queries.jsonl"
    for number, line in _lines(file):
        with _read_as(file, f"line {number}", BEIR):
            id_ = _held(line, "_id", str)
            question = _held(line, "text", str) if id_ in relevant else None
        if question is not None:
            yield (
                f"query {id_}",
                {"id": id_, "question": question, "answers": None, "articles": relevant[id_]},
            )


def _beir_relevant(path: Path) -> dict[str, list[str]]:
    """The ids of the relevant articles by a query's id, from a file of judgements."""
    relevant: dict[str, list[str]] = {}
    for number, line in enumerate(_text_of(path).splitlines()[1:], 2):
        try:
            question, article, score = line.split("\t")
            is_relevant = int(score) > 0
        except ValueError as error:
            raise BadQuestionSet(
                f"{path}, line {number}: {shown(line)} is no judgement. Write the query's id, the "
                "article's and a whole number, with tabs between them."
            ) from error
        if is_relevant:
            relevant.setdefault(question, []).append(article)
    return relevant


def _beir_articles(path: Path) -> Iterator[ForeignArticle]:
    """The articles of a BEIR folder's corpus."""
    file = path / "corpus.jsonl"
    for number, line in _lines(file):
        with _read_as(file, f"line {number}", BEIR):
            article = ForeignArticle(
                _held(line, "_id", str), line.get("title", ""), _held(line, "text", str)
            )
        yield article


def _text_of(path: Path) -> str:
    try:
        return read_set_file(path).decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadQuestionSet(f"{path} is not UTF-8 text. Save it as UTF-8.") from error


def _lines(path: Path) -> Iterator[tuple[int, Any]]:
    """The JSON values of a file's lines, each with its line's number."""
    for number, line in set_lines(path):
        with _read_as(path, f"line {number}"):
            value = parse_line(line)
        yield number, value


def _held(holder: Any, key: str, kind: type[Held]) -> Held:
    """What an object holds under a key; a ValueError says what stands there in its place."""
    if not isinstance(holder, dict):
        raise ValueError(f'there is {shown(holder)} where an object with "{key}" belongs.')  # noqa: TRY004
    if key not in holder:
        raise ValueError(f'"{key}" is missing.')
    value = holder[key]
    if not isinstance(value, kind):
        raise ValueError(f'"{key}" must be {KINDS[kind]}, not {shown(value)}.')  # noqa: TRY004
    return value


@contextmanager
def _read_as(path: Path, place: str, form: str = "") -> Iterator[None]:
    """Name the file, the place in it ("" is the whole), and the form it should have."""
    try:
        yield
    except ValueError as error:
        where = f"{path}, {place}" if place else f"{path}"
        raise BadQuestionSet(f"{where}: {error} {form}".rstrip()) from error

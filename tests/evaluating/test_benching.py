"""The bench: what its questions rest on, what counts as right, and what is kept of a model."""

import json
import os
from dataclasses import replace
from pathlib import Path

from qa.evaluating.benching import (
    KEPT_FILE,
    BenchQuestion,
    BenchRow,
    Told,
    ask_all,
    bench_questions,
    keep_row,
    kept_row,
    median_s,
)
from qa.evaluating.metrics import contains_answer
from qa.evaluating.questions import load_questions
from qa.reading.articles import read_file, walk
from qa.types import Evidence, Found, Hit, Passage
from tests.conftest import SEEDS
from tests.fakes import ScriptedGenerator

ROW = BenchRow("small", 98, 210, 160.0, 8.0, 20, 3, 11, 2.25, "2026-11-29")

TEXT = "It cost 42 million euros. The mayor, Inês Duarte, cut the ribbon."
PASSAGE = Passage("bridge#0", "bridge", "Bridge opens", None, 0, len(TEXT), TEXT)


def piece(quote: str, short: str) -> Evidence:
    start = TEXT.index(quote)
    at = TEXT.index(short)
    return Evidence(1, "bridge#0", "bridge", start, start + len(quote), quote, 9.0,
                    (at, at + len(short)))  # fmt: skip


ASKED = BenchQuestion(
    "mayor",
    "Who cut the ribbon?",
    ("Inês Duarte",),
    (piece("The mayor, Inês Duarte, cut the ribbon.", "Inês Duarte"),
     piece("It cost 42 million euros.", "42 million euros")),
    (Hit(PASSAGE, 0.9, Found.BOTH, 0.8),),
)  # fmt: skip


def test_twenty_questions_of_the_seeds_whose_evidence_stands_there_word_for_word() -> None:
    seeds = {one.id: one for one in load_questions(SEEDS / "questions.jsonl")}
    texts = {
        article.id: article.text
        for file in walk(SEEDS).files
        for article in read_file(file, SEEDS).articles
    }
    questions = bench_questions()
    assert len(questions) == len({one.id for one in questions}) == 20
    for one in questions:
        of_seeds = seeds[one.id]
        assert (one.question, one.answers) == (of_seeds.question, of_seeds.answers)
        assert any(contains_answer(piece.quote, one.answers) for piece in one.evidence)
        for piece in one.evidence:
            assert texts[piece.article_id][piece.start : piece.end] == piece.quote
            assert one.hits[piece.number - 1].passage.id == piece.passage_id
        for hit in one.hits:
            passage = hit.passage
            assert texts[passage.article_id][passage.start : passage.end] == passage.text


def told(written: str) -> tuple[bool, bool]:
    """Whether what a model writes is right, and whether what is told then is."""
    (came,) = ask_all(ScriptedGenerator([written]), [ASKED], 64, lambda done: None)
    return came.wrote_right, came.right


def test_what_is_told_is_what_the_check_keeps_or_else_the_quote() -> None:
    assert told("Inês Duarte cut the ribbon.") == (True, True)
    assert told("Pedro Alves cut the ribbon.") == (False, True)  # nothing bears it out: the quote
    assert told("The mayor cut the ribbon.") == (False, True)  # it lacks the words that answer


def test_each_question_is_told_when_it_is_done() -> None:
    done: list[int] = []
    generator = ScriptedGenerator(["Inês Duarte cut the ribbon."] * 2)
    ask_all(generator, [ASKED, ASKED], 64, done.append)
    assert done == [1, 2]
    prompt = "".join(generator.prompts[0][-1].parts)
    assert "The mayor, Inês Duarte, cut the ribbon." in prompt
    assert prompt.endswith("Who cut the ribbon?")


def test_the_median_answer() -> None:
    assert median_s([Told(True, True, s) for s in (9.0, 1.0, 2.0)]) == 2.0


def test_a_row_is_kept_as_long_as_the_file_is_the_same(tmp_path: Path) -> None:
    first, second = tmp_path / "a.gguf", tmp_path / "b.gguf"
    first.write_bytes(b"GGUF")
    second.write_bytes(b"GGUF")
    assert kept_row(tmp_path, first) is None
    keep_row(tmp_path, first, ROW)
    keep_row(tmp_path, second, replace(ROW, model="other", memory_bytes=None, read_per_s=None))
    keep_row(tmp_path, first, replace(ROW, right=12))
    assert kept_row(tmp_path, first) == replace(ROW, right=12)
    other = kept_row(tmp_path, second)
    assert other
    assert (other.model, other.memory_bytes) == ("other", None)
    os.utime(first, (1, 1))  # another file by now, as far as can be told
    assert kept_row(tmp_path, first) is None


def test_a_damaged_file_of_rows_is_as_none(tmp_path: Path) -> None:
    model = tmp_path / "a.gguf"
    model.write_bytes(b"GGUF")
    keep_row(tmp_path, model, ROW)
    kept = tmp_path / KEPT_FILE
    rows = json.loads(kept.read_text())
    kept.write_text(json.dumps({key: {"model": "small"} for key in rows}))
    assert kept_row(tmp_path, model) is None
    kept.write_text("[")
    assert kept_row(tmp_path, model) is None
    keep_row(tmp_path, model, ROW)
    assert kept_row(tmp_path, model) == ROW

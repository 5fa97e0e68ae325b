"""What is asked to fit confidence by, and what becomes of a question."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from qa.answering.confidence import Signals
from qa.answering.finding import Found
from qa.answering.parts import Taught
from qa.errors import RunError
from qa.evaluating.calibrating import (
    Asked,
    ToAsk,
    asked_line,
    came_of,
    can_be_judged,
    fixed_files,
    fixed_questions,
    read_asked,
)
from qa.evaluating.evidence import find_quote
from qa.evaluating.questions import Question
from qa.reading.articles import read_file, walk
from qa.types import Evidence, Turn
from tests.answering.builders import hit, piece
from tests.conftest import SEEDS

SIGNALS = Signals(6.12345, 3.0, -1.0, 0.5, 1.0, 2.0, 0.75, 0.6)
TEXT = "The lighthouse of Holme was lit in 1858. Its keeper was Ann Dale. She left in 1871."
HITS = (hit(TEXT, article_id="lamp"),)
LIT, KEEPER, LEFT = (
    piece(quote, HITS)
    for quote in (
        "The lighthouse of Holme was lit in 1858.",
        "Its keeper was Ann Dale.",
        "She left in 1871.",
    )
)


def found(*evidence: Evidence) -> Found:
    return Found(evidence, HITS, HITS, 0.4, SIGNALS)


def text_of(article_id: str) -> str | None:
    return TEXT if article_id == "lamp" else None


def is_right(question: Question, *evidence: Evidence) -> bool:
    return came_of(ToAsk(question, own=True, over="here"), found(*evidence), text_of).right


QUOTED = Question("q", "Who kept it?", (), ("lamp",), ("keeper was Ann Dale",), answers_known=False)


def test_the_fixed_set_is_of_the_seeds_and_half_of_it_is_answered_there() -> None:
    files = {file.relative_to(SEEDS).as_posix(): file for file in SEEDS.rglob("*.md")}
    assert fixed_files() == {name: file.read_text("utf-8") for name, file in files.items()}
    texts = {
        article.id: article.text
        for file in walk(SEEDS).files
        for article in read_file(file, SEEDS).articles
    }
    questions = fixed_questions()
    assert len({one.id for one in questions}) == len({one.question for one in questions}) == 209
    assert sum(one.answerable for one in questions) == 106
    for one in questions:
        assert can_be_judged(one)
        assert one.answerable == bool(one.evidence)
        for article_id in one.articles:
            assert find_quote(one.evidence[0], texts[article_id]), one.id


def test_right_is_what_stands_among_the_first_two_quotes() -> None:
    assert is_right(QUOTED, LIT, KEEPER)
    assert not is_right(QUOTED, LIT, LEFT, KEEPER)
    assert not is_right(QUOTED)


def test_without_a_quote_an_accepted_answer_counts_and_else_the_article() -> None:
    answered = Question("q", "Who kept it?", ("Ann Dale",), ("lamp",))
    assert is_right(answered, KEEPER)
    assert not is_right(answered, LIT)
    assert is_right(replace(answered, articles=()), KEEPER)
    somehow = Question("q", "Who kept it?", (), ("lamp",), answers_known=False)
    assert is_right(somehow, LIT)
    assert not is_right(replace(somehow, articles=("ferry",)), LIT)


def test_nothing_is_right_for_a_question_that_nothing_answers() -> None:
    assert not is_right(Question("q", "Who sold it?", (), ("lamp",)), KEEPER)


def test_only_what_stands_alone_and_is_known_can_be_judged() -> None:
    assert can_be_judged(QUOTED)
    assert can_be_judged(Question("q", "Who sold it?", ()))
    assert not can_be_judged(replace(QUOTED, history=(Turn("Who?", "She."),)))
    assert not can_be_judged(Question("q", "Who kept it?", (), answers_known=False))


def test_what_came_of_a_question_is_kept_in_four_digits_and_read_again(tmp_path: Path) -> None:
    to_ask = ToAsk(QUOTED, own=True, over="library 3")
    came = came_of(to_ask, found(KEEPER), text_of)
    assert came == Asked(
        to_ask.key, True, True, True, Taught.WELL, 1.0, replace(SIGNALS, relevance=6.1235)
    )
    silent = came_of(to_ask, replace(found(), signals=None), text_of)
    assert silent == replace(came, right=False, signals=None)
    other = replace(silent, key="other")
    path = tmp_path / "asked.jsonl"
    assert read_asked(path) == {}
    lines = [json.dumps(asked_line(one)) for one in (came, other)]
    path.write_text("\n".join(lines) + "\n" + lines[0][:20])  # killed while it wrote the third
    assert read_asked(path) == {came.key: came, "other": other}


def test_a_damaged_line_is_named_with_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "asked.jsonl"
    for damaged in ("no JSON", '{"key": "a"}', "[]", '{"key": "a", "signals": [1]}'):
        path.write_text(f"{damaged}\n")
        with pytest.raises(RunError, match=r"asked.jsonl, line 1, is damaged\. Delete the file"):
            read_asked(path)


def test_keys_are_in_the_order_of_the_questions_whatever_the_library() -> None:
    others = [replace(QUOTED, id=str(number)) for number in range(9)]
    here, there = (
        sorted(others, key=lambda one: ToAsk(one, own=True, over=library).key)
        for library in ("b 1", "a 7")
    )
    assert here == there
    assert ToAsk(QUOTED, own=True, over="a").key != ToAsk(QUOTED, own=False, over="a").key
    assert ToAsk(QUOTED, own=True, over="a").key != ToAsk(QUOTED, own=True, over="b").key

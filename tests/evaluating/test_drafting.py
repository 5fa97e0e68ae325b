"""Drafts of questions, worked out by hand."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from qa.errors import BadQuestionSet
from qa.evaluating.drafting import read_draft, sentences_to_ask
from qa.evaluating.drafts import (
    accepted,
    count_drafts,
    draft_line,
    draft_questions,
    read_draft_file,
    write_draft_file,
)
from qa.evaluating.foreign_sets import load_question_set
from qa.evaluating.questions import Question
from qa.types import Article
from tests.fakes import ScriptedGenerator

BRIDGE = Article(
    "bridge",
    "The Aldera bridge is open",
    "It rained. The Aldera bridge was opened in May 2021 by Mayor Inês Duarte. "
    "The bridge had cost the city 42 million euros, said Duarte, more than was planned. "
    "She had promised the Council of Aldera that it would cost 30 million at the very most.\n"
    "Nobody was sure at first that anybody would ever come to use such a thing.",
    None,
    date(2021, 5, 4),
    "0",
)
OPENED, COST = (
    (BRIDGE.text.index(begin), BRIDGE.text.index(end) + len(end))
    for begin, end in (("The Aldera", "Duarte."), ("The bridge had", "planned."))
)

QUESTION = "Who opened the Aldera bridge in 2021?"
DRAFT = Question(
    "bridge-q1", QUESTION, ("Inês Duarte",), ("bridge",), (BRIDGE.text[slice(*OPENED)],),
    tags=("drafted",),
)  # fmt: skip


def test_sentences_that_name_or_number_something_are_asked_about() -> None:
    # "She had promised" does not say who she is
    assert sentences_to_ask(BRIDGE, 9) == (OPENED, COST)
    assert sentences_to_ask(BRIDGE, 1) == (OPENED, COST)


def test_sentences_are_spread_over_an_article_and_the_others_come_after_them() -> None:
    built = (
        f"The town of Vale built a bridge of {n} arches over its wide river." for n in range(6)
    )
    six = Article("six", "Bridges", " ".join(built), None, None, "")
    asked = [six.text[start:end][35] for start, end in sentences_to_ask(six, 3)]
    assert asked == ["0", "2", "4", "1", "3", "5"]


def test_a_draft_whose_answer_stands_in_the_sentence_is_taken() -> None:
    reply = f"Question: {QUESTION}\nAnswer: inês  duarte."
    assert read_draft(reply, BRIDGE, *OPENED, 1) == DRAFT


@pytest.mark.parametrize(
    "reply",
    [
        "I cannot do that.",
        f"Question: {QUESTION}",
        f"Question: {QUESTION}\nAnswer: The Mayor of Port Vale",
        f"Question: {QUESTION}\nAnswer: Mayor Inês Duart",  # cut off inside a word
        f"Question: {QUESTION}\nAnswer: .",
        f"Question: {QUESTION}\nAnswer: Aldera",  # the question gives it away
        "Question: Did Duarte Inês open Aldera?\nAnswer: Inês Duarte",  # in another order
        "Question: Who was it?\nAnswer: Inês Duarte",  # about nothing that it names
    ],
)
def test_a_draft_that_cannot_be_checked_is_none(reply: str) -> None:
    assert read_draft(reply, BRIDGE, *OPENED, 1) is None


def test_drafts_come_with_their_near_misses_and_bad_ones_are_left_out() -> None:
    generator = ScriptedGenerator([f"Question: {QUESTION}\nAnswer: Inês Duarte", "No."])
    drafts = list(draft_questions([BRIDGE], [BRIDGE], generator, per_article=5))
    assert [one.id for one in drafts] == ["bridge-q1", "bridge-q1-year"]
    assert drafts[0] == DRAFT
    generator = ScriptedGenerator(["No.", "Question: What did Aldera cost?\nAnswer: 42 million"])
    (other, *_) = draft_questions([BRIDGE], [BRIDGE], generator, per_article=1)
    assert (other.id, other.answers) == ("bridge-q2", ("42 million",))
    assert "Sentence: The bridge had cost" in generator.prompts[1][-1].parts[0]


def test_drafts_are_not_counted_before_they_are_accepted(tmp_path: Path) -> None:
    path = tmp_path / "drafts.jsonl"
    near = replace(DRAFT, id="bridge-q1-year", answers=(), evidence=())
    write_draft_file(path, [draft_line(DRAFT), draft_line(near)])
    with pytest.raises(BadQuestionSet, match="nothing but 2 drafts"):
        load_question_set(path)
    first, second = read_draft_file(path)
    write_draft_file(path, [accepted(first, "Who opened it in 2021?", ["Duarte"]), second])
    assert load_question_set(path) == (
        Question("bridge-q1", "Who opened it in 2021?", ("Duarte",), ("bridge",), DRAFT.evidence,
                 tags=("drafted",)),
    )  # fmt: skip
    assert count_drafts(path) == 1
    assert json.loads(path.read_text().splitlines()[1])["draft"] is True


def test_a_line_that_is_no_object_is_named(tmp_path: Path) -> None:
    path = tmp_path / "drafts.jsonl"
    for line, says in (("[1]", "not a JSON object"), ("{", "not JSON")):
        path.write_text(f"\n{line}\n")
        with pytest.raises(BadQuestionSet, match=f"line 2: {says}"):
            read_draft_file(path)

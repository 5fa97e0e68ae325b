"""Question sets: what is read, and what is said of a bad one."""

import json
from pathlib import Path

import pytest

from qa.errors import BadQuestionSet
from qa.evaluating.questions import (
    Nugget,
    Question,
    load_questions,
    question_line,
    question_set_digest,
)
from qa.types import Turn

PLAIN = {"id": "q1", "question": "What did it cost?", "answers": ["42 million"]}


def write(path: Path, *lines: object) -> Path:
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return path


def test_every_key_is_read_and_unknown_ones_are_kept(tmp_path: Path) -> None:
    full = {
        "id": "q2",
        "question": "And who paid?",
        "answers": ["the city"],
        "articles": ["bridge"],
        "evidence": ["The city paid."],
        "history": [{"question": "What did it cost?", "answer": "42 million [1]."}],
        "tags": ["follow-up"],
        "author": "desk",
        "level": 3,
    }
    questions = load_questions(write(tmp_path / "set.jsonl", PLAIN, full))
    assert questions == (
        Question("q1", "What did it cost?", ("42 million",)),
        Question(
            "q2",
            "And who paid?",
            ("the city",),
            ("bridge",),
            ("The city paid.",),
            (Turn("What did it cost?", "42 million [1]."),),
            ("follow-up",),
            {"author": "desk", "level": 3},
        ),
    )


def test_accents_are_composed_as_those_of_articles_are(tmp_path: Path) -> None:
    line = {
        "id": "q", "question": "Ou\u0300?", "answers": ["a\u0300 Paris"],
        "articles": ["a"], "evidence": ["C'est a\u0300 Paris."],
    }  # fmt: skip
    (question,) = load_questions(write(tmp_path / "set.jsonl", line))
    assert (question.question, question.answers) == ("Où?", ("à Paris",))
    assert question.evidence == ("C'est à Paris.",)


def test_nuggets_are_read_and_written_and_count_for_the_digest(tmp_path: Path) -> None:
    nuggets = [
        {"text": "It cost 42 million.", "vital": True},
        {"text": "Ou\u0300.", "vital": False},
    ]
    (question,) = load_questions(write(tmp_path / "set.jsonl", PLAIN | {"nuggets": nuggets}))
    assert question.nuggets == (Nugget("It cost 42 million.", True), Nugget("Où.", False))
    assert question.extra == {}
    line = question_line(question)
    (again,) = load_questions(write(tmp_path / "again.jsonl", line))
    assert again == question
    plain = load_questions(write(tmp_path / "plain.jsonl", PLAIN))
    assert question_set_digest([question]) != question_set_digest(plain)
    assert "nuggets" not in question_line(plain[0])


def test_no_answers_mean_that_the_articles_do_not_say(tmp_path: Path) -> None:
    (question,) = load_questions(write(tmp_path / "set.jsonl", PLAIN | {"answers": []}))
    assert not question.answerable


def test_blank_lines_a_byte_order_mark_and_a_missing_last_line_feed_do_no_harm(
    tmp_path: Path,
) -> None:
    path = tmp_path / "set.jsonl"
    line = '{"id": "q", "question": "Où? \u2028", "answers": []}'
    path.write_bytes(b"\xef\xbb\xbf\r\n" + line.encode() + b"\r\n\n  ")
    (question,) = load_questions(path)
    assert question.question == "Où? \u2028"


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ({"question": "?", "answers": []}, '"id" is missing'),
        ({"id": "q", "answers": []}, '"question" is missing'),
        ({"id": "q", "question": "?"}, '"answers" is missing'),
        (PLAIN | {"question": "  "}, '"question" must be a text that is not empty, not "  "'),
        (PLAIN | {"id": 7}, '"id" must be a text that is not empty, not 7'),
        (PLAIN | {"answers": "42"}, '"answers" must be a list of texts, not "42"'),
        (PLAIN | {"answers": [42]}, '"answers" must list texts that are not empty; one is 42'),
        (PLAIN | {"tags": [""]}, '"tags" must list texts'),
        (PLAIN | {"evidence": ["It cost 42."]}, 'there is "evidence" but no "articles"'),
        (PLAIN | {"history": {}}, '"history" must be a list of turns'),
        (PLAIN | {"history": [{"question": "?"}]}, '"history" must list earlier turns'),
        (PLAIN | {"history": ["?"]}, '"history" must list earlier turns'),
        (PLAIN | {"nuggets": "It cost 42."}, '"nuggets" must be a list, not "It cost 42."'),
        (PLAIN | {"nuggets": [{"text": "It cost 42."}]}, '"nuggets" must list what should be told'),
        (PLAIN | {"nuggets": [{"text": " ", "vital": True}]}, '"nuggets" must list what should'),
        (PLAIN | {"nuggets": [{"text": "x", "vital": 1}]}, '"nuggets" must list what should be'),
        (["q"], "not a JSON object"),
        (PLAIN | {"question": "\ud800"}, "not UTF-8"),
        (PLAIN, "the id 'q1' is taken by line 1"),
    ],
)
def test_a_bad_line_is_named_with_what_is_wrong(tmp_path: Path, line: object, says: str) -> None:
    path = write(tmp_path / "set.jsonl", PLAIN, line)
    with pytest.raises(BadQuestionSet) as raised:
        load_questions(path)
    message = str(raised.value)
    assert message.startswith(f"{path}, line 2: ")
    assert says in message
    assert "\n" not in message


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "holds no question"),
        (b"\n \n", "holds no question"),
        (b"\x00\x01\x02", "is not a text file"),
        (b'{"id": "q"', "line 1: not JSON"),
        (b'[\n{"id": "q"}\n]', "line 1: not JSON"),
        ("{}".encode("utf-16-le"), "is not a text file"),
        (b'{"id": "\xff"}', "line 1: not UTF-8"),
        (b"[" * 100_000, "line 1: nested too deeply"),
    ],
)
def test_a_file_that_is_no_question_set(tmp_path: Path, content: bytes, says: str) -> None:
    path = tmp_path / "set.jsonl"
    path.write_bytes(content)
    with pytest.raises(BadQuestionSet, match=says):
        load_questions(path)


def test_a_missing_file_and_a_folder(tmp_path: Path) -> None:
    with pytest.raises(BadQuestionSet, match="There is no file"):
        load_questions(tmp_path / "none.jsonl")
    with pytest.raises(BadQuestionSet, match="cannot be read"):
        load_questions(tmp_path)


def test_the_digest_changes_with_anything_that_is_said() -> None:
    question = Question("q", "Who?", ("Ann",))
    others = [
        Question("q", "Who?", ("Anne",)),
        Question("q", "Who?", (), ("Ann",)),
        Question("q", "Who?", ("Ann",), extra={"level": 1}),
        Question("q", "Who?", ("Ann",), history=(Turn("Who", "Ann"),)),
    ]
    digests = {question_set_digest([one]) for one in [question, *others]}
    assert len(digests) == 5
    assert question_set_digest([question]) == question_set_digest([Question("q", "Who?", ("Ann",))])

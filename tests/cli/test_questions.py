"""`qa questions`: what a person does with drafts, and the articles of other people's sets."""

import json
from pathlib import Path

from qa.evaluating.foreign_sets import load_question_set
from tests.cli.typed import qa


def drafts(path: Path) -> Path:
    lines = [
        {"id": f"q{n}", "question": f"What happened in 202{n}?", "answers": ["it rained"],
         "articles": ["rain"], "evidence": ["In the end it rained."], "tags": ["drafted"],
         "draft": True}
        for n in range(4)
    ]  # fmt: skip
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return path


def test_drafts_are_accepted_edited_deleted_and_left(tmp_path: Path) -> None:
    path = drafts(tmp_path / "drafts.jsonl")
    typed = "?\na\ne\nDid it rain in 2021?\nyes | it rained\nd\ns\n"
    result = qa("questions", "review", path, typed=typed)
    assert result.returncode == 0, result.stderr
    assert "In the end it rained." in result.stdout
    assert result.stdout.endswith(f"2 accepted; drafts left in {path}: 1\n")
    first, second = load_question_set(path)
    assert (first.id, first.question, first.answers) == (
        "q0",
        "What happened in 2020?",
        ("it rained",),
    )
    assert (second.question, second.answers) == ("Did it rain in 2021?", ("yes", "it rained"))
    assert [json.loads(line)["id"] for line in path.read_text().splitlines()] == ["q0", "q1", "q3"]


def test_what_nobody_wrote_the_answer_down_of_stays_so_unless_it_is_typed(tmp_path: Path) -> None:
    path = tmp_path / "drafts.jsonl"
    lines = [
        {"id": id_, "question": "Did it rain?", "answers": None, "articles": ["rain"],
         "draft": True}
        for id_ in "abcd"
    ]  # fmt: skip
    path.write_text("".join(json.dumps(one) + "\n" for one in lines))
    # accepted; edited and left; edited to some; edited to none
    result = qa("questions", "review", path, typed="a\ne\n\n\ne\n\nit did\ne\n\n-\n")
    assert result.returncode == 0, result.stderr
    assert result.stdout.count("(nobody wrote down the answer)") == 4
    accepted = [(one.answers_known, one.answers) for one in load_question_set(path)]
    assert accepted == [(False, ()), (False, ()), (True, ("it did",)), (True, ())]


def test_leaving_in_the_middle_keeps_what_was_decided(tmp_path: Path) -> None:
    path = drafts(tmp_path / "drafts.jsonl")
    assert qa("questions", "review", path, typed="e\n\n-\nq\n").returncode == 0
    (only,) = load_question_set(path)
    assert (only.question, only.answers) == ("What happened in 2020?", ())
    assert len(path.read_text().splitlines()) == 4


def test_drafts_do_not_go_over_a_file_that_is_there(tmp_path: Path) -> None:
    path = drafts(tmp_path / "drafts.jsonl")
    result = qa("questions", "draft", path, "--from", "rain")
    assert result.returncode == 1
    assert "is there already" in result.stderr


def test_the_articles_of_a_set_are_written_out_once(tmp_path: Path) -> None:
    path = tmp_path / "dev.json"
    path.write_text(
        json.dumps({"data": [{"title": "Rain", "paragraphs": [{"context": "Rain.", "qas": []}]}]})
    )
    folder = tmp_path / "articles"
    assert qa("questions", "articles", path, folder).returncode == 0
    assert (folder / "000001.txt").read_text() == '---\nid: "rain"\ntitle: "Rain"\n---\nRain.\n'
    again = qa("questions", "articles", path, folder)
    assert again.returncode == 1
    assert "is not empty" in again.stderr


def test_perturbing_goes_over_no_file_that_is_there(tmp_path: Path) -> None:
    path = tmp_path / "set.jsonl"
    path.write_text('{"id": "a", "question": "Who?", "answers": ["Ana"]}\n')
    result = qa("questions", "perturb", path, path)
    assert result.returncode == 1
    assert "is there already" in result.stderr

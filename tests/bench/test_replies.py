import json
from pathlib import Path

from replies import Journal, Reply

from qa.types import Outcome


def test_replies_come_back_as_they_were(tmp_path: Path) -> None:
    reply = Reply(
        "squad",
        "squad/1",
        "d1",
        "“Čau” [1].",
        Outcome.CLOSE,
        quotes=("One.",),
        scores=(1.5,),
        claims=("one", "two"),
        total_s=1.5,
    )
    journal = Journal(tmp_path / "new" / "replies.jsonl")
    journal.add(reply)
    assert Journal(tmp_path / "new" / "replies.jsonl").replies() == [reply]


def test_a_line_cut_off_by_a_kill_is_asked_again(tmp_path: Path) -> None:
    file = tmp_path / "replies.jsonl"
    first, second = Reply("seeds", "seeds/1", "d"), Reply("seeds", "seeds/2", "d")
    Journal(file).add(first)
    Journal(file).add(second)
    file.write_bytes(file.read_bytes()[:-7])
    journal = Journal(file)
    assert journal.replies() == [first]
    journal.add(second)
    assert journal.replies() == [first, second]


def test_lines_of_another_program_are_left_out(tmp_path: Path) -> None:
    file = tmp_path / "replies.jsonl"
    file.write_text(json.dumps({"arm": "seeds", "id": "1", "refused": True}) + "\n")
    assert Journal(file).replies() == []


def test_only_an_answer_tells_something() -> None:
    assert Reply("seeds", "1", "d", "Ann.").told == "Ann."
    assert Reply("seeds", "1", "d", "They do not say.", Outcome.CLOSE).told == ""
    assert Reply("seeds", "1", "d", "Ann.", error="out of time").told == ""

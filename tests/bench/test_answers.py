from dataclasses import replace
from pathlib import Path

import pytest
from answers import Bench, Item, plan_table, planned, publish, unanswered
from arms import Arm
from cases import Case
from replies import Journal, Reply

from qa.evaluating.questions import Question
from qa.settings import load_settings
from tests.bench.tables import cells


def test_what_has_a_reply_is_not_asked_again(tmp_path: Path) -> None:
    arm = Arm("seeds", ("seeds",), 2, 1, seconds=30)
    items = [Item(arm, Case("seeds", Question(n, "Who?", ())), f"d{n}") for n in "12"]
    journal = Journal(tmp_path / "replies.jsonl")
    journal.add(Reply("seeds", "seeds/1", "d1"))
    journal.add(Reply("seeds", "seeds/2", "of an older program"))
    todo = unanswered(items, journal)
    assert [item.case.question.id for item in todo] == ["2"]
    assert cells(plan_table(items, todo), "seeds") == ["2", "1", "0.5"]


def test_over_some_libraries_everything_is_asked_and_nothing_else(tmp_path: Path) -> None:
    some = Bench(load_settings(), None, tmp_path, with_model=False)
    desks = replace(some, over=["strangers-c", "strangers-e"])
    asked = [item.case for item in planned(desks)]
    assert len(asked) == 120
    assert {case.library for case in asked} == {"strangers-c", "strangers-e"}
    assert sum(item.arm.name == "strangers" for item in planned(some)) == 120  # of all six
    assert len(planned(replace(desks, limit=7))) == 7
    assert not desks.whole


class TestPage:
    def test_only_what_stands_between_the_marks_is_replaced(self, tmp_path: Path) -> None:
        page = tmp_path / "answers.md"
        page.write_text("# A\n\n<!-- figures -->\nold\n<!-- end -->\n\n## What was tried\n")
        publish("new\n", page)
        publish("newer\n", page)
        assert page.read_text() == (
            "# A\n\n<!-- figures -->\nnewer\n<!-- end -->\n\n## What was tried\n"
        )

    def test_a_page_without_marks_is_left_alone(self, tmp_path: Path) -> None:
        page = tmp_path / "answers.md"
        page.write_text("# A\n")
        with pytest.raises(SystemExit, match="lost its marks"):
            publish("new\n", page)
        assert page.read_text() == "# A\n"

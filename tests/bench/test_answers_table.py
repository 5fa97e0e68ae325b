from dataclasses import replace
from typing import ClassVar

import pytest
from answers_table import Asked, Goal, bars_table, goals_table, ways_table
from cases import Case
from replies import Reply

from qa.evaluating.questions import Question
from tests.bench.tables import cells


def asked(
    kind: str, name: str, text: str, *, arm: str = "", seen: bool = False, answers: str = "Ann"
) -> Asked:
    case = Case(kind, Question(name, "Who?", (answers,) if answers else ()), seen=seen)
    return Asked(case, Reply(arm or kind, case.id, "", text, refused=not text, total_s=2.0))


class TestGoals:
    results: ClassVar = {
        "rgb_2_of_5": [
            *(asked("rgb_2_of_5", f"o{n}", "Ann." if n else "Bob.") for n in range(4)),
            *(asked("rgb_2_of_5", f"e{n}", "Ann.", seen=True) for n in range(2)),
        ],
        "rgb_noise": [asked("rgb_noise", "n", "", answers="")],
    }

    def test_the_figure_is_that_of_the_rows_that_were_not_seen(self) -> None:
        goal, figure, interval, count, met, seen = cells(
            goals_table(self.results), "rgb_2_of_5", "contain an accepted answer"
        )
        assert (goal, figure, count, met, seen) == ("≥ 95%", "75%", "4", "**no**", "100% of 2")
        low, high = interval.split(" – ")
        assert 0 <= int(low[:-1]) < 75 < int(high[:-1]) <= 100

    def test_alike_answers_have_no_interval(self) -> None:
        assert cells(goals_table(self.results), "rgb_noise", "unanswerable refused") == [
            "≥ 90%",
            "100%",
            "–",
            "1",
            "yes",
            "",
        ]

    def test_checks_are_over_all_rows_of_all_arms(self) -> None:
        line = cells(goals_table(self.results), "all, both models", "with a number to nowhere")
        assert line == ["0", "0%", "–", "7", "yes", ""]

    def test_an_arm_that_was_not_asked_has_no_line(self) -> None:
        assert "squad" not in goals_table(self.results)

    @pytest.mark.parametrize(
        ("goal", "value", "met"),
        [
            (Goal((), "", "", least=0.9), 0.9, True),
            (Goal((), "", "", most=0.0), 0.01, False),
            (Goal((), "", ""), 0.5, None),
        ],
    )
    def test_met(self, goal: Goal, value: float, met: bool | None) -> None:
        assert goal.met(value) is met


def test_ways_are_compared_on_the_questions_that_all_were_asked() -> None:
    table = ways_table(
        {
            "squad": [asked("squad", "1", "Ann."), asked("squad", "2", "Bob.")],
            "stock": [asked("squad", "1", "Bob.", arm="stock")],
            "small": [
                asked("squad", "1", "Ann.", arm="small"),
                asked("squad", "2", "Ann.", arm="small"),
            ],
        }
    )
    assert cells(table, "squad", "contain an accepted answer") == ["1", "100%", "100%", "0%"]


def test_under_a_higher_bar_what_stood_below_it_counts_as_refused() -> None:
    def stood(standing: float, one: Asked) -> Asked:
        return Asked(one.case, replace(one.reply, standing=standing))

    table = bars_table(
        {
            "rgb_noise": [
                stood(0.17, asked("rgb_noise", "1", "Bob.", answers="")),
                stood(0.3, asked("rgb_noise", "2", "Bob.", answers="")),
                stood(0.9, asked("rgb_noise", "3", "", answers="")),
            ],
            "rgb_2_of_5": [
                stood(0.45, asked("rgb_2_of_5", "1", "Ann.")),
                stood(0.9, asked("rgb_2_of_5", "2", "Ann.")),
                stood(0.0, asked("rgb_2_of_5", "3", "Ann.", seen=True)),
            ],
        }
    )
    assert cells(table, "as asked")[:4] == ["33%", "0%", "100%", ""]
    assert cells(table, "0.2")[:3] == ["67%", "0%", "100%"]
    assert cells(table, "0.3")[:3] == ["67%", "0%", "100%"]
    assert cells(table, "0.5")[:3] == ["100%", "50%", "50%"]

from typing import ClassVar

import pytest
from answers_table import Asked, Goal, everyday_table, goals_table, ways_table
from cases import Case
from everyday import Wanted
from replies import Reply

from qa.evaluating.metrics import Statistic, Unit
from qa.evaluating.questions import Question
from qa.types import Outcome
from tests.bench.tables import cells


def asked(
    kind: str,
    name: str,
    text: str,
    *,
    arm: str = "",
    answers: str = "Ann",
    library: str = "",
    first_quotes_s: float | None = None,
) -> Asked:
    case = Case(kind, Question(name, "Who?", (answers,) if answers else ()), library)
    outcome = Outcome.ANSWERED if text else Outcome.NOTHING
    quotes_s = first_quotes_s
    return Asked(
        case,
        Reply(arm or kind, case.id, "", text, outcome, first_quotes_s=quotes_s, total_s=2.0),
    )


def everyday(name: str, kind: str, text: str, error: str | None = None) -> Asked:
    wanted = Wanted(kind, (("baker",),), ("lawyer",), (Outcome.ANSWERED,))
    case = Case("everyday", Question(name, "Who is Bob?", ()), "desk", wanted=wanted)
    outcome = Outcome.ANSWERED if text else Outcome.CLOSE
    return Asked(case, Reply("everyday", case.id, "", text, outcome, error=error))


class TestGoals:
    results: ClassVar = {
        "rgb_2_of_5": [
            asked("rgb_2_of_5", f"o{number}", "Ann." if number else "Bob.") for number in range(4)
        ],
        "rgb_noise": [asked("rgb_noise", "n", "", answers="")],
        "squad": [
            asked("squad", f"s{number}", "Ann.", library="squad2", first_quotes_s=number / 10)
            for number in range(1, 4)
        ],
    }

    def test_a_share_stands_beside_its_goal_and_what_it_was_before(self) -> None:
        before, goal, now, interval, count, met = cells(
            goals_table(self.results), "rgb_2_of_5", "right"
        )
        assert (before, goal, now, count, met) == ("92%", "≥ 95%", "75%", "4", "**no**")
        low, high = interval.split(" – ")
        assert 0 <= int(low[:-1]) < 75 < int(high[:-1]) <= 100

    def test_alike_answers_have_no_interval(self) -> None:
        line = cells(goals_table(self.results), "rgb_noise", "noise only, told as answered")
        assert line == ["63%", "≤ 35%", "0%", "–", "1", "yes"]

    def test_checks_are_over_all_arms(self) -> None:
        line = cells(goals_table(self.results), "all, both models", "with a number to nowhere")
        assert line == ["0%", "0", "0%", "–", "8", "yes"]

    def test_times_are_of_questions_over_a_library(self) -> None:
        before, goal, now, _, count, met = cells(
            goals_table(self.results), "all over a library", "first quotes, median"
        )
        assert (before, goal, now, count, met) == ("", "≤ 1.0 s", "0.2 s", "3", "yes")

    def test_an_arm_that_was_not_asked_has_no_line(self) -> None:
        assert "repliqa" not in goals_table(self.results)

    @pytest.mark.parametrize(
        ("goal", "value", "met", "target"),
        [
            (Goal((), "", "", least=0.9), 0.9, True, "≥ 90%"),
            (Goal((), "", "", least=1.0), 0.9, False, "100%"),
            (Goal((), "", "", most=0.0), 0.01, False, "0"),
            (Goal((), "", ""), 0.5, None, ""),
            (Goal((), "", "", None, 1.5, "", Statistic.P95, Unit.SECONDS), 1.4, True, "≤ 1.5 s"),
        ],
    )
    def test_met(self, goal: Goal, value: float, met: bool | None, target: str) -> None:
        assert (goal.met(value), goal.target) == (met, target)


def test_everyday_questions_are_counted_by_kind() -> None:
    table = everyday_table(
        [
            everyday("1", "who is", "A baker."),
            everyday("2", "who is", "A lawyer."),
            everyday("3", "why", ""),
            everyday("4", "why", "", error="out of time"),
        ]
    )
    assert cells(table, "who is") == ["2", "1", "", "", "1", "", ""]
    assert cells(table, "why") == ["2", "", "", "1", "", "", "1"]
    assert cells(table, "all") == ["4", "1", "", "1", "1", "", "1"]


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
    assert cells(table, "squad", "right") == ["1", "100%", "100%", "0%"]

"""The figures of `bench/load.py`, its turns, and the articles it is done over."""

import json
from dataclasses import replace
from pathlib import Path

from load import standing_alone, turns
from load_figures import Asked, alike, crossed, each, quantile, seconds, thirds
from many_articles import MOST, PLACES, notice, notices, place_name

FERRY = Asked(0, "When?", "When?", "answered", "On Monday [1].", ("1 On Monday it sailed.",), 1.0)


def test_the_same_question_is_held_against_itself_alone() -> None:
    other_text = replace(FERRY, person=1, text="On Monday.")
    other_quotes = replace(FERRY, person=1, question="Who?", quotes=("2 Nobody.",))
    who = replace(FERRY, question="Who?")
    found = alike([FERRY, other_text, who, other_quotes, replace(FERRY, question="Why?")])
    assert found.repeated == 2
    assert found.other_text == ("When?",)
    assert found.other_quotes == ("Who?",)


def test_a_follow_up_that_was_taken_for_another_question_is_another_question() -> None:
    later = replace(FERRY, understood="When did it sail?", text="On Tuesday.")
    assert alike([FERRY, later]).repeated == 0


def test_an_answer_under_another_question_is_found() -> None:
    astray = replace(FERRY, shown="Who?")
    assert crossed([FERRY, astray]) == (astray,)


def test_answers_are_counted_for_each_person() -> None:
    assert each([FERRY, FERRY, replace(FERRY, person=2)], 3) == "0 to 2"


def test_quantiles_and_thirds() -> None:
    assert quantile([4, 1, 3, 2], 0.5) == 2
    assert quantile([4, 1, 3, 2], 0.95) == 4
    assert quantile([7], 0.95) == 7
    assert seconds("answer", [1, 2, 6]) == {"answer: p50 s": 2, "answer: p95 s": 6}
    assert thirds("MB", [1, 3, 9, 9, 5, 7]) == {
        "MB, first third": 2,
        "MB, last third": 6,
        "MB at most": 9,
    }


def test_a_follow_up_stands_behind_what_it_follows(tmp_path: Path) -> None:
    rows = [
        {"question": "When did it sail?"},
        {"question": "And then?", "history": [{"question": "Who sailed?", "answer": "Ann."}]},
    ]
    file = tmp_path / "questions.jsonl"
    file.write_text("\n".join(map(json.dumps, rows)))
    assert turns(file, 5) == [
        "When did it sail?",
        "Who sailed?",
        "And then?",
        "When did it sail?",
        "Who sailed?",
    ]
    assert standing_alone(file) == ["When did it sail?"]


def test_no_two_made_up_articles_are_alike() -> None:
    assert len({place_name(at) for at in range(PLACES)}) == PLACES
    made = [notice(number) for number in (*range(50), *range(PLACES, PLACES + 50), MOST - 1)]
    assert len({one.question for one in made}) == len({one.path for one in made}) == 101
    assert list(notices(3)) == made[:3]
    assert all(f"counted {one.answer} " in one.text for one in made)

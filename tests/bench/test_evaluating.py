"""The table of two ways, worked out by hand."""

from evaluating import IS, WAS, table
from measuring import Row


def a_round(way: str, minutes: float, core: float, memory: float, *answers: str) -> Row:
    return {
        "way": way,
        "minutes for 100": minutes,
        "core seconds": core,
        "most memory, MB": memory,
        "written": 1,
        "lines": [{"id": str(at), "answer": answer} for at, answer in enumerate(answers)],
    }


def test_rounds_are_averaged_and_a_prediction_is_the_same_only_if_all_rounds_made_it() -> None:
    told = table(
        [
            a_round(WAS, 6.0, 3.0, 2100, "Munich", "Rome"),
            a_round(IS, 3.0, 2.5, 2200, "Munich", "Rome"),
            a_round(IS, 2.0, 1.5, 2300, "Munich", "Paris"),
            a_round(WAS, 4.0, 3.0, 2000, "Munich", "Rome"),
        ]
    )
    was, now, _, last = told.splitlines()[2:]
    assert was == "| as it was | 5.00 | 6.00, 4.00 | 3.0 | 2,100 |"
    assert now == "| as it is | 2.50 | 3.00, 2.00 | 2.0 | 2,300 |"
    assert last == (
        "2.00 times as fast; 1.50 s a question; the model wrote for 1 of 2; "
        "same predictions in all rounds: 1 of 2"
    )

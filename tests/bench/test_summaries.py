"""What is counted of the facts that a summary tells."""

from summaries import shares


def test_a_fact_is_told_by_any_of_its_words() -> None:
    row = {
        "vital": [["sank on Sunday", "went down on Sunday"], ["47 people"], ["no distress call"]],
        "okay": [["built in 1961"]],
    }
    told = "The ferry went  down\non Sunday. In all 47 people drowned."
    assert shares(row, told) == (2 / 3, 0.0, 56.0)
    assert shares({"vital": [["Sunday"]], "okay": []}, "On Sunday.") == (1.0, 1.0, 10.0)

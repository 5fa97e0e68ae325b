from collections import Counter
from pathlib import Path

import pytest
from everyday import Verdict, Wanted, parse_everyday, stands, verdict, without_quotes
from measuring import read_questions

from qa.types import Outcome, Turn

FILE = Path(__file__).parent.parent.parent / "bench" / "everyday.jsonl"
PARSED = [parse_everyday(row) for row in read_questions(FILE)]

VOTES = "Ann Lee won 40 votes, ahead of the baker Bob Ray with 30."


def wanted(
    *expected: tuple[str, ...],
    forbidden: tuple[str, ...] = (),
    outcomes: tuple[Outcome, ...] = (Outcome.ANSWERED,),
    in_quotes: bool = False,
) -> Wanted:
    return Wanted("fact", expected, forbidden, outcomes, in_quotes)


MISS = wanted(forbidden=(r"\d+ years",), outcomes=(Outcome.CLOSE, Outcome.NOTHING))


class TestVerdict:
    def test_every_group_needs_one_of_its_alternatives(self) -> None:
        both = wanted(("40", "forty"), ("Ann",))
        assert verdict(both, Outcome.ANSWERED, "ann got forty [1].", ()) is Verdict.WELL
        assert verdict(both, Outcome.ANSWERED, "She got forty [1].", ()) is Verdict.POORLY

    def test_what_is_expected_must_be_told_unless_it_may_be_quoted(self) -> None:
        quotes = ("One.", "It has 40.")
        told = wanted(("40",))
        assert verdict(told, Outcome.ANSWERED, "See below.", quotes) is Verdict.POORLY
        quoted = wanted(("40",), in_quotes=True)
        assert verdict(quoted, Outcome.ANSWERED, "See below.", quotes) is Verdict.WELL
        late = ("One.", "Two.", "It has 40.")
        assert verdict(quoted, Outcome.ANSWERED, "See below.", late) is Verdict.POORLY

    def test_a_refusal_tells_nothing_even_if_its_message_has_the_words(self) -> None:
        told = wanted(("Ann",))
        assert verdict(told, Outcome.CLOSE, "Closest: Ann.", ()) is Verdict.WRONGLY_REFUSED
        assert verdict(told, Outcome.NOTHING, "", ()) is Verdict.WRONGLY_REFUSED

    def test_close_is_well_where_it_may_be_and_its_quotes_have_the_words(self) -> None:
        either = wanted(("40",), outcomes=(Outcome.ANSWERED, Outcome.CLOSE), in_quotes=True)
        assert verdict(either, Outcome.CLOSE, "They do not say.", ("It has 40.",)) is Verdict.WELL
        assert verdict(either, Outcome.CLOSE, "They do not say.", ("No.",)) is Verdict.POORLY

    def test_nothing_is_the_answer_to_what_nothing_answers(self) -> None:
        assert verdict(MISS, Outcome.NOTHING, "Nothing.", ()) is Verdict.RIGHTLY_REFUSED
        assert verdict(MISS, Outcome.CLOSE, "Close.", ("41 years",)) is Verdict.RIGHTLY_REFUSED
        assert verdict(MISS, Outcome.ANSWERED, "He is a baker.", ()) is Verdict.POORLY
        assert verdict(MISS, Outcome.ANSWERED, "He is 41 years old.", ()) is Verdict.FALSELY

    def test_a_falsehood_beside_the_right_words_is_told_falsely(self) -> None:
        asked = wanted(("baker",), forbidden=("30 votes ahead",))
        told = "Bob, a baker, was 30 votes ahead."
        assert verdict(asked, Outcome.ANSWERED, told, ()) is Verdict.FALSELY

    def test_other_words_of_a_quote_that_answers_are_no_falsehood(self) -> None:
        asked = wanted(("baker",), forbidden=("40",))
        told = f"“{VOTES}” [1]"
        assert verdict(asked, Outcome.ANSWERED, told, (VOTES,)) is Verdict.WELL
        assert verdict(asked, Outcome.ANSWERED, "A baker, 40.", (VOTES,)) is Verdict.FALSELY

    def test_a_quote_that_does_not_answer_is_not_spared(self) -> None:
        asked = wanted(("teacher",), forbidden=("baker",))
        told = f"“{VOTES}” [1]"
        assert verdict(asked, Outcome.ANSWERED, told, (VOTES,)) is Verdict.FALSELY


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("ann", "Ann won.", True),
        ("ann", "Anna won.", False),
        ("12", "It cost 12.", True),
        ("12", "It cost 12.5.", False),
        ("812", "It cost 4,812.", False),
        ("1", "It cost 3 [1].", False),  # a source number
        ("postpon\\w+", "He postponed it.", True),
        ("^yes", "Yes, it was.", True),
        ("^yes", "He said yes.", False),
        ("was (?!not)sent", "It was sent.", True),
        ("(?<!no )one was hurt", "No one was hurt.", False),
        ("wang's", "Wang’s visit", True),
        ("10 000", "some 10\u202f000 people", True),
        ("四亿元", "总投资四亿元。", True),
        ("the.*end", "the\nend", True),
    ],
)
def test_patterns_meet_whole_words_and_numbers(pattern: str, text: str, expected: bool) -> None:
    assert stands(pattern, text) is expected


def test_what_is_told_beside_whole_quotes() -> None:
    assert without_quotes("3 May: “It  sank.” [1] So.", ("It sank.",)) == "3 May: “…” [1] So."


class TestFile:
    def test_most_ask_more_than_a_fact(self) -> None:
        kinds = Counter(one.wanted.kind for one in PARSED)
        plain = ("fact", "near miss", "off-topic", "greeting", "follow-up")
        assert len(PARSED) >= 75
        assert sum(kinds[one] for one in plain) <= len(PARSED) / 2

    def test_ids_and_questions_are_their_own(self) -> None:
        assert len({one.question.id for one in PARSED}) == len(PARSED)
        assert len({(one.over, one.question.question) for one in PARSED}) == len(PARSED)
        assert all(one.question.id.startswith(f"{one.over}-") for one in PARSED)

    def test_words_are_expected_where_something_is_to_be_told_and_only_there(self) -> None:
        for one in PARSED:
            answered = Outcome.ANSWERED in one.wanted.outcomes
            assert bool(one.wanted.expected) is answered, one.question.id

    def test_no_right_answer_is_forbidden(self) -> None:
        """The plainest right answer, of the first alternatives alone, is not called false."""
        for one in PARSED:
            firsts = [group[0] for group in one.wanted.expected]
            if firsts and not any(set(first) & set("\\[(?*") for first in firsts):
                told = f"It says {', '.join(firsts)}."
                given = verdict(one.wanted, Outcome.ANSWERED, told, ())
                assert given is Verdict.WELL, one.question.id


def test_a_line_is_read() -> None:
    row = {
        "id": "desk-1",
        "over": "desk",
        "question": "Why?",
        "kind": "why",
        "expected": [["wind", "storm"]],
        "forbidden": [],
        "outcome": ["answered", "close"],
        "history": [{"question": "What?", "answer": "It sank."}],
        "tags": ["x"],
    }
    read = parse_everyday(row)
    assert read.question.history == (Turn("What?", "It sank."),)
    assert read.wanted == Wanted(
        "why", (("wind", "storm"),), (), (Outcome.ANSWERED, Outcome.CLOSE), False
    )


@pytest.mark.parametrize(
    ("changed", "message"),
    [({"expect": []}, "nothing is known of 'expect'"), ({"forbidden": ["("]}, "is no pattern")],
)
def test_a_line_that_cannot_be_meant_is_named(changed: dict[str, object], message: str) -> None:
    row = {"id": "a", "over": "desk", "question": "Why?", "kind": "why"}
    rest = {"expected": [], "forbidden": [], "outcome": ["close"]}
    with pytest.raises(ValueError, match=message):
        parse_everyday({**row, **rest, **changed})

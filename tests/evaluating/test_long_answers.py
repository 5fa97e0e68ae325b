"""Measures of long answers, worked out by hand."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from qa.evaluating.long_answers import nugget_scores, nuggets_told, rouge_scores
from qa.evaluating.metrics import Share
from qa.evaluating.predictions import Quote, Said, SaidSentence, Span
from qa.evaluating.questions import Nugget, Question
from tests.evaluating.fake_assistant import FakeAssistant, Reply
from tests.evaluating.running import run, values

COST = "The bridge over the Aldera cost 42 million euros in all."  # 11 words


def said(*sentences: tuple[str, tuple[str, ...]], refused: bool = False) -> Said:
    """What is said in sentences, each with the words that it cites."""
    placed, text = [], ""
    for words, quotes in sentences:
        start = len(text) + bool(text)
        text = f"{text} {words}".strip()
        cited = tuple(Quote(1, Span("a", 0, len(quote)), quote) for quote in quotes)
        placed.append(SaidSentence(start, start + len(words), True, cited))
    return Said(text, refused, () if refused else tuple(placed), 1.0, 2.0, {})


def rouge(text: str, *accepted: str, refused: bool = False) -> dict[str, float]:
    found = rouge_scores(said((text, ()), refused=refused), accepted or (COST,))
    return {name: share.part for name, share in found.items()}


def test_words_told_and_words_told_in_their_order() -> None:
    # six words, all of them in the answer's eleven, in its order
    assert rouge("The bridge cost 42 million euros [1].") == pytest.approx(
        {"rouge1_recall": 6 / 11, "rouge1_f1": 12 / 17,
         "rougeL_recall": 6 / 11, "rougeL_f1": 12 / 17}
    )  # fmt: skip
    # of the same six the longest run in its order has three
    assert rouge("42 million euros the bridge cost [1].") == pytest.approx(
        {"rouge1_recall": 6 / 11, "rouge1_f1": 12 / 17,
         "rougeL_recall": 3 / 11, "rougeL_f1": 6 / 17}
    )  # fmt: skip


def test_the_best_of_several_counts_and_words_are_those_of_any_language() -> None:
    other = "Inês Duarte eröffnete am Montag die Brücke über die Aldera"
    both = rouge("INÊS Duarte eröffnete am Montag die Brücke über die Aldera.", COST, other)
    assert set(both.values()) == {1.0}


def test_a_refusal_tells_no_word_and_short_answers_are_not_measured_so() -> None:
    assert set(rouge("The articles do not say.", refused=True).values()) == {0.0}
    assert rouge("It cost 42 million euros [1].", "42 million euros") == {}


NUGGETS = (Nugget("It cost 42 million euros.", vital=True),
           Nugget("Mayor Inês Duarte cut the ribbon", vital=False))  # fmt: skip


def told(*sentences: tuple[str, tuple[str, ...]], refused: bool = False) -> tuple[bool, ...]:
    asked = Question("q", "What of the bridge?", (), nuggets=NUGGETS)
    return nuggets_told(asked, said(*sentences, refused=refused))


def test_a_nugget_is_told_by_the_answers_own_wording() -> None:
    ribbon = "The ribbon was cut by Mayor Inês Duarte [1]."
    assert told(("It cost 42 million euros [1].", ())) == (True, False)
    assert told((ribbon, ()), ("It cost 42 million euros.", ())) == (True, True)
    assert told(("It cost 43 million euros [1].", ())) == (False, False)
    assert told(("It did not cost 42 million euros [1].", ())) == (False, False)


def test_or_by_what_it_cites_where_it_says_enough_of_it() -> None:
    cut = "Mayor Inês Duarte cut the ribbon."
    # "opened" for "cut the ribbon": three of its five words, and what is cited has them all
    assert told(("Mayor Inês Duarte opened it [1].", (cut,))) == (False, True)
    assert told(("Mayor Inês Duarte opened it [1].", ())) == (False, False)
    assert told(("There was a feast [1].", (cut,))) == (False, False)
    cost = "It cost 42 million euros."
    assert told(("Millions of euros it cost [1].", (cost,))) == (False, False)  # not how many


def test_a_refusal_tells_no_nugget() -> None:
    assert told(("It cost 42 million euros.", ()), refused=True) == (False, False)


def test_recall_of_the_vital_nuggets_and_of_all() -> None:
    assert nugget_scores(NUGGETS, (True, False)) == {
        "nugget_recall": Share(1, 2),
        "nugget_vital_recall": Share(1, 1),
    }
    assert nugget_scores(NUGGETS[1:], (True,)) == {"nugget_recall": Share(1, 1)}
    assert nugget_scores((), ()) == {}


OPENED, PRICE, RIBBON = (
    "The Aldera bridge opened on 3 May 2021",
    "It cost 42 million euros",
    "Mayor Inês Duarte cut the ribbon",
)
ASKED = "What is known of the bridge?"
LONG = f"{OPENED} and {PRICE.lower()}"
QUOTES = tuple(("bridge", f"{one}.") for one in (OPENED, PRICE))
IN_SENTENCES = Question(
    "story", ASKED, ("42 million euros", LONG), ("bridge",), (f"{OPENED}.", f"{PRICE}.")
)
IN_NUGGETS = Question(
    "nuggets",
    ASKED,
    (),
    ("bridge",),
    answers_known=False,
    nuggets=(Nugget(PRICE, vital=True), Nugget(OPENED, vital=False), Nugget(RIBBON, vital=False)),
)
GOOD = f"It is known that the {LONG[4:]} [1]."
ALL_TOLD = f"{OPENED} and {RIBBON} and {PRICE.lower()} [1]."


@pytest.mark.slow
@pytest.mark.parametrize(
    ("question", "good", "bad", "differ"),
    [
        (
            IN_SENTENCES,
            Reply(GOOD, QUOTES),
            Reply(GOOD.replace("the ", ""), QUOTES),
            {"rouge1_recall", "rouge1_f1", "rougeL_recall", "rougeL_f1"},
        ),
        (
            IN_SENTENCES,
            Reply(GOOD, QUOTES),
            Reply(f"It is known that it cost 42 million euros and the {OPENED[4:]} [1].", QUOTES),
            {"rougeL_recall", "rougeL_f1"},
        ),
        (
            IN_SENTENCES,
            Reply(GOOD, QUOTES),
            Reply(GOOD, QUOTES[:1]),
            {"citation_sentence_recall"},
        ),
        (
            IN_SENTENCES,
            Reply(GOOD, QUOTES),
            Reply(GOOD, (*QUOTES, ("bridge", f"{RIBBON}."))),
            {"citation_sentence_precision", "cited_words_in_evidence"},
        ),
        (
            IN_NUGGETS,
            Reply(ALL_TOLD),
            Reply(f"{RIBBON} and {PRICE.lower()} [1]."),
            {"nugget_recall"},
        ),
        (
            IN_NUGGETS,
            Reply(ALL_TOLD),
            Reply(f"{OPENED} and {RIBBON} [1]."),
            {"nugget_recall", "nugget_vital_recall"},
        ),
    ],
    ids=["words lost", "words shuffled", "half cited", "too much cited", "okay lost", "vital lost"],
)
def test_a_bad_run_is_worse_in_the_right_measure_and_only_there(
    tmp_path: Path, question: Question, good: Reply, bad: Reply, differ: set[str]
) -> None:
    def measured(name: str, reply: Reply) -> Mapping[str, float]:
        assistant = FakeAssistant({ASKED: reply}, fed=6)
        return values(run(tmp_path / name, assistant, [question]).measures)

    good_values, bad_values = measured("good", good), measured("bad", bad)
    assert good_values.keys() == bad_values.keys()
    changed = {name for name in good_values if good_values[name] != bad_values[name]}
    assert changed == differ
    assert all(bad_values[name] < good_values[name] for name in differ)

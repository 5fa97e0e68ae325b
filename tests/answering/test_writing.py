"""A model's text sentence by sentence, and what becomes of its last one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import pytest

from qa.answering.writing import ModelWriting
from qa.engine.constraints import Quotations
from qa.engine.generation import (
    DecodingOptions,
    Finished,
    FinishReason,
    Message,
    Prefill,
    Queued,
    Role,
    Step,
    StopFlag,
    Token,
)
from qa.errors import BadQuestion
from qa.types import Reading, Usage, Waiting
from tests.fakes import ScriptedGenerator

PROMPT = [Message(Role.USER, ("Quotes:\n", "- Words.\n", "Question:", " Which?"))]


@dataclass
class Stepwise(ScriptedGenerator):
    """Gives exactly these steps, and keeps the options."""

    steps: tuple[Step, ...] = ()
    options: list[DecodingOptions] = field(default_factory=list)

    def generate(
        self, messages: Sequence[Message], options: DecodingOptions, stop: StopFlag
    ) -> Iterator[Step]:
        """See ScriptedGenerator."""
        self.options.append(options)
        yield from self.steps


def written(*steps: Step, stop: StopFlag | None = None) -> list[object]:
    writing = ModelWriting(Stepwise([], steps=steps), stop or StopFlag(), lambda: None)
    return list(writing.sentences(PROMPT, ["Words."], 40))


def tokens(text: str) -> list[Token]:
    return [Token(piece, -0.1) for piece in text]


END = Finished(FinishReason.END, 10, 4, 6, 3, 2)
CUT_OFF = Finished(FinishReason.LENGTH, 10, 4, 6)


def test_a_sentence_comes_as_soon_as_the_next_one_begins() -> None:
    said = written(*tokens("It sails at noon. It is red."), END)
    assert said == ["It sails at noon.", "It is red."]
    writing = ModelWriting(
        Stepwise([], steps=(*tokens("It sails at noon. It"), END)), StopFlag(), lambda: None
    )
    assert next(writing.sentences(PROMPT, [], 40)) == "It sails at noon."


@pytest.mark.parametrize("finished", [END, CUT_OFF])
def test_a_last_sentence_without_its_end_is_left_out(finished: Finished) -> None:
    assert written(*tokens("It sails at noon. It is painted"), finished) == ["It sails at noon."]
    assert written(*tokens("It is painted"), finished) == []
    assert written(*tokens("It says “never.”"), finished) == ["It says “never.”"]
    assert written(*tokens("船是红的。"), finished) == ["船是红的。"]


def test_an_abbreviation_ends_no_sentence() -> None:
    assert written(*tokens("Dr. Dale left at 9 a.m. on Monday."), END) == [
        "Dr. Dale left at 9 a.m. on Monday."
    ]


def test_waiting_and_reading_become_events_and_the_time_counts_from_reading_on() -> None:
    begun: list[bool] = []
    steps: tuple[Step, ...] = (
        *(Queued(1), Queued(0), Prefill(5, 10)),
        *tokens("Yes it is."),
        END,
    )
    writing = ModelWriting(Stepwise([], steps=steps), StopFlag(), lambda: begun.append(True))
    said = writing.sentences(PROMPT, [], 40)
    assert [next(said), next(said), begun] == [Waiting(1), Waiting(0), []]
    assert [next(said), begun] == [Reading(5, 10), [True]]
    assert list(said) == ["Yes it is."]
    assert writing.usage == Usage(10, 4, 6, 3, 2)


def test_a_stopped_model_says_nothing_more() -> None:
    stop = StopFlag()
    stop.set()
    assert written(*tokens("It sails at noon."), END, stop=stop) == []


def test_quotation_marks_may_hold_words_of_the_evidence_alone() -> None:
    generator = Stepwise([], steps=(END,))
    list(ModelWriting(generator, StopFlag(), lambda: None).sentences(PROMPT, ["Words."], 40))
    (options,) = generator.options
    assert options.max_new_tokens == 40
    assert options.constraint == Quotations(("Words.",))


@pytest.mark.parametrize(
    ("room", "most", "fits"), [(44, 40, True), (43, 40, False), (68, 400, True)]
)
def test_a_prompt_that_leaves_no_room_is_a_bad_question(room: int, most: int, fits: bool) -> None:
    """The prompt has four tokens; 64 at most are to be left behind it."""
    generator = Stepwise([], context_tokens=room, steps=(END,))
    said = ModelWriting(generator, StopFlag(), lambda: None).sentences(PROMPT, [], most)
    if fits:
        assert list(said) == []
    else:
        with pytest.raises(BadQuestion, match="no room"):
            list(said)

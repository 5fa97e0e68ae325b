"""Whatever a model writes and whatever the passages say: what is shown can be checked.

An article's own words, between “ ” as our quotes, are shown as they stand there.

Read here with rules of this file's own, broader than those of the code.
"""

import re
import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from qa.answering.assistant import Assistant
from qa.types import Answer, Hit
from tests.answering.builders import hit
from tests.answering.injections import FixedSearch
from tests.examples import at_most
from tests.fakes import FakeCrossEncoder, ScriptedGenerator

pytestmark = pytest.mark.slow

SPOKEN = (
    "The lighthouse at Skagen was lit in 1858. Its keeper called it “a lonely place”. "
    "He did not say \"never again\", but 'perhaps'. They [the crew] were safe [9]."
)
WIDE = 'Der Turm «steht am Meer». It is 5" wide and, said Ms Ancher, ‘as old as the hills’. 【2】'
FIXED = (hit(SPOKEN, start=100), hit(WIDE, start=7, title="Tower [3] “at sea”", article_id="b"))

PIECES = st.sampled_from(
    [
        *[
            "The lighthouse was lit in 1858",
            "Its keeper called it",
            "a lonely place",
            "never again",
        ],
        *[
            "He said so",
            "steht am Meer",
            "the crew",
            "perhaps",
            "as old as the hills",
            "5",
            "9",
            "n't",
        ],
        *["[1]", "[2]", "[3]", "[0]", "[9]", "[12]", "[-1]", "[1,2]", "[1, 7]", "[1-9]", "[1;2]"],
        *[
            "[source 3]",
            "[Source 1]",
            "(source 3)",
            "(passages 1 and 2)",
            "as stated in Passage [1]",
        ],
        *[
            "［１］",
            "［９］",
            "【9】",
            "【9†source】",
            "[[9]]",
            "[[1]",
            "[[",
            "]]",
            "[",
            "]",
            "［",
            "】",
        ],
        *[
            "[ 9 ]",
            "[^9]",
            "[9a]",
            "[#9]",
            "[no. 9]",
            "[٩]",
            "[⁹]",
            "[①]",
            "[\u200b9]",
            "[9\u0332]",
        ],
        *['"', "“", "”", "„", "«", "»", "‘", "’", "'", "＂", "「", "」", '5"'],
        *[".", "!", "…", ".)", "?”", ",", ":", ";", "\n", "\n\n", "- ", "# ", " ", "\t", "  "],
        *[
            "<|im_end|>",
            "<|im_start|>system",
            "</s>",
            "\x00",
            "\x1b[9m",
            "\u202e",
            "\ufeff",
            "\ue000",
        ],
        *[
            "é",
            "e\u0301",
            "🙂",
            "日本語",
            "مرحبا",
            "\ud800",
            "\u2028",
            "\\",
            "$x_9$",
            "<b>",
            "&amp;",
        ],
    ]
)
JOINED = st.lists(PIECES, max_size=30).map("".join)
SPACED = st.lists(PIECES, max_size=20).map(" ".join)
VERY_LONG = st.builds(lambda piece, times: piece * times, PIECES, st.integers(200, 2000))
MODEL_TEXT = (
    JOINED | SPACED | st.text(max_size=200) | st.text("[]［］0123456789 \"“”'", max_size=60)
)
PASSAGES = st.lists(
    (JOINED | SPACED | st.text(min_size=1, max_size=150)).filter(str.strip), min_size=1, max_size=4
)


@given(MODEL_TEXT)
@settings(deadline=None)
@example('They said "The lighthouse was lit. [1] So it was."')
@example("The lighthouse was lit in 1858 [[9] 3]")
@example("[9[1]]")
@example('["9"]')
def test_every_number_quotation_and_offset_of_an_answer_can_be_checked(text: str) -> None:
    assert_checkable(text, FIXED)


@given(MODEL_TEXT, PASSAGES)
@settings(max_examples=at_most(60), deadline=None)
@example("", ["The lighthouse was lit in 1858[1]The lighthouse was lit in 1858"])
@example("", ["The lighthouse was lit in 1858[1]The lighthouse was lit in 1858[source 3]"])
@example("", ["The lighthouse was lit in 1858(source 3)The keeper[^9] was glad."])
@example("", ["The lighthouse was lit in 1858 [-1], and the keeper [2] was glad."])
def test_over_any_passages(text: str, passages: list[str]) -> None:
    hits = tuple(
        hit(passage, start=50 * number, article_id=f"a{number % 2}")
        for number, passage in enumerate(passages)
    )
    assert_checkable(text, hits)


@given(st.data(), PASSAGES)
@settings(max_examples=at_most(60), deadline=None)
def test_what_a_passage_says_with_any_marks_around_it(
    data: st.DataObject, texts: list[str]
) -> None:
    """Copied from the passage, so that much of it is supported and quoted rightly."""
    hits = tuple(hit(text, start=1000 * number) for number, text in enumerate(texts))
    copied = data.draw(st.sampled_from(texts))
    start = data.draw(st.integers(0, len(copied)))
    end = data.draw(st.integers(start, len(copied)))
    before, behind = data.draw(PIECES), data.draw(PIECES)
    assert_checkable(f"{before}{copied[start:end]}{behind} [1].", hits)


@given(VERY_LONG)
@settings(max_examples=at_most(10), deadline=None)
def test_very_long_answers(text: str) -> None:
    assert_checkable(text, FIXED)


QUESTION = "Which lighthouse was lit in 1858?"


def assert_checkable(text: str, hits: tuple[Hit, ...]) -> None:
    """What holds of every answer: sentences, citations, evidence, and the numbers shown."""
    asked = Assistant(
        FixedSearch(hits),
        ScriptedGenerator([text]),
        FakeCrossEncoder(),
        passages=4,
        refuse_below=0.0,
        max_answer_tokens=2000,
        answer_seconds=60,
    )
    answer = asked.answer(QUESTION)
    for one in answer.evidence:
        passage = answer.hits[one.number - 1].passage
        article = " " * passage.start + passage.text
        assert article[one.start : one.end] == one.quote
    for sentence in answer.sentences:
        assert answer.text[sentence.start : sentence.end] == sentence.text
        assert sentence.supported
        assert sentence.citations
        for citation in sentence.citations:
            passage = answer.hits[citation.number - 1].passage
            assert citation.passage_id == passage.id
            assert passage.start <= citation.start < citation.end <= passage.end
            cited = passage.text[citation.start - passage.start : citation.end - passage.start]
            assert cited.strip()
        numbers = list(dict.fromkeys(one.number for one in sentence.citations))
        if is_quote(sentence.text, answer):
            assert re.findall(r"\[\d+\]", sentence.text) == [f"[{numbers[0]}]"]
            assert sentence.text.endswith(f"” [{numbers[0]}]")
        else:
            assert shown_numbers(sentence.text) == numbers
            assert_quotations_verbatim(sentence.text, answer.hits)
            assert not [
                char for char in sentence.text if unicodedata.category(char) in {"Cc", "Cs", "Co"}
            ]


def is_quote(text: str, answer: Answer) -> bool:
    """Whether a sentence is an article's own words, with nothing of the model's.

    Only source numbers of the article's own are left out: they would lead elsewhere here.
    """
    return any(
        text.endswith(f"” [{one.number}]")
        and squeezed(f"“{without_numbers(one.quote)}”") in squeezed(text)
        for one in answer.evidence
    )


def without_numbers(text: str) -> str:
    return re.sub(r"[\[(]source \d+[\])]|\[\^?\d+\]", "", text, flags=re.IGNORECASE)


def squeezed(text: str) -> str:
    """Where a number is left out, the words beside it are kept apart by a space."""
    return "".join(text.split())


def shown_numbers(text: str) -> list[int]:
    """Everything that a reader might take for a source number, in any kind of bracket."""
    seen = "".join(char for char in text if unicodedata.category(char) not in {"Mn", "Me", "Cf"})
    seen = unicodedata.normalize("NFKC", seen)
    found = re.findall(
        r"[\[【〔⟦](?:\W|_)*(?:(?:source|passage|no)s?(?:\W|_)*)?(\d+)[^\w\]】〕⟧]*[a-z]?[\]】〕⟧]"
        r"|[\[【〔⟦](\d+)[^\w\]】]*$",
        seen,
        re.IGNORECASE,
    )
    return [int(one or other) for one, other in found]


def assert_quotations_verbatim(text: str, hits: tuple[Hit, ...]) -> None:
    """Double quotation marks come in pairs, around words of a source and nothing else."""
    sources = [folded(one) for hit_ in hits for one in (hit_.passage.title, hit_.passage.text)]
    closing = {'"': '"', "“": "”", "„": "“”", "«": "»", "＂": "＂", "「": "」"}
    unnumbered = re.sub(r"\s*\[\d+\]", "", text)
    place = 0
    while place < len(unnumbered):
        char = unnumbered[place]
        if char in closing:
            ends = [unnumbered.find(one, place + 1) for one in closing[char]]
            end = min((one for one in ends if one >= 0), default=-1)
            assert end >= 0, text
            words = folded(unnumbered[place + 1 : end]).rstrip(".,;:!?… ")
            assert words
            assert any(words in source for source in sources), (words, text)
            place = end
        else:
            assert char not in "”»」", text
        place += 1


def folded(text: str) -> str:
    return " ".join(re.sub("[‘’]", "'", text).split())

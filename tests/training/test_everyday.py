"""Questions as people ask them: the file of ours, and what is learnt from it."""

import json
import re
from collections import Counter
from pathlib import Path
from random import Random
from shutil import copytree

import numpy as np
import pytest
import torch
from batches import Tokens
from examples import Maker
from further import averaged, truth
from questions_over_texts import Example
from sets import everyday_questions, last_lesson, own_articles
from splits import Part, own_part, passage_id, repliqa_part

SENTENCES = (
    "The ferry Marit left Holme at nine on Monday, with a hundred and forty people on board.",
    "The sea was calm, and the harbour master had seen no reason to keep her back that day.",
    "Jon Veld gave up the bridge because his eyes had grown too weak for the narrow sound.",
    "His mate Ann Dale took over and has steered the ferry since, in summer and in winter alike.",
    "She says that the passengers bring her cakes, and that nobody asks for Veld any more now.",
    "The owner, Holme Lines, plans to sell the ferry to an operator in Norway before the spring.",
)
ARTICLE = "\n\n".join(" ".join(SENTENCES[at : at + 2]) for at in (0, 2, 4))
ANSWER = "his eyes had grown too weak"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of data with one article, which falls into the training part, and no question."""
    folder = tmp_path_factory.mktemp("data")
    (folder / "answerability").mkdir()
    row = {"set": "squad", "question": "Who?", "passage": "Ann Dale steers.", "answer": "Ann Dale"}
    other = {**row, "passage": "Jon Veld steers no more.", "answer": None}
    lines = [{**one, "passage": f"{n} {one['passage']}"} for n in range(8) for one in (row, other)]
    (folder / "answerability" / "train.jsonl").write_text("\n".join(map(json.dumps, lines)))
    (folder / "repliqa" / "articles").mkdir(parents=True)
    (folder / "repliqa" / "questions.jsonl").touch()
    (folder / "repliqa" / "articles" / f"{NAME}.txt").write_text(ARTICLE)
    return folder


NAME = next(
    name for name in map("marit-{}".format, range(9)) if repliqa_part(name) is Part.TRAINING
)


def row_of(text: str, answer: str | None, sentence: str) -> str:
    """A line of the file: why the skipper stopped, as the article of that text has it or not."""
    start = text.index(sentence)
    at = text.index(answer) if answer else 0
    row = {
        "lesson": 1,
        "set": "repliqa",
        "text": NAME,
        "asks": "why",
        "question": "why did the skipper stop",
        "sentence": [start, start + len(sentence)],
        "answer": [at, at + len(answer)] if answer else None,
    }
    return json.dumps(row) + "\n"


def made(data: Path, answer: str | None, sentence: str, chance: int) -> list[Example]:
    file = data / "everyday.jsonl"
    file.write_text(row_of(ARTICLE, answer, sentence))
    return list(Maker(data, file).everyday(Part.TRAINING, Random(chance)))


@pytest.mark.parametrize("chance", range(6))
def test_an_answer_is_learnt_where_it_stands_and_missed_where_it_does_not(
    data: Path, chance: int
) -> None:
    examples = made(data, ANSWER, SENTENCES[2], chance)
    first, others = examples[0], examples[1:]
    assert [first.text[slice(*span)] for span in first.spans] == [ANSWER]
    assert not any(one.spans or one.region or ANSWER in one.text for one in others)
    removed = [one.text for one in others if one.kind == "everyday-removed"]
    around = " ".join([*SENTENCES[:2], *SENTENCES[3:5]])
    assert all(text.endswith(around) for text in removed)


def test_every_kind_of_text_comes_up(data: Path) -> None:
    kinds = {one.kind for chance in range(6) for one in made(data, ANSWER, SENTENCES[2], chance)}
    assert kinds == {"everyday", "everyday-removed", "everyday-elsewhere"}


@pytest.mark.parametrize("chance", range(6))
def test_what_comes_nearest_is_learnt_to_be_no_answer(data: Path, chance: int) -> None:
    examples = made(data, None, SENTENCES[3], chance)
    assert SENTENCES[3] in examples[0].text
    assert not any(one.answerable for one in examples)


def test_nothing_is_learnt_from_the_other_parts(data: Path) -> None:
    made(data, ANSWER, SENTENCES[2], 0)
    maker = Maker(data, data / "everyday.jsonl")
    assert list(maker.everyday(Part.CALIBRATION, Random(0))) == []


def test_the_questions_of_a_lesson_are_found_alone(data: Path) -> None:
    examples = made(data, ANSWER, SENTENCES[2], 0)
    maker = Maker(data, data / "everyday.jsonl")
    assert last_lesson(data / "everyday.jsonl") == 1
    assert list(maker.everyday(Part.TRAINING, Random(0), [1])) == examples
    assert list(maker.everyday(Part.TRAINING, Random(0), range(1))) == []


def test_long_articles_of_ours_are_read_below_their_headline_and_against_others(
    data: Path,
) -> None:
    texts = own_articles()
    names = [name for name in sorted(texts) if own_part(name) is Part.TRAINING][:12]
    rows = [
        {
            "lesson": 1,
            "set": "own",
            "text": name,
            "asks": "what",
            "question": texts[name].partition("\n")[0],
            "sentence": [0, texts[name].index("\n")],
            "answer": None,
        }
        for name in names
    ]
    file = data / "everyday.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    examples = list(Maker(data, file).everyday(Part.TRAINING, Random(0)))
    headlines = {row["question"]: texts[str(row["text"])] for row in rows}
    near = [one for one in examples if one.kind == "everyday-near"]
    assert 0 < len(near) < len(rows)
    for one in examples:
        own = headlines[one.question]
        cut = one.text.removeprefix(f"{one.question}\n").strip()
        assert (cut in own) == (one.kind != "everyday-near")
        assert not one.answerable
    elsewhere = [one for one in examples if one.kind == "everyday-elsewhere"]
    titled = [one for one in elsewhere if one.text.startswith(f"{one.question}\n")]
    assert len(titled) > len(elsewhere) / 2


def test_what_goes_on_from_a_heading_is_learnt_below_it(data: Path, tmp_path: Path) -> None:
    """As the program reads it: where the heading has a word of the question, and the text none."""
    headed = copytree(data, tmp_path / "headed")
    text = f"Marit\n\n{SENTENCES[0]}\n\n## The skipper\n\n" + "\n\n".join(SENTENCES[1:])
    (headed / "repliqa" / "articles" / f"{NAME}.txt").write_text(text)
    (headed / "everyday.jsonl").write_text(row_of(text, ANSWER, SENTENCES[2]))
    maker = Maker(headed, headed / "everyday.jsonl")
    found = [
        one
        for chance in range(12)
        for one in maker.everyday(Part.TRAINING, Random(chance))
        if one.kind == "everyday"
    ]
    below = [one for one in found if re.match(r"(Marit\n)?The skipper\n", one.text)]
    inside = [one for one in found if "## The skipper" in one.text]
    assert below
    assert len(below) + len(inside) == len(found)
    assert all(one.text[slice(*span)] == ANSWER for one in found for span in one.spans)


def test_what_is_known_is_a_verdict() -> None:
    two = truth(Tokens((101, 7, 102, 8, 9, 102), 3, ((3, 4), (4, 4)), None))
    assert two.start.tolist() == [0, 0, 0, 0.5, 0.5, 0]
    assert two.end.tolist() == [0, 0, 0, 0, 1, 0]
    assert two.answerable == 1
    none = truth(Tokens((101, 7, 102, 8, 102), 3, (), None))
    assert none.start.tolist() == none.end.tolist() == [1, 0, 0, 0, 0]
    assert none.answerable == 0
    assert none.start.dtype == np.float16


def test_our_questions_are_whole() -> None:
    asked = list(everyday_questions())
    assert len({(one.text, one.question) for one in asked}) == len(asked)
    for one in asked:
        start, end = one.answer or one.sentence
        assert one.sentence[0] <= start < end <= one.sentence[1]
    lessons = {1: 3576, 2: 11479, 3: 6992, 4: 8518, 5: 7109, 6: 3434, 7: 4595, 8: 3240, 9: 800}
    assert Counter(one.lesson for one in asked) == lessons
    answered = Counter((one.part, one.answer is not None) for one in asked)
    # to learn from, for the fit, to be reported on
    assert [answered[part, True] for part in Part] == [24146, 2959, 662]
    assert [answered[part, False] for part in Part] == [19417, 2085, 474]
    texts = own_articles()
    own = [one for one in asked if one.set in ("own", "stories")]
    assert {one.text for one in own} == set(texts)
    for one in own:
        sentence, answer = (
            texts[one.text][slice(*span or (0, 0))] for span in (one.sentence, one.answer)
        )
        assert sentence == sentence.strip()
        assert answer == answer.strip()


def test_a_question_of_a_passage_is_learnt_from_its_sentence(data: Path) -> None:
    passage = "0 Ann Dale steers."  # of the training part
    row = {
        "lesson": 1,
        "set": "answerability",
        "text": passage_id(passage),
        "asks": "who",
        "question": "who is at the helm",
        "sentence": [0, len(passage)],
        "answer": [2, 10],
    }
    file = data / "everyday.jsonl"
    file.write_text(json.dumps(row) + "\n")
    examples = list(Maker(data, file).everyday(Part.TRAINING, Random(0)))
    assert [one.text[slice(*span)] for one in examples for span in one.spans] == ["Ann Dale"]


def test_weights_are_averaged_by_their_share() -> None:
    mixed = averaged({"a": torch.tensor([1.0, 0.0])}, {"a": torch.tensor([0.0, 5.0])}, 0.6)
    torch.testing.assert_close(mixed["a"], torch.tensor([0.6, 2.0]))

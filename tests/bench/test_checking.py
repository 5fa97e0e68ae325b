from checking import CHOOSE, REPORT, Checked, Pair, paragraph, table

from qa.types import Article
from tests.bench.tables import cells

TEXT = "The ferry sank. Nobody was hurt.\n\nIt was old. It was slow.\n\nThe end."
ARTICLE = Article("harbour", "Harbour news", TEXT, "Desk", None, "")


def pair(*, supported: bool = True, kind: str = "paraphrase", half: str = CHOOSE) -> Pair:
    return Pair(half, kind, supported, "It was old.", paragraph(ARTICLE, "was slow"))


def test_a_sentence_is_held_against_its_paragraph() -> None:
    for words in ("ferry", "was old", "end"):
        found = paragraph(ARTICLE, words)
        assert TEXT[found.start : found.end] == found.text
        assert words in found.text
        assert "\n" not in found.text


def test_its_sentences_are_the_evidence() -> None:
    evidence = pair(half=REPORT).evidence
    assert [one.quote for one in evidence] == ["It was old.", "It was slow."]
    assert all(TEXT[one.start : one.end] == one.quote for one in evidence)


def test_what_is_told_and_left_out_is_counted() -> None:
    found = [
        Checked(pair(), told=True, seconds=0.1),
        Checked(pair(), told=False, seconds=0.1),
        Checked(pair(supported=False, kind="name"), told=False, seconds=0.1),
    ]
    assert cells(table(found), "paraphrase") == ["1 (50%)", "1"]
    assert cells(table(found), "**not borne out**") == ["0 (0%)", "1"]

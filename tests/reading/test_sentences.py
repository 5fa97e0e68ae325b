"""Sentences, cut by hand and compared."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.reading.sentences import sentence_spans


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        (" \n ", []),
        ("No end", ["No end"]),
        (
            "Mr. Wang of the U.S. State Dept. left at 5 p.m. on Friday. It cost $2.5 million.",
            ["Mr. Wang of the U.S. State Dept. left at 5 p.m. on Friday.", "It cost $2.5 million."],
        ),
        (
            "He called it “absurd.” She said: “Go on!” They left.",
            ["He called it “absurd.”", "She said: “Go on!”", "They left."],
        ),
        ("A heading\n\nThe text goes\non here.", ["A heading", "The text goes\non here."]),
        (
            "# Heading\nText.\n- one\n- two\n\n1. three",
            ["# Heading", "Text.", "- one", "- two", "1. three"],
        ),
        (
            "It opened.[2] It closed [1]. [3][4] Good.",
            ["It opened.[2]", "It closed [1]. [3][4]", "Good."],
        ),
        (
            "Lt. Col. Dale of the Regt. of foot earned $5 mil. in May. It was 9 deg. there.",
            [
                "Lt. Col. Dale of the Regt. of foot earned $5 mil. in May.",
                "It was 9 deg. there.",
            ],
        ),
        ("“We won.” he said. It rained.", ["“We won.” he said.", "It rained."]),
        ("i left. then it rained.", ["i left.", "then it rained."]),
        (
            "I went there. it was good. then we left. she stayed.",
            ["I went there.", "it was good.", "then we left.", "she stayed."],
        ),
        ("The share rose. eBay fell. He left.", ["The share rose.", "eBay fell.", "He left."]),
        ("1. ª", ["1. ª"]),
        ("ª. ª", ["ª. ª"]),
        ("It had cost 5 mil. The firm paid.", ["It had cost 5 mil.", "The firm paid."]),
        ("The first line.\nthe second line.", ["The first line.", "the second line."]),
    ],
)
def test_sentences(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


@pytest.mark.parametrize(
    "expected",
    [
        # Chinese and Japanese, without spaces; what was said stays with who said it
        ["海塔修好了。", "镇长问：“谁来点灯？我们等着。”", "没有人回答！", "真的？！", "是的"],
        ["灯塔高三十米。[2]", "“太好了！”他说。", "他说：“太好了！”", "大家都很高兴。"],
        ["「行こう。もう遅い。」と彼女は言った。", "灯台は高い。", "（写真あり。）", "終わり"],
        ["他喊道：「快走！」", "她说：“等一下。”", "船开了。"],
        # other full stops
        ["هل فتح الميناء؟", "نعم.", "عادت السفن."],
        ["बंदरगाह खुला।", "जहाज़ लौटे।"],
        # German
        ["Am 18. Februar kam Dr. Kern z. B. mit Prof. Abel.", "Sie blieben bis 3. März."],
        ["Bd. 3 kostet ca. 12.500 Euro.", "Es gibt bzw. gab nur Nr. 4."],
        ["Er wurde bis zum 9. August im 19. Jahrhundert der 2. Bürgermeister der Stadt.", "Gut."],
        ["Sie sagte: „Wir bleiben. Das Meer ist kalt.“", "Dann ging sie.", "„Nein!“, rief er."],
        ["»Der Turm steht. Das Licht brennt.«", "So stand es auf der Tafel."],
        # French
        ["M. Lefort et Mme. Roux ont dit : « Il fait froid. Partons. »", "Ils sont partis."],
        ["« Où est la clé ? » a demandé Mlle. Roux.", "Voir chap. 4 de la liste.", "Rien."],
        # Spanish
        ["La Sra. Vega vive en la Avda. Norte.", "¿Y el Sr. Luna?", "¡Tampoco!"],
        ["Dijo: «¿Quién llama? Nadie.»", "La pág. 4 está en blanco."],
        # Russian
        ["Проф. Иванов живёт на ул. Садовой.", "Он сказал: «Пора. Идём.»", "Все ушли."],
        # English is cut as before, whatever looks like one of these
        ["The crew numbered 12.", "August was cold.", "He was a good chap.", "4 men left."],
        ["He fell in the 3.", "Then he won."],
    ],
)
def test_sentences_of_other_languages(expected: list[str]) -> None:
    unspaced = any("\u3001" <= char <= "\u9fff" for char in expected[0])
    assert sentences(("" if unspaced else " ").join(expected)) == expected


def test_a_quotation_without_end_keeps_nothing_together() -> None:
    long = " ".join(["Das Licht brennt noch."] * 20)
    assert len(sentences(f"Er sagte: „{long}“")) == 20
    assert sentences("Er rief: „Halt. Wer ist da? Niemand.") == [
        "Er rief: „Halt.",
        "Wer ist da?",
        "Niemand.",
    ]


def test_a_heading_is_a_sentence_of_its_own() -> None:
    assert sentences("海塔修好\n\n海塔修好了。灯亮了。") == ["海塔修好", "海塔修好了。", "灯亮了。"]


PROSE = "The mayor said that the ferry had been sold, and that the money"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # a page ends within a sentence
        (f"{PROSE}\n\nwould go to the school. He left.", 2),
        (f"{PROSE},\n \n  as he put it, would go. He left.", 2),
        # a heading, a list of short words, a sentence that ended, a paragraph that begins anew
        (f"{PROSE}\n\nWould it go to the school? He left.", 3),
        ("apples\n\npears\n\nplums", 3),
        (f"{PROSE}.\n\nwould go to the school. He left.", 3),
        (f"{PROSE}:\n\nwould go to the school. He left.", 3),
        (f"{PROSE}\n\n- would go to the school. He left.", 3),
    ],
)
def test_a_sentence_runs_on_over_the_end_of_a_page(text: str, expected: int) -> None:
    assert len(sentences(text)) == expected


@given(
    st.text(alphabet="ab .\n!?[1]#-\t“”’\u00a0\x1c", max_size=200)
    | st.text(alphabet="aBd.3 «»„“”。！？」「』と说：؟।\n", max_size=80)
    | st.text(max_size=40)
)
def test_every_word_stands_in_exactly_one_sentence(text: str) -> None:
    spans = sentence_spans(text)
    covered = "".join(text[start:end] for start, end in spans)
    assert "".join(covered.split()) == "".join(text.split())
    flat = [offset for span in spans for offset in span]
    assert flat == sorted(flat)
    assert all(text[start:end].strip() == text[start:end] != "" for start, end in spans)

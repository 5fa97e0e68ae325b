"""The report: what it shows, and that nothing in it comes alive."""

import base64
import hashlib
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from qa.errors import ModelError
from qa.evaluating.question_list import SCRIPT
from qa.evaluating.question_rows import Mark, highlight
from qa.evaluating.questions import Nugget, Question
from qa.evaluating.runs import evaluate
from qa.types import Turn
from tests.evaluating.fake_assistant import (
    ARTICLES,
    QUESTIONS,
    REFUSES,
    RIGHT_REPLIES,
    FakeAssistant,
    Reply,
)

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'&</details>{0}{title}"


class Reader(HTMLParser):
    """Collects the tags, the attributes and the texts of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self.marked: list[tuple[str, str]] = []
        self._classes: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        if tag in ("mark", "span"):
            self._classes.append(dict(attrs).get("class") or "")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("mark", "span"):
            self._classes.pop()

    def handle_data(self, data: str) -> None:
        self.text += data
        if self._classes:
            self.marked.append((self._classes[-1], data))


def report(
    folder: Path,
    questions: tuple[Question, ...] = QUESTIONS,
    assistant: FakeAssistant | None = None,
) -> str:
    assistant = assistant or FakeAssistant()
    evaluate(
        questions,
        assistant,
        assistant.articles.get,
        folder,
        retrieval_only=False,
        resume=False,
        config={"passages": 4, "note": HOSTILE},
        report=lambda _: None,
    )
    return (folder / "report.html").read_text(encoding="utf-8")


def test_the_page_needs_no_network_and_runs_its_own_script_alone(tmp_path: Path) -> None:
    page = report(tmp_path / "run")
    reader = Reader(page)
    assert reader.tags.count("script") == 1
    assert f"<script>{SCRIPT}</script>" in page
    (policy,) = [value for name, value in reader.attributes if name == "content" and value
                 and value.startswith("default-src")]  # fmt: skip
    digest = base64.b64encode(hashlib.sha256(SCRIPT.encode()).digest()).decode()
    assert policy == (
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
        f"script-src 'sha256-{digest}'"
    )
    for name, value in reader.attributes:
        assert not name.startswith("on")
        if name in ("src", "href", "xlink:href", "action"):
            assert value is not None
            assert value.startswith(("#", "data:"))
    assert "@import" not in page
    assert not re.search(r"url\((?!#)", page)
    assert reader.tags.count("svg") == 2  # retrieval and latency: nothing went wrong


def test_ids_are_unique_though_there_are_several_plots(tmp_path: Path) -> None:
    wrong = FakeAssistant({**RIGHT_REPLIES, "What did the bridge cost?": Reply("Nothing.")})
    reader = Reader(report(tmp_path / "run", assistant=wrong))
    ids = [value for name, value in reader.attributes if name == "id"]
    assert len(ids) == len(set(ids))
    assert reader.tags.count("svg") == 2
    used = {value for name, value in reader.attributes if name == "xlink:href"}
    assert used <= {f"#{value}" for value in ids}


def test_cited_words_and_evidence_are_marked_in_the_sources(tmp_path: Path) -> None:
    assistant = FakeAssistant(
        {
            **RIGHT_REPLIES,
            "What did the bridge cost?": Reply(
                "It cost 42 million [1].", (("bridge", "42 million"),)
            ),
        }
    )
    reader = Reader(report(tmp_path / "run", QUESTIONS[:1], assistant))
    inside = [(name, text) for name, text in reader.marked if "cited" in name or name == "evidence"]
    assert inside[2:] == [  # the first two are the legend's
        ("evidence", "It cost "),
        ("cited evidence", "42 million"),
        ("evidence", " euros."),
    ]


def test_unsupported_sentences_expected_answers_and_errors_are_shown(tmp_path: Path) -> None:
    assistant = FakeAssistant(
        {
            **RIGHT_REPLIES,
            "What did the bridge cost?": Reply("It cost nothing.", supported=False),
            "Which mayor cut the ribbon?": ModelError("The model stopped. Start it again."),
        }
    )
    reader = Reader(report(tmp_path / "run", assistant=assistant))
    assert ("unsupported", "It cost nothing.") in reader.marked
    assert "It cost nothing. (not found in the sources)" in reader.text
    assert "42 million euros / 42 million" in reader.text
    assert "a refusal: the articles do not say" in reader.text
    assert "The model stopped. Start it again." in reader.text
    assert "1 question failed." in reader.text


def test_hostile_text_stays_text_wherever_it_comes_from(tmp_path: Path) -> None:
    articles = {HOSTILE: f"{HOSTILE} It cost 42 million euros."}
    question = replace(
        QUESTIONS[0],
        id=HOSTILE,
        question=HOSTILE,
        answers=(HOSTILE,),
        articles=(HOSTILE,),
        evidence=(HOSTILE, "not there"),
        tags=(HOSTILE,),
        history=(Turn(HOSTILE, HOSTILE),),
    )
    assistant = FakeAssistant(
        {
            HOSTILE: Reply(
                f"{HOSTILE} [1]",
                ((HOSTILE, "It cost 42 million euros."),),
                found=((HOSTILE, "It cost 42 million euros.", 9.0),),
                confidence=0.9,
            )
        },
        articles=articles,
        model_name=HOSTILE,
    )
    fails = replace(question, id="fails", question="fails")
    replies = {**assistant.replies, "fails": ModelError(HOSTILE)}
    reader = Reader(
        report(tmp_path / "run", (question, fails), replace(assistant, replies=replies))
    )
    assert reader.tags.count("script") == 1
    assert "img" not in reader.tags
    assert not [name for name, _ in reader.attributes if name.startswith("on")]
    # title, h1, note, tag, setting, row, history twice, expected, answer, source, id, error …
    assert reader.text.count("<script>alert(1)</script>") >= 12
    assert reader.tags.count("details") == 3  # two questions and a tag


def test_every_measure_is_told_over_all_and_by_tag_with_how_many_questions(tmp_path: Path) -> None:
    page = report(tmp_path / "run")
    # refusal_right over all and of each tag: one of either tag is unanswerable, and the near miss
    assert page.count("refusal_<wbr>right<br>") == 4
    for tag in ("figures", "names", "near miss"):
        assert f"<summary>All measures of {tag}</summary>" in page
    figures = page.split("All measures of figures")[1].split("</details>")[0]
    assert re.search(r"contains_<wbr>answer<br>.*?100%<br>.*?n = 2<", figures)
    assert "of 5 questions" in page
    assert "passages, n = 3" in page


def test_confidence_is_plotted_against_what_was_right(tmp_path: Path) -> None:
    sure = FakeAssistant(
        {
            asked: replace(reply, confidence=0.7)
            for asked, reply in RIGHT_REPLIES.items()
            if isinstance(reply, Reply)
        }
    )
    page = report(tmp_path / "run", assistant=sure)
    labels = {value for name, value in Reader(page).attributes if name == "aria-label"}
    assert "Share of the questions that were right, by confidence" in labels
    assert "What would be right and what refused, by the confidence that is asked for" in labels
    # .7 is right for the three that were answered: (3 * .3² + 2 * .7²) / 5
    assert "Brier score 0.250" in page


def test_each_step_tells_what_it_lost_and_what_mending_it_would_gain(tmp_path: Path) -> None:
    cost = ("bridge", "It cost 42 million euros.", 9.0)
    assistant = FakeAssistant(
        {
            **RIGHT_REPLIES,
            "What did the bridge cost?": replace(REFUSES, found=(cost,)),
            "Which mayor cut the ribbon?": Reply("Nobody [1].", (("bridge", "Mayor Inês"),)),
        }
    )
    reader = Reader(report(tmp_path / "run", assistant=assistant))
    assert "Of 5 questions; 60.0% are right and cite the evidence." in reader.text
    # one of the two that got past the bar ended well
    assert "was below the bar1 20.0%70.0% (80.0%)" in reader.text
    assert "no accepted answer1 20.0%80.0% (80.0%)" in reader.text


def test_quotes_are_shown_beside_what_came_of_the_question(tmp_path: Path) -> None:
    cost = ("bridge", "It cost 42 million euros.", 9.0)
    ribbon = ("bridge", "Mayor Inês Duarte cut the ribbon.", 2.0)
    answer = RIGHT_REPLIES["What did the bridge cost?"]
    assert isinstance(answer, Reply)
    assistant = FakeAssistant(
        {
            **RIGHT_REPLIES,
            "What did the bridge cost?": replace(answer, found=(cost, ribbon), confidence=0.9),
            "What did the tunnel cost?": replace(REFUSES, found=(cost,), confidence=0.1),
        }
    )
    page = report(tmp_path / "run", assistant=assistant)
    rows = dict(zip([one.id for one in QUESTIONS], page.split('<details class="question ')[1:],
                    strict=True))  # fmt: skip
    headings = {id_: re.findall("<h3>(.*?)</h3>", row) for id_, row in rows.items()}
    assert headings["cost"] == ["Expected", "Answered", "Quotes", "Sources"]
    assert headings["mayor"] == ["Expected", "Answered", "Sources"]
    assert headings["tunnel"] == [
        "Expected", "Refused: the quotes come close", "Quotes", "Sources"
    ]  # fmt: skip
    assert headings["captain"] == ["Expected", "Refused: nothing bears on it", "Sources"]
    quotes = {id_: re.findall(r'<li dir="auto">(.*?)</li>', row) for id_, row in rows.items()}
    assert quotes["cost"] == [
        # "the bridge" stands in the first sentence, one of the question's words in each of these
        "[2] “It cost 42 million euros.”",
        "[3] “Mayor Inês Duarte cut the ribbon.”",
    ]
    assert len(quotes["tunnel"]) == 1
    assert "confidence 0.90" in rows["cost"]


def test_each_nugget_is_shown_with_whether_it_was_told(tmp_path: Path) -> None:
    nuggets = (Nugget("It cost 42 million euros", vital=True),
               Nugget("The <city> paid", vital=False))  # fmt: skip
    asked = (replace(QUESTIONS[0], nuggets=nuggets), *QUESTIONS[1:])
    page = report(tmp_path / "run", asked)
    assert page.count("<h3>Nuggets</h3>") == 1
    assert '<li dir="auto">✓ It cost 42 million euros: vital, told</li>' in page
    assert '<li dir="auto">✗ The &lt;city&gt; paid: okay, not told</li>' in page


def test_a_run_of_nothing_but_errors_still_has_a_report(tmp_path: Path) -> None:
    page = report(tmp_path / "run", assistant=FakeAssistant(dict.fromkeys(RIGHT_REPLIES,
                  ModelError("The model stopped. Start it again."))))  # fmt: skip
    reader = Reader(page)
    assert "5 questions failed" in reader.text
    assert "At a glance" not in reader.text


def test_the_articles_of_the_fake_are_the_passages_it_gives() -> None:
    hits = FakeAssistant().candidates("bridge", (), 10)
    assert len(hits) == 6
    for hit in hits:
        passage = hit.passage
        assert ARTICLES[passage.article_id][passage.start : passage.end] == passage.text


@given(
    st.text(),
    st.lists(st.builds(Mark, st.integers(-5, 30), st.integers(-5, 30), st.sampled_from("ab"))),
)
def test_highlighting_changes_no_character_and_marks_exactly_the_marks(
    text: str, marks: list[Mark]
) -> None:
    shown = highlight(text, marks)
    # without the tags and the escapes the text is what it was
    assert re.sub(r"</?(?:mark|span)[^>]*>", "", shown) == str(highlight(text, []))
    assert shown.striptags() == highlight(text, []).striptags()
    pieces = re.findall(r'<span class="([ab ]+)">(.*?)</span>', str(shown), flags=re.DOTALL)
    covered = {
        index for mark in marks for index in range(max(mark.start, 0), min(mark.end, len(text)))
    }
    plain = "".join(text[index] for index in sorted(covered))
    assert "".join(piece for _, piece in pieces) == str(highlight(plain, []))


def test_marks_overlap_by_pieces() -> None:
    shown = highlight("a<b>c", [Mark(0, 3, "cited"), Mark(2, 9, "evidence")])
    assert shown == (
        '<mark class="cited">a&lt;</mark><mark class="cited evidence">b</mark>'
        '<span class="evidence">&gt;c</span>'
    )

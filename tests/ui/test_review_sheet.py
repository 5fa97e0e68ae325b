"""The boxes of a review, and what is kept of them when they are accepted as they stand."""

import json
from urllib.parse import urlencode

from starlette.requests import Request

from qa.evaluating.questions import Question, load_questions
from qa.evaluating.reviewing import QUESTIONS, Draft, made_of
from qa.types import Article
from tests.ui.harbour import FIRE
from ui.backend import Backend
from ui.guard import OWNER
from ui.review_routes import ReviewRoutes
from ui.review_sheet import Typed, review

RAIN = Article("rain", "Rain", "On Monday it\n  rained. It stopped.", None, None, "digest")


def draft(**changed: object) -> Draft:
    line = {"id": "q1", "question": "Who was hurt?", "answers": None, "articles": [FIRE.article_id],
            "evidence": ["Nobody was hurt."], "draft": True}  # fmt: skip
    return Draft("harbour.jsonl", line | changed)


def accept(routes: ReviewRoutes, one: Draft, typed: Typed) -> str:
    """Press Accept over what stands in the boxes; gives the sheet that comes of it."""
    asked = {"collection": "main", "source": one.source, "id": one.id, "decision": "accept",
             "question": typed.question, "answers": typed.answers,
             "evidence": typed.evidence}  # fmt: skip
    query = urlencode(asked).encode()
    scope = {"type": "http", "headers": [], "query_string": query, OWNER: "ann"}
    return bytes(routes.decide(Request(scope)).body).decode()


def test_an_answer_that_nobody_wrote_down_is_not_taken_for_none(backend: Backend) -> None:
    path = backend.archive.home / QUESTIONS / "harbour.jsonl"
    path.parent.mkdir()
    unknown, told, none = draft(id="q0"), draft(id="q1"), draft(id="q2", answers=[])
    drafts = (unknown, told, none)
    path.write_text("".join(json.dumps(one.line) + "\n" for one in drafts), encoding="utf-8")
    routes = ReviewRoutes(backend, may_see_files=True)
    assert Typed.of(unknown) == Typed("Who was hurt?", "", "Nobody was hurt.")
    assert "Accepted: Who was hurt?" in accept(routes, unknown, Typed.of(unknown))
    accept(routes, told, Typed("Who was hurt?", "Nobody", "Nobody was hurt."))
    accept(routes, none, Typed.of(none))
    asked, articles, evidence = "Who was hurt?", (FIRE.article_id,), ("Nobody was hurt.",)
    assert load_questions(path) == (
        Question("q0", asked, (), articles, evidence, answers_known=False),
        Question("q1", asked, ("Nobody",), articles, evidence),
        Question("q2", asked, (), articles, evidence),
    )


def test_it_is_said_what_an_empty_box_of_answers_means() -> None:
    unknown, none = (review([one], 0, (), "main") for one in (draft(), draft(answers=[])))
    assert "Left empty, it still counts as answered." in unknown
    assert "None says that the articles do not answer it." in none


def test_what_a_line_breaks_is_one_piece_still() -> None:
    broken = draft(answers=["Nobody\n at all"], evidence=["On Monday it\n  rained.", "It stopped."])
    typed = Typed.of(broken)
    assert typed.answers == "Nobody at all"
    assert typed.evidence == "On Monday it rained.\nIt stopped."
    shown = review([broken], 0, [RAIN], "main")
    assert "<mark>On Monday it\n  rained.</mark> <mark>It stopped.</mark>" in shown
    kept = made_of(broken, typed.question, [], typed.evidence.splitlines(), {"rain": RAIN.text})
    assert kept["evidence"] == broken.line["evidence"]

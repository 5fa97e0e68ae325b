"""The sheet of a review: drafts and feedback beside their article."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from qa.conversing.feedback import question_set
from qa.evaluating.questions import load_questions
from qa.evaluating.reviewing import QUESTIONS
from qa.service.passwords import load_users, user_line
from tests.ui.conftest import OpenPage, Serve, ask
from tests.ui.harbour import FERRY, FERRY_QUESTION, FIRE
from tests.ui.scripted import ScriptedAssistant, answers
from ui.backend import Backend
from ui.serving import running

pytestmark = pytest.mark.browser

DRAFTS = [
    {"id": "ferry-q1", "question": "How many passengers were on board?", "answers": ["212"],
     "articles": [FERRY.article_id], "tags": ["drafted"], "draft": True,
     "evidence": ["The harbour office said that 212 passengers were on board."]},
    {"id": "fire-q1", "question": "Who was <b>hurt</b>?", "answers": ["Nobody"],
     "articles": [FIRE.article_id], "tags": ["drafted"], "draft": True,
     "evidence": ["Nobody was hurt."]},
    {"id": "fire-q2", "question": "Who was hurt in 2019?", "answers": [], "evidence": [],
     "articles": [FIRE.article_id], "tags": ["drafted", "near miss"], "draft": True},
]  # fmt: skip


@pytest.fixture
def drafts(backend: Backend) -> Path:
    folder = backend.archive.home / QUESTIONS
    folder.mkdir()
    path = folder / "harbour.jsonl"
    path.write_text("".join(json.dumps(one) + "\n" for one in DRAFTS), encoding="utf-8")
    return path


def open_review(page: Page) -> None:
    page.get_by_role("button", name="Review").click()
    expect(page.get_by_role("heading", name="Review")).to_be_focused()


def select(page: Page, words: str) -> None:
    """Select words of the article as a mouse does."""
    page.evaluate(
        """words => {
          const text = document.querySelector('.review .article-text');
          const nodes = [...text.childNodes].map(one => one.firstChild ?? one);
          const node = nodes.find(one => one.data.includes(words));
          const start = node.data.indexOf(words);
          getSelection().setBaseAndExtent(node, start, node, start + words.length);
        }""",
        words,
    )


def test_a_draft_is_edited_its_evidence_selected_in_the_article_and_accepted(
    serve: Serve, drafts: Path, open_page: OpenPage
) -> None:
    page = open_page(serve(ScriptedAssistant(answers)))
    open_review(page)
    expect(page.locator(".review summary")).to_have_text("1 of 3 drafts")
    expect(page.locator(".review article h3")).to_have_text(FERRY.title)
    marked = page.locator(".review mark")
    expect(marked).to_have_text("The harbour office said that 212 passengers were on board.")

    page.locator(".review textarea[name=question]").fill("When did she sail again?")
    page.get_by_label("Accepted answers").fill("on Thursday\nThursday morning")
    evidence = page.get_by_label("Evidence")
    evidence.fill("She sailed at noon.")
    page.get_by_role("button", name="Accept", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("“She sailed at noon.” stands in none of")
    expect(page.get_by_label("Accepted answers")).to_have_value("on Thursday\nThursday morning")

    evidence.fill("")
    select(page, "The ferry Aldona sailed again on Thursday morning")
    page.get_by_role("button", name="Take the selected words").click()
    expect(evidence).to_have_value("The ferry Aldona sailed again on Thursday morning")
    page.get_by_role("button", name="Accept", exact=True).click()
    expect(page.locator(".review [role=status]")).to_contain_text("Accepted: How many passengers")
    expect(page.locator(".review summary")).to_have_text("1 of 2 drafts")
    expect(page.locator(".review article h3")).to_have_text(FIRE.title)
    expect(page.locator(".review textarea[name=question]")).to_have_value("Who was <b>hurt</b>?")

    page.get_by_role("button", name="Skip").click()
    expect(page.locator(".review textarea[name=question]")).to_have_value("Who was hurt in 2019?")
    page.get_by_role("button", name="Reject").click()
    expect(page.locator(".review [role=status]")).to_contain_text("Rejected: Who was hurt in 2019?")
    page.get_by_role("button", name="Accept", exact=True).click()
    expect(page.locator(".review [role=status]")).to_contain_text("There is nothing to review.")

    first, second = load_questions(drafts)
    assert (first.question, first.answers, first.evidence) == (
        "When did she sail again?",
        ("on Thursday", "Thursday morning"),
        ("The ferry Aldona sailed again on Thursday morning",),
    )
    assert (second.id, second.answers) == ("fire-q1", ("Nobody",))


def test_who_shares_a_page_reviews_what_they_said_of_answers_and_no_files(
    backend: Backend, drafts: Path, open_page: OpenPage, tmp_path: Path
) -> None:
    (tmp_path / "users.txt").write_text(user_line("ann", "a long password") + "\n")
    users = load_users(str(tmp_path / "users.txt"), tmp_path)
    with running(backend, users=users) as url:
        page = open_page(url, http_credentials={"username": "ann", "password": "a long password"})
        ask(page, FERRY_QUESTION)
        expect(page.locator("#live .answered")).to_be_visible()
        page.get_by_role("button", name="Right", exact=True).click()
        expect(page.locator("#live")).to_contain_text("Kept.")
        open_review(page)
        expect(page.locator(".review summary")).to_have_text("1 of 1 draft")
        expect(page.locator(".review form")).to_contain_text("From what you said of an answer")
        expect(page.locator(".review article h3")).to_have_text([FERRY.title, FIRE.title])
        page.get_by_label("Accepted answers").fill("Thursday")
        page.get_by_role("button", name="Accept", exact=True).click()
        expect(page.locator(".review [role=status]")).to_contain_text("There is nothing to review.")
    (line,) = question_set(backend.archive.judgements(), backend.archive.reviewed())
    assert line["answers"] == ["Thursday"]
    assert len(drafts.read_text().splitlines()) == 3

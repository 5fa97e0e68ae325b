"""The articles and questions in `seeds/` agree: read plainly, with no module of the product."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

SEEDS = Path(__file__).resolve().parents[1] / "seeds"
SOURCES = {"Cuttings desk", "Cuttings wire"}
TAGS = {
    "single-fact",
    "two-article",
    "changed-fact",
    "who-said-what",
    "figures",
    "follow-up",
    "unanswerable",
    "near-miss",
    "off-topic",
    "diacritics",
}
# What a follow-up in `followups.jsonl` asks of the search, beside the tags above.
FOLLOW_UP_TAGS = {
    "pronoun",
    "ellipsis",
    "needs-answer",
    "other-subject",
    "other-article",
    "topic-switch",
    "three-turn",
}

Question = dict[str, Any]


def read_front_matter(file: Path) -> tuple[dict[str, Any], str]:
    """Split a Markdown file into its front matter and its body."""
    opening, front_matter, body = file.read_text(encoding="utf-8").split("---\n", 2)
    assert opening == ""
    return yaml.safe_load(front_matter), body


FILES = {file.relative_to(SEEDS).with_suffix("").as_posix(): file for file in SEEDS.rglob("*.md")}
BODIES = {article_id: read_front_matter(file)[1] for article_id, file in FILES.items()}


def read_questions(name: str) -> list[Question]:
    """The questions of a file in `seeds/`."""
    return [json.loads(line) for line in (SEEDS / name).read_text("utf-8").splitlines()]


QUESTIONS = read_questions("questions.jsonl")
FOLLOW_UPS = read_questions("followups.jsonl")
ALL = QUESTIONS + FOLLOW_UPS
ANSWERABLE = [question for question in ALL if "unanswerable" not in question["tags"]]
UNANSWERABLE = [question for question in ALL if "unanswerable" in question["tags"]]


def question_id(question: Question) -> str:
    return str(question["id"])


@pytest.mark.parametrize("article_id", sorted(FILES))
def test_article_states_title_date_and_source(article_id: str) -> None:
    front_matter, body = read_front_matter(FILES[article_id])
    assert front_matter["title"]
    assert front_matter["source"] in SOURCES
    assert FILES[article_id].name.startswith(f"{front_matter['published'].isoformat()}-")
    assert 150 <= len(body.split()) <= 350


def test_collection_is_large_and_varied_enough() -> None:
    assert len(FILES) >= 10
    assert len(QUESTIONS) >= 40
    unanswerable = [question for question in QUESTIONS if question in UNANSWERABLE]
    assert len(unanswerable) >= len(QUESTIONS) / 4
    assert sum("near-miss" in question["tags"] for question in unanswerable) >= 8
    assert sum(bool(question.get("history")) for question in QUESTIONS) >= 10
    assert {tag for question in QUESTIONS for tag in question["tags"]} == TAGS


def test_follow_ups_are_many_and_varied_enough() -> None:
    assert sum(bool(question["history"]) for question in FOLLOW_UPS) >= 40
    assert sum(question in UNANSWERABLE for question in FOLLOW_UPS) <= 4
    tags = [tag for question in FOLLOW_UPS for tag in question["tags"]]
    assert FOLLOW_UP_TAGS <= set(tags) <= FOLLOW_UP_TAGS | TAGS
    assert min(tags.count(tag) for tag in FOLLOW_UP_TAGS) >= 5


def test_question_ids_are_unique() -> None:
    ids = [question["id"] for question in ALL]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("question", ANSWERABLE, ids=question_id)
def test_evidence_stands_in_the_named_articles(question: Question) -> None:
    assert question["articles"]
    assert question["evidence"]
    bodies = [BODIES[article_id] for article_id in question["articles"]]
    for quote in question["evidence"]:
        assert any(quote in body for body in bodies), quote
    for article_id, body in zip(question["articles"], bodies, strict=True):
        assert any(quote in body for quote in question["evidence"]), article_id


@pytest.mark.parametrize("question", ANSWERABLE, ids=question_id)
def test_an_accepted_answer_stands_in_the_evidence(question: Question) -> None:
    evidence = " ".join(question["evidence"]).casefold()
    assert any(answer.casefold() in evidence for answer in question["answers"])


@pytest.mark.parametrize("question", UNANSWERABLE, ids=question_id)
def test_unanswerable_question_names_nothing(question: Question) -> None:
    assert question["answers"] == question["articles"] == question["evidence"] == []
    assert ("near-miss" in question["tags"]) != ("off-topic" in question["tags"])


@pytest.mark.parametrize("question", ALL, ids=question_id)
def test_follow_up_has_a_history_and_only_a_follow_up(question: Question) -> None:
    turns = question.get("history", [])
    assert ("follow-up" in question["tags"]) == bool(turns)
    assert ("three-turn" in question["tags"]) == (len(turns) == 2)
    assert all(turn["question"] and turn["answer"] for turn in turns)


def test_two_article_questions_name_two_articles_or_more() -> None:
    two_article = [question for question in ALL if "two-article" in question["tags"]]
    assert all(len(question["articles"]) >= 2 for question in two_article)

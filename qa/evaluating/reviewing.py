"""Reviewing: drafts of questions, and feedback, become questions when a person accepts them.

Drafts lie in files of the home's folder `questions`; `qa questions review` reads and writes them by
the same functions (`qa.evaluating.drafts`). Feedback lies in the file of conversations.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qa.conversing.archive import Archive
from qa.conversing.feedback import question_line
from qa.errors import BadQuestionSet
from qa.evaluating.drafts import accepted, decide, read_draft_file
from qa.evaluating.evidence import find_quote
from qa.evaluating.questions import is_draft, parse_question

QUESTIONS = "questions"
"""The folder of draft files in the home."""

FEEDBACK = "feedback"
"""What feedback is called where drafts are called by their file."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A line of a question set that awaits a decision; `source` is its file's name, or FEEDBACK."""

    source: str
    line: Mapping[str, Any]

    @property
    def id(self) -> str:
        """The question's own id."""
        return str(self.line.get("id", ""))

    @property
    def answers_known(self) -> bool:
        """Whether the accepted texts are written down; that there are none is known, too."""
        return self.line.get("answers") is not None

    def texts(self, key: str) -> tuple[str, ...]:
        """The texts that a key lists."""
        return tuple(map(str, self.line.get(key) or ()))


@dataclass(frozen=True, slots=True)
class Reviewer:
    """One who reviews: their feedback, and where they may see it, draft files."""

    archive: Archive
    owner: str
    folder: Path | None

    def drafts(self) -> tuple[Draft, ...]:
        """Everything that awaits a decision, the files first. Raises BadQuestionSet."""
        found = []
        for path in sorted(self.folder.glob("*.jsonl")) if self.folder else ():
            found += [Draft(path.name, line) for line in read_draft_file(path) if is_draft(line)]
        decided = self.archive.reviewed()
        lines = (
            question_line(one)
            for one in self.archive.judgements(self.owner)
            if one.id not in decided
        )
        return (*found, *(Draft(FEEDBACK, line) for line in lines if line))

    def decide(self, draft: Draft, line: Mapping[str, Any] | None) -> None:
        """Keep a question in a draft's place, or, with None, that there is none to be."""
        if draft.source == FEEDBACK:
            number = int(draft.id.removeprefix("feedback-"))
            self.archive.review(self.owner, number, None if line is None else dict(line))
        elif self.folder:
            decide(self.folder / draft.source, draft.id, line)


def made_of(
    draft: Draft,
    question: str,
    answers: Sequence[str] | None,
    evidence: Sequence[str],
    texts: Mapping[str, str],
) -> dict[str, Any]:
    """A draft as a person has left it, its evidence as the articles write it.

    `texts` are those of the draft's articles, by id. Without accepted answers a question is one
    that nothing answers, and needs no evidence; with None it is answered, and nobody wrote down by
    what. Raises BadQuestionSet where a piece of evidence stands in no article of the draft, or the
    question is none.
    """
    standing = [_as_written(one, texts) for one in evidence]
    line = accepted(draft.line, question.strip(), answers, standing)
    try:
        parse_question(line)
    except ValueError as error:
        raise BadQuestionSet(str(error)) from error
    return line


def _as_written(quote: str, texts: Mapping[str, str]) -> str:
    for text in texts.values():
        for start, end in find_quote(quote.strip(), text):
            return text[start:end]
    raise BadQuestionSet(
        f"“{quote.strip()}” stands in none of the articles. Select the words there, and take them."
    )

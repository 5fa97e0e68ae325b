"""What the sheet of a review asks for: drafts, and decisions on them."""

from collections.abc import Sequence

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from qa.errors import BadQuestionSet
from qa.evaluating.reviewing import QUESTIONS, Draft, Reviewer, made_of
from qa.types import Article

from .backend import Backend
from .guard import OWNER
from .review_sheet import Typed, nothing_left, review, review_sheet


class ReviewRoutes:
    """The handlers, over a backend. Draft files are for whoever runs Cuttings; feedback is each
    person's own.
    """

    def __init__(self, backend: Backend, *, may_see_files: bool) -> None:
        self._backend = backend
        self._folder = backend.archive.home / QUESTIONS if may_see_files else None

    def sheet(self, request: Request) -> Response:
        """The whole sheet, open at the draft that is named, or at the first."""
        drafts = self._reviewer(request).drafts()
        place = _place(drafts, request)
        content = self._at(request, drafts, place if place is not None else 0)
        return HTMLResponse(review_sheet(content))

    def decide(self, request: Request) -> Response:
        """Keep a decision, and show the draft behind; or what is wrong with it."""
        asked, reviewer = request.query_params, self._reviewer(request)
        drafts = reviewer.drafts()
        place = _place(drafts, request)
        if place is None:
            note = "That one was decided meanwhile."
            return HTMLResponse(self._at(request, drafts, 0, note=note))
        draft, decision = drafts[place], asked.get("decision", "")
        if decision == "skip":
            return HTMLResponse(self._at(request, drafts, (place + 1) % len(drafts)))
        line = None
        if decision != "reject":
            typed = Typed(*(asked.get(key, "") for key in ("question", "answers", "evidence")))
            texts = {one.id: one.text for one in self._articles(request, draft)}
            answers, evidence = (
                [one.strip() for one in text.splitlines() if one.strip()]
                for text in (typed.answers, typed.evidence)
            )
            # an empty box is no decision where nobody had written down the answers
            told = answers if answers or draft.answers_known else None
            try:
                line = made_of(draft, typed.question, told, evidence, texts)
            except BadQuestionSet as error:
                return HTMLResponse(self._at(request, drafts, place, typed, error=str(error)))
        reviewer.decide(draft, line)
        note = f"{'Rejected' if line is None else 'Accepted'}: {draft.line.get('question', '')}"
        return HTMLResponse(self._at(request, reviewer.drafts(), place, note=note))

    def _at(
        self,
        request: Request,
        drafts: Sequence[Draft],
        place: int,
        typed: Typed | None = None,
        *,
        note: str = "",
        error: str = "",
    ) -> Markup:
        """The draft at a place, or the last one before it."""
        if not drafts:
            return nothing_left(f"{note} " if note else "")
        place = min(place, len(drafts) - 1)
        articles = self._articles(request, drafts[place])
        collection = request.query_params.get("collection", "")
        return review(drafts, place, articles, collection, typed, note=note, error=error)

    def _articles(self, request: Request, draft: Draft) -> tuple[Article, ...]:
        name = request.query_params.get("collection", "")
        shelf = self._backend.collections.collection(name).shelf
        found = map(shelf.article, draft.texts("articles"))
        return tuple(one for one in found if one)

    def _reviewer(self, request: Request) -> Reviewer:
        return Reviewer(self._backend.archive, request.scope[OWNER], self._folder)


def _place(drafts: Sequence[Draft], request: Request) -> int | None:
    asked = request.query_params
    named = (asked.get("source", ""), asked.get("id", ""))
    return next((at for at, one in enumerate(drafts) if (one.source, one.id) == named), None)

"""The sheet of a review: a draft of a question beside the article it was made of. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from markupsafe import Markup

from qa.evaluating.evidence import find_quote
from qa.evaluating.reviewing import FEEDBACK, Draft
from qa.types import Article

from .panel import clip, day_of

LONGEST_LISTED = 70  # characters of a question in the list of drafts

NO_ANSWER = {
    True: "None says that the articles do not answer it.",
    False: "Nobody has written down what answers it. Left empty, it still counts as answered.",
}
"""What an empty box of answers says, by whether the draft's answers are known."""


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the boxes of a draft: its question, and lists with one text a line."""

    question: str
    answers: str
    evidence: str

    @classmethod
    def of(cls, draft: Draft) -> "Typed":
        """The draft as it was made, each of its texts on one line, whatever breaks it."""
        answers, evidence = (
            "\n".join(" ".join(text.split()) for text in draft.texts(key))
            for key in ("answers", "evidence")
        )
        return cls(str(draft.line.get("question", "")), answers, evidence)


def review_sheet(content: Markup) -> Markup:
    """The whole sheet, around what `review` or `nothing_left` gave."""
    return Markup(
        '<h2 id="sheet-title" tabindex="-1">Review</h2><div id="review" class="review">{}</div>'
    ).format(content)


def nothing_left(note: str) -> Markup:
    """What is said where no draft awaits a decision."""
    return Markup(
        '<p class="hint" role="status">{}There is nothing to review. Drafts come from '
        "<code>qa questions draft</code> into the folder <code>questions</code> of the home, and "
        "from what you say of answers.</p>"
    ).format(note)


def review(
    drafts: Sequence[Draft],
    at: int,
    articles: Sequence[Article],
    collection: str,
    typed: Typed | None = None,
    *,
    note: str = "",
    error: str = "",
) -> Markup:
    """One of the drafts to decide on, and its articles with the evidence marked."""
    draft = drafts[at]
    typed = typed or Typed.of(draft)
    said = Markup('<p class="done" role="status">{}</p>').format(note) if note else Markup("")
    if error:
        said = Markup('<p class="error" role="alert">{}</p>').format(error)
    return Markup(
        '{said}<details class="drafts"><summary>{at} of {count}</summary>'
        '<ul class="lines">{listed}</ul></details>'
        '<div class="beside">{form}<div class="of">{articles}</div></div>'
    ).format(
        said=said,
        at=at + 1,
        count=f"{len(drafts)} draft{'' if len(drafts) == 1 else 's'}",
        listed=Markup("").join(_listed(one, draft, collection) for one in drafts),
        form=_form(draft, typed, collection),
        articles=Markup("").join(_article(one, typed.evidence.splitlines()) for one in articles)
        or Markup('<p class="doubt" role="note">The library has none of its articles.</p>'),
    )


def _listed(one: Draft, open_one: Draft, collection: str) -> Markup:
    asked = {"collection": collection, "source": one.source, "id": one.id}
    return Markup(
        '<li{}><button type="button" class="plain line" data-sheet="review?{}">{}</button>'
        '<p class="where">{}</p></li>'
    ).format(
        Markup(' aria-current="true"') if one == open_one else "",
        urlencode(asked),
        clip(str(one.line.get("question", "")), LONGEST_LISTED),
        " · ".join((one.source, *one.texts("tags"))),
    )


def _form(draft: Draft, typed: Typed, collection: str) -> Markup:
    hidden = Markup("").join(
        Markup('<input type="hidden" name="{}" value="{}">').format(name, value)
        for name, value in (("collection", collection), ("source", draft.source), ("id", draft.id))
    )
    whence = "what you said of an answer" if draft.source == FEEDBACK else draft.source
    return Markup(
        '<form data-into="review" method="post" action="cuttings/review/decide">{hidden}'
        '<p class="where">From {whence}</p>'
        '<label>Question<textarea name="question" rows="2" required>{question}</textarea></label>'
        '<label>Accepted answers, one a line<textarea name="answers" rows="3" '
        'aria-describedby="about-answers">{answers}</textarea></label>'
        '<p class="where" id="about-answers">{no_answer}</p>'
        '<label>Evidence, one quote a line<textarea name="evidence" rows="5" '
        'aria-describedby="about-evidence">{evidence}</textarea></label>'
        '<p class="where" id="about-evidence">Select words in the article, then '
        '<button type="button" class="take-words">Take the selected words</button></p>'
        '<p class="ways"><button name="decision" value="accept">Accept</button> '
        '<button name="decision" value="skip" class="plain" formnovalidate>Skip</button> '
        '<button name="decision" value="reject" class="danger" formnovalidate>Reject</button></p>'
        "</form>"
    ).format(
        hidden=hidden,
        whence=whence,
        question=typed.question,
        answers=typed.answers,
        no_answer=NO_ANSWER[draft.answers_known],
        evidence=typed.evidence,
    )


def _article(article: Article, evidence: Sequence[str]) -> Markup:
    """The whole article, every place of the evidence marked in it."""
    spans = sorted(
        span for quote in evidence if quote.strip() for span in find_quote(quote, article.text)
    )
    pieces, shown = [], 0
    for start, end in spans:
        if start >= shown:
            marked = Markup("{}<mark>{}</mark>")
            pieces.append(marked.format(article.text[shown:start], article.text[start:end]))
            shown = end
    where = (day_of(article.published), article.source, article.id)
    return Markup(
        '<article><h3>{title}</h3><p class="where">{where}</p>'
        '<div class="article-text" tabindex="0" role="region" aria-label="{title}">{text}</div>'
        "</article>"
    ).format(
        title=article.title,
        where=Markup(" · ").join(part for part in where if part),
        text=Markup("").join([*pieces, Markup("{}").format(article.text[shown:])]),
    )

"""The sheets of conversations, of whole articles and of pictures of their pages.

Pure; see `rendering`.

A form with `data-into` is sent by the page's script, and the answer is put into the element of that
id; a button with `data-sheet` opens another sheet.
"""

import base64
from collections.abc import Iterable
from datetime import datetime
from urllib.parse import urlencode

from markupsafe import Markup

from qa.conversing.records import ConversationLine
from qa.library.page_pictures import page_of
from qa.types import Article

from .markdown import drawn, looks_of, plain
from .panel import day_of, words_digest

FORMS = {"md": "Markdown", "json": "JSON", "html": "web page"}
"""What a conversation is exported as, by suffix."""


def conversations_sheet(lines: Iterable[ConversationLine]) -> Markup:
    """The list of conversations, with a box to search them."""
    return Markup(
        '<h2 id="sheet-title" tabindex="-1">Conversations</h2>'
        '<p class="hint">Kept on this machine, with their sources as they were read.</p>'
        '<form role="search" data-into="conversation-list" data-live="yes" '
        'action="cuttings/conversations/list"><input type="search" name="search" '
        'aria-label="Search conversations" placeholder="Words in a question or an answer"></form>'
        '<ul class="lines" id="conversation-list" aria-live="polite">{}</ul>'
    ).format(conversation_items(lines))


def conversation_items(lines: Iterable[ConversationLine]) -> Markup:
    """A list item for each conversation: opened, renamed, exported, deleted."""
    items = Markup("").join(map(_conversation_item, lines))
    return items or Markup('<li class="none">No conversation.</li>')


def _conversation_item(line: ConversationLine) -> Markup:
    exports = Markup(" · ").join(
        Markup('<a href="cuttings/conversations/export?{}" download>{}</a>').format(
            urlencode({"id": line.id, "form": form}), name
        )
        for form, name in FORMS.items()
    )
    return Markup(
        '<li><a class="line" href="./?c={id}">{title}</a>'
        '<p class="where">{when} · {questions}</p>'
        '<details><summary aria-label="More about {title}">More</summary>'
        '<form data-into="conversation-list" method="post" action="cuttings/conversations/rename">'
        '<input type="hidden" name="id" value="{id}">'
        '<input name="title" value="{title}" maxlength="80" required aria-label="Title">'
        "<button>Rename</button></form>"
        '<p class="exports">Export as {exports}</p>'
        '<form data-into="conversation-list" data-leaves="{id}" method="post" '
        'action="cuttings/conversations/delete"><input type="hidden" name="id" value="{id}">'
        '<button class="danger">Delete for good</button></form></details></li>'
    ).format(
        id=line.id,
        title=line.title,
        when=_moment(line.updated),
        questions=f"{line.questions} question{'' if line.questions == 1 else 's'}",
        exports=exports,
    )


def _moment(moment: datetime) -> Markup:
    local = moment.astimezone()
    return Markup('<time datetime="{}">{} {:%B %Y, %H:%M}</time>').format(
        local.isoformat(), local.day, local
    )


def article_sheet(
    article: Article, start: int, end: int, words: str, *, markdown: bool = False
) -> Markup:
    """A whole article, what was fed of it highlighted.

    `start` and `end` are the passage's offsets when it was fed, `words` the digest of its text; if
    other words stand there now, nothing is highlighted and the sheet says so.
    """
    looks = looks_of(article.text) if markdown else plain(article.text)
    whole = drawn(article.text, looks)
    stands = words_digest(article.text[start:end]) == words
    if not words:
        text, note = whole, Markup("")
    elif stands:
        text = Markup('{}<mark class="open" id="passage" tabindex="-1">{}</mark>{}').format(
            *(
                drawn(article.text[part], looks[part])
                for part in (slice(start), slice(start, end), slice(end, None))
            )
        )
        note = Markup("")
    else:
        text = whole
        note = Markup(
            '<p class="doubt" role="note">This article has changed since it was read: the passage '
            "stands no longer where it stood. This is the article of today; the passage as it was "
            "read is in the sources.</p>"
        )
    where = (day_of(article.published), article.source, article.id)
    return Markup(
        '<h2 id="sheet-title" tabindex="-1">{title}</h2><p class="where">{where}</p>{note}'
        '<div class="article-text">{text}</div>'
    ).format(
        title=article.title,
        where=Markup(" · ").join(part for part in where if part),
        note=note,
        text=text,
    )


def page_sheet(article: Article, start: int, end: int, picture: bytes) -> Markup:
    """The page on which words of an article stand, as a picture in JPEG."""
    page = page_of(article, start)
    where = (day_of(article.published), article.source, f"page {page}", article.id)
    return Markup(
        '<h2 id="sheet-title" tabindex="-1">{title}</h2><p class="where">{where}</p>'
        '<blockquote class="page-words">{words}</blockquote>'
        '<img class="page-picture" src="data:image/jpeg;base64,{picture}" '
        'alt="Page {page} of {title}, where these words stand">'
    ).format(
        title=article.title,
        where=Markup(" · ").join(part for part in where if part),
        words=article.text[start:end],
        picture=base64.b64encode(picture).decode(),
        page=page,
    )


def gone_sheet(article_id: str) -> Markup:
    """What is said in place of an article that the library does not have."""
    return Markup(
        '<h2 id="sheet-title" tabindex="-1">Not in the library</h2>'
        '<p class="doubt" role="note">The article {} is in the library no more. The passages that '
        "were read of it are kept with the answer.</p>"
    ).format(article_id)


def failure(error: str) -> Markup:
    """Why a sheet cannot be shown."""
    return Markup(
        '<h2 id="sheet-title" tabindex="-1">That did not work</h2>'
        '<p class="error" role="alert">{}</p>'
    ).format(error)

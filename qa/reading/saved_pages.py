"""Web pages that a browser saved as one file (.mht, .mhtml) become their articles.

Pure: bytes in, values out. The page is read as one in HTML is; frames and pictures beside it are no
part of it. The day on which it was saved is not the day of the article.
"""

from dataclasses import replace
from email.message import Message

from qa.reading.draft import Contents
from qa.reading.mail import read_mail
from qa.reading.mime import children, header, parsed, text_of_part
from qa.reading.web_pages import host_of, read_web_page

MOST_PARTS = 10_000
"""Of a saved page, whose pictures and styles are parts of it."""


def read_saved_page(raw: bytes) -> Contents:
    """The article in a saved page; in what is no page, that of the mail. Raises Unreadable."""
    message = parsed(raw)
    page = _page(message)
    if page is None:
        return read_mail(raw)
    found = read_web_page(text_of_part(page).encode("utf-8", "replace"))
    addresses = (header(message, "Snapshot-Content-Location"), header(page, "Content-Location"))
    host = next(filter(None, map(host_of, addresses)), None)
    title = header(message, "Subject") or None
    drafts = (
        replace(draft, title=draft.title or title, source=draft.source or host)
        for draft in found.drafts
    )
    return replace(found, drafts=tuple(drafts))


def _page(message: Message) -> Message | None:
    """The first part in HTML, which is the page itself; frames come after it."""
    waiting = [message]
    for _ in range(MOST_PARTS):
        if not waiting:
            break
        part = waiting.pop()
        if part.get_content_type() in {"text/html", "application/xhtml+xml"}:
            return part
        waiting += reversed(children(part))
    return None

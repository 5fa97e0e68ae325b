"""The sheet of a library: its articles listed, searched, added and removed. Pure; see `sheets`."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from urllib.parse import urlencode

from markupsafe import Markup

from qa.errors import CuttingsError
from qa.library.records import Heading
from qa.library.scanned_pages import PageAtHand
from qa.reading.formats import READERS
from qa.service.uploads import Added, Listed, Removal

from .panel import day_of

MOST_LISTED = 200  # articles listed at once; a longer list is narrowed by a search


@dataclass(frozen=True, slots=True)
class Filter:
    """What a list of articles is narrowed by; all as they were typed."""

    search: str = ""
    since: str = ""
    until: str = ""
    source: str = ""


def library_sheet(
    collection: str,
    collections: Sequence[str],
    described: str,
    sources: Sequence[str],
    listed: Listed,
    bookmarklet: Markup,
) -> Markup:
    """The articles of a collection: which to pick, files to add, the list with its filter.

    `bookmarklet` is how a browser adds the page that it shows (`clip_sheet.bookmarklet_box`).
    """
    return Markup(
        '<h2 id="sheet-title" tabindex="-1">Library</h2><p class="hint">{described}</p>{pick}'
        '<div class="upload" data-collection="{collection}">'
        "<p>Add articles: {kinds}.</p><p>"
        '<label class="file">Choose files<input type="file" multiple></label> '
        '<label class="file">Choose a folder<input type="file" webkitdirectory></label> '
        "<span>or drop them here</span></p>"
        '<div role="status"><ul id="uploaded" aria-label="Added"></ul></div></div>'
        '<div id="clipping">{bookmarklet}</div>'
        '<form class="filter" role="search" data-into="article-list" data-live="yes" '
        'action="cuttings/library/list">'
        '<input type="hidden" name="collection" value="{collection}">'
        '<input type="search" name="search" aria-label="Search articles" '
        'placeholder="Words in a title, source or name">'
        '<label>From <input type="date" name="since"></label>'
        '<label>to <input type="date" name="until"></label>'
        '<select name="source" aria-label="Source"><option value="">Every source</option>{sources}'
        '</select></form><div id="article-list">{lines}</div>'
    ).format(
        described=described,
        pick=_pick(collection, collections),
        collection=collection,
        kinds=", ".join(READERS),
        sources=Markup("").join(
            Markup('<option value="{0}">{0}</option>').format(source) for source in sources
        ),
        lines=article_items(collection, listed, Filter()),
        bookmarklet=bookmarklet,
    )


def _pick(collection: str, collections: Sequence[str]) -> Markup:
    """Links to the collections, where there are several."""
    if len(collections) < 2:
        return Markup("")
    links = Markup("").join(
        Markup('<li><a href="./?{}"{}>{}</a></li>').format(
            urlencode({"collection": name}),
            Markup(' aria-current="true"') if name == collection else "",
            name,
        )
        for name in collections
    )
    return Markup('<nav aria-label="Collections"><ul class="pick">{}</ul></nav>').format(links)


def article_items(
    collection: str, listed: Listed, narrowed: Filter, notice: Markup | str = ""
) -> Markup:
    """The list of articles as far as it is shown, with a notice of what has just been done."""
    count = f"{listed.count:,} article{'' if listed.count == 1 else 's'}"
    if listed.count > len(listed.headings):
        count += f", the newest {len(listed.headings)} of them here: search for the others"
    items = Markup("").join(_article_item(collection, one, narrowed) for one in listed.headings)
    return Markup('{}<p class="hint" role="status">{}</p><ul class="lines">{}</ul>').format(
        notice, count, items
    )


def _article_item(collection: str, heading: Heading, narrowed: Filter) -> Markup:
    where = (day_of(heading.published) or "undated", heading.source, heading.id)
    return Markup(
        '<li><button type="button" class="plain line" data-sheet="article?{address}">{title}'
        '</button><p class="where">{where}</p>{remove}</li>'
    ).format(
        address=urlencode({"collection": collection, "id": heading.id}),
        title=heading.title,
        where=Markup(" · ").join(part for part in where if part),
        remove=_post(
            "remove",
            {"collection": collection, "id": heading.id, **asdict(narrowed)},
            Markup('<button class="plain" aria-label="Remove {}">Remove</button>').format(
                heading.title
            ),
        ),
    )


def removed_notice(collection: str, removal: Removal, narrowed: Filter) -> Markup:
    """What is said of an article that was just removed, with a way to undo it."""
    stays = Markup("")
    if removal.stands_in:
        stays = Markup(
            " Its file <code>{}</code> is left as it is, so the next <code>qa index</code> brings "
            "it back; to keep it out, move the file away or delete the article in it."
        ).format(removal.stands_in)
    return Markup('<div class="doubt" role="status"><span>Removed: {}.{}</span> {}</div>').format(
        removal.title,
        stays,
        _post(
            "undo",
            {"collection": collection, "token": removal.token, **asdict(narrowed)},
            Markup("<button>Undo</button>"),
        ),
    )


def _post(action: str, values: Mapping[str, str], button: Markup) -> Markup:
    """A form of one button, whose answer is the list of articles."""
    hidden = Markup("").join(
        Markup('<input type="hidden" name="{}" value="{}">').format(name, value)
        for name, value in values.items()
        if value
    )
    return Markup(
        '<form data-into="article-list" method="post" action="cuttings/library/{}">{}{}</form>'
    ).format(action, hidden, button)


def page_note(page: PageAtHand) -> Markup:
    """How far the reading of an uploaded scan is."""
    return Markup('reading page {} of {} <progress max="{}" value="{}"></progress>').format(
        page.number, page.of, page.of, page.number - 1
    )


def failed_note(name: str, error: CuttingsError) -> Markup:
    """Why an uploaded file gave nothing, without its name, which stands before it on the page."""
    said = str(error).removeprefix(f"{name} ")
    return Markup('<span class="error">{}</span>').format(said)


def added_note(added: Added) -> Markup:
    """What an uploaded file gave."""
    count = len(added.article_ids)
    said = f"added as {added.article_ids[0]}" if count == 1 else f"{count:,} articles added"
    left_out = Markup("").join(
        Markup('<span class="doubt">{}</span>').format(problem) for problem in added.problems
    )
    return Markup("{} {}").format(said, left_out)

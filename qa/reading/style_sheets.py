"""What the style sheets in a page say of each of its elements, as far as that may hide it. Pure.

Rules for tags, classes and ids are read, one inside another too; those for a state, an attribute or
another screen are passed over, and so are sheets in files of their own. What a page hides until it
is opened by a click is hidden.
"""

import itertools
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from qa.reading.markup import Tree

MOST_CHARS = 2_000_000
"""Of all sheets of a page; the largest pages that a browser has saved whole have some 1,000,000."""

MOST_TRIES = 100_000
"""Of a rule on an element: a second, or ten in a page made for it. The sheets of a page that takes
more are passed over."""

MOST_AROUND = 40
"""Elements around another, from the inside out, among which a selector is looked for."""

MOST_NESTED = 4
"""Blocks such as `@media` in one another."""

_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)|<!--|-->", re.DOTALL)
_NAME = r"-?[a-z_\u0080-\U0010ffff][\w-]*"
_COMPOUND = re.compile(rf"(?P<tag>{_NAME}|\*)?(?P<marks>(?:[.#]{_NAME})*)", re.IGNORECASE)
_MARK = re.compile(rf"[.#]{_NAME}", re.IGNORECASE)
_EVERYWHERE = re.compile(r"@(?:media\s+(?:only\s+)?(?:all|screen)|layer\b.*|supports\b.*)\s*\Z")
_SCREEN = re.compile(r"\s*(?:all|screen|)\s*\Z", re.IGNORECASE)
_IMPORTANT = re.compile(r"\s*!\s*important\s*\Z")


@dataclass(frozen=True, slots=True)
class _Part:
    """What one element must be for a part of a selector."""

    tag: str
    ids: frozenset[str]
    classes: frozenset[str]
    is_child: bool
    """Whether it stands right inside the part before it."""

    def fits(self, element: Tree) -> bool:
        return (
            self.tag in ("", element.tag)
            and self.ids <= {element.get("id")}
            and self.classes <= set(element.get("class", "").split())
        )


@dataclass(frozen=True, slots=True)
class _Rule:
    """Declarations for what fits a selector; `weight` says which of two rules holds."""

    parts: tuple[_Part, ...]
    stated: Mapping[str, str]
    weight: tuple[int, int, int, int]

    @property
    def key(self) -> str:
        """A mark that every element has that it fits: one of its ids, classes, or its tag."""
        last = self.parts[-1]
        ids, classes = (sorted(marks) for marks in (last.ids, last.classes))
        return next(
            (f"{sign}{one[0]}" for sign, one in (("#", ids), (".", classes)) if one), last.tag
        )


@dataclass(frozen=True, slots=True)
class StyleSheets:
    """The rules of all sheets of a page, by a mark that what they fit must have."""

    rules: Mapping[str, Sequence[_Rule]]

    def stated(self, element: Tree) -> dict[str, str]:
        """What they say of an element: names and values in small letters."""
        fitting = [rule for rule in self.tried(element) if _fits(rule.parts, element)]
        found: dict[str, str] = {}
        for rule in sorted(fitting, key=lambda rule: rule.weight):
            found |= rule.stated
        return found

    def tried(self, element: Tree) -> list[_Rule]:
        """The rules that may fit an element."""
        marks = ["", element.tag, f"#{element.get('id')}"]
        marks += [f".{name}" for name in element.get("class", "").split()]
        return [rule for mark in dict.fromkeys(marks) for rule in self.rules.get(mark, ())]


def style_sheets(page: Tree, names: Collection[str]) -> StyleSheets:
    """The sheets in a page, for the declarations of these names alone."""
    sheets = [one.text or "" for one in page.iter("style") if _SCREEN.match(one.get("media", ""))]
    text = _COMMENT.sub(" ", "\n".join(sheets)[:MOST_CHARS])
    rules: dict[str, list[_Rule]] = {}
    for number, (selectors, body) in enumerate(_blocks(text)):
        plain, urgent = _declarations(body, names)
        for parts in map(_parts, selectors.split(",")) if plain or urgent else ():
            for stated, rank in ((plain, 0), (urgent, 1)):
                if parts and stated:
                    rule = _Rule(parts, stated, _weight(parts, rank, number))
                    rules.setdefault(rule.key, []).append(rule)
    found = StyleSheets(rules)
    tries = sum(len(found.tried(element)) for element in page.iter()) if rules else 0
    return found if tries <= MOST_TRIES else StyleSheets({})


def _blocks(text: str, depth: int = 0) -> Iterator[tuple[str, str]]:
    """Selectors and declarations of every rule that holds on any screen."""
    place = 0
    while (opens := text.find("{", place)) >= 0:
        closes = _closing(text, opens)
        prelude = text[place:opens].rpartition(";")[2].strip()
        body = text[opens + 1 : closes]
        if not prelude.startswith("@"):
            yield prelude, body
        elif depth < MOST_NESTED and _EVERYWHERE.match(" ".join(prelude.lower().split())):
            yield from _blocks(body, depth + 1)
        place = closes + 1


def _closing(text: str, opens: int) -> int:
    """Where the block ends that opens here, or the text."""
    depth = 0
    for brace in re.compile("[{}]").finditer(text, opens):
        depth += 1 if brace[0] == "{" else -1
        if depth == 0:
            return brace.start()
    return len(text)


def _declarations(body: str, names: Collection[str]) -> tuple[dict[str, str], dict[str, str]]:
    """Those that give way to others, and those that are marked as important."""
    plain: dict[str, str] = {}
    urgent: dict[str, str] = {}
    for declaration in body.lower().split(";"):
        name, colon, value = (part.strip() for part in declaration.partition(":"))
        if colon and name in names:
            is_urgent = _IMPORTANT.search(value)
            (urgent if is_urgent else plain)[name] = _IMPORTANT.sub("", value)
    return plain, urgent


def _parts(selector: str) -> tuple[_Part, ...]:
    """A selector from the outside in; nothing where it has more than tags, classes and ids."""
    parts: list[_Part] = []
    is_child = False
    for word in selector.replace(">", " > ").split():
        if word == ">":
            is_child = True
            continue
        match = _COMPOUND.fullmatch(word)
        if match is None or (is_child and not parts):
            return ()
        marks = _MARK.findall(match["marks"])
        ids, classes = (frozenset(one[1:] for one in marks if one[0] == sign) for sign in "#.")
        tag = (match["tag"] or "").lower().strip("*")
        parts.append(_Part(tag, ids, classes, is_child))
        is_child = False
    return () if is_child else tuple(parts)


def _weight(parts: Sequence[_Part], rank: int, number: int) -> tuple[int, int, int, int]:
    """First what is important, then by ids, by classes and tags, and the later of equals."""
    classes = sum(len(one.classes) for one in parts)
    tags = sum(bool(one.tag) for one in parts)
    return rank, sum(len(one.ids) for one in parts), 1000 * classes + tags, number


def _fits(parts: Sequence[_Part], element: Tree) -> bool:
    """Whether the element is the last of these parts, inside the others."""
    if not parts[-1].fits(element) or len(parts) == 1:
        return parts[-1].fits(element)
    around = [*itertools.islice(element.iterancestors(), MOST_AROUND)]
    above: set[int] = set()
    right_above: set[int] = set()
    for one in (*reversed(around), element):
        above |= right_above
        right_above = {
            place
            for place, part in enumerate(parts)
            if (not place or place - 1 in (right_above if part.is_child else above))
            and part.fits(one)
        }
    return len(parts) - 1 in right_above

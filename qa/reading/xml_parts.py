"""Documents that are XML in a zip archive: Word, OpenDocument, PowerPoint, Excel, EPUB.

Pure: bytes in, values out. Pictures stay packed.
"""

import posixpath
from collections.abc import Callable, Mapping
from urllib.parse import unquote

from qa.reading.archives import members
from qa.reading.draft import Unreadable
from qa.reading.markup import Tree, parse_xml
from qa.reading.titles import stated_title

_PROPERTIES = "docProps/core.xml"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def holds_words(name: str) -> bool:
    """Whether a part is XML."""
    return name.endswith((".xml", ".rels"))


def xml_parts(raw: bytes, wanted: Callable[[str], bool] = holds_words) -> dict[str, bytes]:
    """The wanted parts of a document by their names. Raises Unreadable."""
    parts = {}
    for member in members(raw, wanted):
        if member.refusal:
            raise Unreadable(f"cannot be read: its part {member.name} {member.refusal}")
        parts[member.name] = member.raw
    return parts


def tree_of(parts: Mapping[str, bytes], name: str) -> Tree:
    """The tree of a part, of nothing where it is missing. Raises Unreadable."""
    return parse_xml(parts.get(name) or b"<none/>")


def local(element: Tree) -> str:
    """The name of an element without its namespace; "" for what is none, such as an entity."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def named(root: Tree, name: str) -> list[Tree]:
    """All elements of that name below a root, whatever their namespace, in order."""
    return list(root.iter(f"{{*}}{name}"))


def attribute(element: Tree, name: str) -> str:
    """The value of an attribute of that name, whatever its namespace; "" where it is missing."""
    values = (value for key, value in element.items() if key.rpartition("}")[2] == name)
    return str(next(values, ""))


def words_of(root: Tree, name: str) -> str:
    """The words of the first element of that name below a root, in one line; "" if none."""
    found = next(root.iter(f"{{*}}{name}"), None)
    return "" if found is None else " ".join("".join(found.itertext()).split())


def title_in_properties(parts: Mapping[str, bytes]) -> str | None:
    """The title in the properties of an office document of Microsoft's."""
    return stated_title(words_of(tree_of(parts, _PROPERTIES), "title"))


def inside(base: str, target: str) -> str:
    """The name of the part that a part refers to, by a path relative to its own."""
    path = unquote(target.partition("#")[0])
    if path.startswith("/"):
        return path.lstrip("/")
    return posixpath.normpath(posixpath.join(posixpath.dirname(base), path))


def relations(parts: Mapping[str, bytes], name: str) -> dict[str, tuple[str, str]]:
    """What a part of an office document refers to inside it, by id: kind and name of the part."""
    folder, _, file = name.rpartition("/")
    found = {}
    for relation in named(tree_of(parts, f"{folder}/_rels/{file}.rels"), "Relationship"):
        if relation.get("TargetMode") != "External":
            kind = relation.get("Type", "").rpartition("/")[2]
            found[relation.get("Id", "")] = (kind, inside(name, relation.get("Target", "")))
    return found


def relation_of(element: Tree) -> str:
    """The id of the relation that an element names."""
    return str(element.get(_RELATION, ""))

"""Marks of note programs become the words that these show."""

import pytest

from qa.reading.plain import read_markdown, without_note_marks
from qa.reading.titles import title_of


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("See [[The weir]].", "See The weir."),
        ("See [[Places/The weir|our weir]].", "See our weir."),
        ("See [[Places/The weir]] and [[Weir#Gates]].", "See The weir and Weir > Gates."),
        ("See [[#Gates]] and [[Weir#^a1b2c3]].", "See Gates and Weir."),
        ("Before ![[photo.png|300]] after", "Before  after"),
        ("> [!quote]- Anna says\n> It opened.", "> Anna says\n> It opened."),
        ("> [!info]\n> It opened.", ">\n> It opened."),
        ("It opened. %%to check%% It shut.", "It opened.  It shut."),
        ("It opened. ^a1b2c3\nNext", "It opened.\nNext"),
        ("It is ==open== now.", "It is open now."),
        ("`[[x]]` and\n```\n[[y]] == z\n```\n[[z]]", "`[[x]]` and\n```\n[[y]] == z\n```\nz"),
        ("```\n~~~\n[[y]]\n```\n[[z]]", "```\n~~~\n[[y]]\n```\nz"),
        ("~~~ a`b\n```\n[[y]]\n~~~~ \n[[z]]", "~~~ a`b\n```\n[[y]]\n~~~~ \nz"),
        ("````\n```\n[[y]]\n````\n[[z]]", "````\n```\n[[y]]\n````\nz"),
        ("```\n``` sh\n[[y]]\n```\n[[z]]", "```\n``` sh\n[[y]]\n```\nz"),
        ("```[[x]]``` and [[z]]", "```[[x]]``` and z"),
        ("[[z]]\n```\n[[y]]", "z\n```\n[[y]]"),
        ("if [[ -f x ]]; a == b == c; 100%%; x ^2", "if [[ -f x ]]; a == b == c; 100%%; x ^2"),
        ("[words](page.md) and **bold** [1]", "[words](page.md) and **bold** [1]"),
    ],
)
def test_marks_become_words(written: str, shown: str) -> None:
    assert without_note_marks(written) == shown


def test_front_matter_stays_front_matter() -> None:
    raw = b"---\ntitle: The ==weir==\naliases: [a]\n---\n# Of [[Gale]]\n\nIt opened."
    (draft,) = read_markdown(raw).drafts
    assert (draft.title, draft.text) == ("The ==weir==", "# Of Gale\n\nIt opened.")
    assert read_markdown(b"# Of [[Gale]]\n\nText.").drafts[0].title == "Of Gale"


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("Visit 0123456789abcdef0123456789abcdef", "Visit"),
        ("Visit-2023_0123456789abcdef0123456789abcdef", "Visit 2023"),
        ("0123456789abcdef0123456789abcdef", "0123456789abcdef0123456789abcdef"),
    ],
)
def test_the_ids_that_exports_add_to_names_are_no_part_of_a_title(name: str, title: str) -> None:
    assert title_of("", name) == title
    assert title_of("00:01:20\n\nWords.", name) == title

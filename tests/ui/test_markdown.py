"""What of a Markdown text is a sign, as CommonMark has it, and how it is drawn around the words."""

from html import unescape
from html.parser import HTMLParser

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ui.markdown import drawn, looks_of, plain, shown


@pytest.mark.parametrize(
    ("markdown", "seen"),
    [
        ("The **ferry** _Aldona_ sailed.", "The ferry Aldona sailed."),
        ("***Both*** and __strong__.", "Both and strong."),
        ("`1 * 2 * 3` is 6", "1 * 2 * 3 is 6"),
        ("``a ` b``", "a ` b"),
        ('[The *harbour* office](http://a.b/c_d_e "t") said so', "The harbour office said so"),
        ("[The office][1] said so\n\n[1]: http://a.b", "The office said so\n\n[1]: http://a.b"),
        ("![The ferry](a.png)", "The ferry"),
        (r"\*no emphasis\* \here", r"*no emphasis* \here"),
        ("> quoted **words\n> go** on", "> quoted words\n> go on"),
        ("- one *item\n  goes* on", "- one item\n  goes on"),
        ("## Head **line** ##", "## Head line ##"),
        ("**First.**\r\n\r\nSecond *one*.", "First.\r\n\r\nSecond one."),
    ],
)
def test_signs_of_emphasis_code_and_links_are_not_shown(markdown: str, seen: str) -> None:
    assert shown(markdown, looks_of(markdown)) == seen


@pytest.mark.parametrize(
    "text",
    [
        "2 * 3 * 4 and 5*",
        "snake_case_name",
        "**open",
        "first *line\n\nnext* paragraph",
        "[1] and [words] (in brackets)",
        "[](nothing)",
        "`open",
        "```\n**code**\n```",
        "    **code**",
        "* * *",
        "<a href='*x*'>tags</a>",
    ],
)
def test_what_is_no_sign_stands(text: str) -> None:
    assert looks_of(text) == plain(text)


def test_words_stand_in_the_tags_of_their_looks_and_signs_are_hidden() -> None:
    markdown = "A **b *c*** `d`"
    assert drawn(markdown, looks_of(markdown)) == (
        "A <span hidden>**</span><strong>b </strong><span hidden>*</span>"
        "<em><strong>c</strong></em><span hidden>***</span> "
        "<span hidden>`</span><code>d</code><span hidden>`</span>"
    )


def test_words_are_escaped_in_whatever_looks() -> None:
    markdown = "**<b>** [x](http://a?b&c) `<i>`"
    assert drawn(markdown, looks_of(markdown)) == (
        "<span hidden>**</span><strong>&lt;b&gt;</strong><span hidden>**</span> "
        "<span hidden>[</span>x<span hidden>](http://a?b&amp;c)</span> "
        "<span hidden>`</span><code>&lt;i&gt;</code><span hidden>`</span>"
    )


class Tags(HTMLParser):
    """The text of some HTML, with and without what is hidden; every tag must be closed in turn."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.all, self.seen = "", ""
        self.open: list[tuple[str, bool]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open.append((tag, ("hidden", None) in attrs))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        self.all += data
        self.seen += "" if any(hidden for _, hidden in self.open) else data


SIGNS = st.sampled_from(
    [
        *(
            "*",
            "**",
            "_",
            "__",
            "`",
            "``",
            "[",
            "](http://a.b)",
            "![",
            "\\",
            "> ",
            "- ",
            "# ",
            "1. ",
        ),
        *("\n", "\n\n", "\r\n", "    ", "\t", "\0", "<b>", "&amp;", "[1]: x\n", " ", "a", "é", "𝒳"),
    ]
)
MARKDOWN = st.lists(SIGNS, max_size=30).map("".join) | st.text(max_size=40)


@given(MARKDOWN, st.integers(0, 60), st.integers(0, 60))
@example("**a *b*** `c` [d](e)", 3, 12)
def test_without_tags_and_signs_any_part_of_a_text_is_the_text(
    text: str, start: int, end: int
) -> None:
    looks = looks_of(text)
    assert len(looks) == len(text)
    part = slice(min(start, end), max(start, end))
    html = str(drawn(text[part], looks[part]))
    tags = Tags(html)
    assert tags.open == []
    assert tags.all == unescape(html_without_tags(html)) == text[part]
    assert tags.seen == shown(text[part], looks[part])


def html_without_tags(html: str) -> str:
    """What stands outside `<` and `>`: those of the text are escaped."""
    return "".join(piece.rpartition(">")[2] for piece in html.split("<"))

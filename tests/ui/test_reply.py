from dataclasses import replace
from datetime import date

from markupsafe import Markup

from qa.types import Answer, Hit, Passage, Side
from tests.ui.harbour import (
    COUNT,
    FERRY,
    FERRY_ANSWER,
    FIRE,
    HITS,
    answer,
    close,
    conflicting,
    hit,
    refused,
)
from ui.exchange import Exchange, Stage
from ui.reply import linked, reply, unlinked


def html_of(given: Answer, number: int = 1) -> Markup:
    return reply(Exchange(number, "When?", Stage.ANSWERED, hits=given.hits, answer=given), given)


def words_of(html: str) -> list[str]:
    """What a person reads, and copies: the text between the tags."""
    return " ".join(part.split(">")[-1] for part in html.split("<")).split()


def test_a_citation_is_a_link_to_its_source_and_carries_the_quote() -> None:
    html = html_of(FERRY_ANSWER, number=2)
    assert (
        'On board were 212 passengers <a class="cite" id="cite-2-4" href="#src-2-1" '
        'role="doc-noteref" aria-label="Source 1, Ferry back in service after eleven days" '
        'aria-description="“212 passengers were on board”">[1]</a>. '
    ) in html
    assert html.count(' id="cite-2-') == 4


def test_an_unsupported_sentence_says_so() -> None:
    assert (
        '<span class="unsupported"><span class="said">The captain called it a good day.</span> '
        '<span class="verdict">not found in the sources</span></span>'
    ) in html_of(FERRY_ANSWER)


def test_a_number_that_is_not_borne_out_says_so() -> None:
    html = html_of(answer("When?", (("On Friday [1].", ()),)))
    assert "Named by the model, but these words do not stand there." in html


def test_every_part_of_an_answer_is_shown_once_and_in_order() -> None:
    html = html_of(FERRY_ANSWER)
    bare = "".join(part.split(">")[-1] for part in html.split("<"))
    assert bare.replace(" not found in the sources", "") == FERRY_ANSWER.text


def test_where_nothing_bears_on_it_one_reads_how_to_ask_and_what_is_near() -> None:
    html = html_of(refused("Who sang Tosca?"))
    assert html.startswith(
        '<div class="refusal"><p><strong>Nothing in the articles bears on this question.</strong> '
        "Ask with words that the articles themselves would use, in their language.</p>"
        '<p class="closest">Closest in your articles:</p><ul>'
        '<li><a href="#src-1-1">Ferry back in service after eleven days</a> <time'
    )
    assert words_of(html).count("eleven") == 1


def test_what_comes_close_is_a_message_that_the_quotes_follow() -> None:
    assert html_of(close("Was anybody punished?"), number=2) == (
        '<div class="refusal close"><p id="close-2"><strong>The articles do not say this outright.'
        "</strong> The closest they come:</p></div>"
    )


def test_numbers_lead_to_their_sources_while_the_answer_is_written() -> None:
    writing = Exchange(2, "When?", Stage.WRITING, hits=HITS)
    assert linked(writing, "<b> [1][3], [4] [0] [x].") == (
        '&lt;b&gt; <a class="cite" href="#src-2-1">[1]</a><a class="cite" href="#src-2-3">[3]</a>, '
        "[4] [0] [x]."
    )
    assert unlinked("<b> [1]") == '&lt;b&gt; <span class="cite">[1]</span>'


def test_an_article_is_named_once_among_the_closest() -> None:
    again = replace(FERRY, id="harbour/ferry#2")
    html = html_of(refused("Who won?", (hit(FIRE), hit(FERRY), hit(again))))
    assert [part.split('"')[0] for part in html.split('href="')[1:]] == ["#src-1-1", "#src-1-2"]


def test_a_refusal_without_sources_is_its_message() -> None:
    assert html_of(refused("Who won?", ())) == (
        '<div class="refusal"><p><strong>Nothing in the articles bears on this question.</strong> '
        "Ask with words that the articles themselves would use, in their language.</p></div>"
    )


def test_a_conflict_shows_each_side_once_with_its_day_and_source() -> None:
    html = html_of(conflicting("How many?"))
    assert (
        words_of(html)
        == (
            "The articles differ; the newest comes first "
            "15 March 2024 · Island Gazette newer “The company has counted again: 198 passengers "
            "were on board when the ferry sailed on Thursday.” [4] "
            "14 March 2024 · Harbour Courier “The harbour office said that 212 passengers were on "
            "board.” [1]"
        ).split()
    )
    assert '<h3 id="conflict-1">The articles differ; the newest comes first</h3>' in html
    assert (
        '<p class="text">“The harbour office said that 212 passengers were on board.” '
        '<a class="cite" id="cite-1-2" href="#src-1-1" role="doc-noteref" aria-label="Source 1, '
        'Ferry back in service after eleven days" aria-description="“The harbour office said that '
        '212 passengers were on board.”">[1]</a></p></li></ul>'
    ) in html


def test_a_conflict_that_does_not_say_so_itself_has_a_heading() -> None:
    bare = answer("How many?", (("198 [4].", ()), ("212 [1].", ())), (*HITS, hit(COUNT)))
    html = html_of(replace(bare, conflict=(Side("198", (4,)), Side("212", (1,)))))
    assert '<h3 id="conflict-1">The articles disagree</h3>' in html


def sides_by(*passages: tuple[Passage, ...]) -> str:
    """Who told each side, newest marked, where these passages stand on them."""
    hits: tuple[Hit, ...] = tuple(hit(one) for side in passages for one in side)
    numbers = iter(range(1, len(hits) + 1))
    sides = [Side("<so>", tuple(next(numbers) for _ in side)) for side in passages]
    said = [(f"<so> [{side.numbers[0]}].", ()) for side in sides]
    given = replace(answer("How many?", said, hits), conflict=tuple(sides))
    html = html_of(given)
    assert html.count("&lt;so&gt;") == len(passages)
    told = [part.split("</p>")[0] for part in html.split('<p class="told">')[1:]]
    return " | ".join(" ".join(words_of(one)) for one in told)


def test_a_side_names_each_of_its_sources_once_the_newest_first() -> None:
    other = replace(FIRE, id="harbour/fire#1")
    assert sides_by((FIRE, other, COUNT), (FERRY,)) == (
        "15 March 2024 · Island Gazette; 3 March 2024 · Harbour Courier newer"
        " | 14 March 2024 · Harbour Courier"
    )


def test_only_what_is_known_to_be_newer_is_called_so() -> None:
    undated = replace(FIRE, published=None, source=None)
    same_day = replace(FIRE, published=date(2024, 3, 15))
    assert "newer" in sides_by((COUNT,), (FERRY,), (FIRE,))
    assert "newer" not in sides_by((COUNT,), (undated,))
    assert "newer" not in sides_by((COUNT,), (same_day,))
    assert sides_by((undated,), (undated,)).startswith(f"undated · {FIRE.title} |")

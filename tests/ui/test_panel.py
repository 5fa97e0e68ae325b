import re
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from markupsafe import escape

from qa.types import Citation, Passage
from tests.ui.harbour import (
    BUDGET,
    EVIDENCE,
    FERRY,
    FERRY_ANSWER,
    FIRE,
    HITS,
    NOBODY,
    SAILED,
    answer,
    cite,
    hit,
)
from ui.exchange import Exchange, Stage
from ui.panel import clip, date, sources


def answered(number: int = 1) -> Exchange:
    return Exchange(number, "Q?", Stage.ANSWERED, hits=FERRY_ANSWER.hits, answer=FERRY_ANSWER)


def test_before_the_first_question_the_panel_says_what_comes() -> None:
    assert "The passages that an answer rests on appear here" in sources(())


def test_only_the_last_sources_are_shown() -> None:
    html = sources((answered(1), answered(2), Exchange(3, "Q?")))
    assert '<section class="sources-of" id="sources-1" hidden>' in html
    assert '<section class="sources-of" id="sources-2">' in html
    assert "sources-3" not in html
    assert html.count(' id="src-1-1"') == html.count(' id="src-2-1"') == 1


def test_a_source_says_where_it_stands() -> None:
    html = sources((Exchange(1, "Q?", Stage.READING, hits=(hit(FERRY, 0.9, ("wire/1",)),)),))
    assert '<time datetime="2024-03-14">14 March 2024</time> · Harbour Courier · harbour/ferry' in (
        html
    )
    assert "<summary>Also in 1 more article</summary><ul><li><button" in html
    assert 'data-sheet="article?id=wire%2F1">wire/1</button></li></ul>' in html
    assert "<mark" not in html
    assert "Back to the answer" not in html


def test_what_is_not_known_of_a_source_is_left_out() -> None:
    html = sources((Exchange(1, "Q?", Stage.READING, hits=(hit(BUDGET),)),))
    assert '<p class="where">council/budget</p>' in html
    assert "Also in" not in html
    assert date(hit(BUDGET)) == ""


def test_the_page_on_which_words_stand_can_be_seen_where_there_is_a_picture_of_it() -> None:
    scanned = replace(FERRY, page=3)
    pictured = {scanned.article_id}
    slides = sources((Exchange(1, "Q?", Stage.READING, hits=(hit(scanned),)),))
    assert "See the page" not in slides
    reading = Exchange(1, "Q?", Stage.READING, hits=(hit(scanned),))
    shown = sources((reading,), pictured=pictured)
    whole = f"start={FERRY.start}&amp;end={FERRY.start + len(FERRY.text)}"
    assert f'data-sheet="page?id=harbour%2Fferry&amp;{whole}">See the page</button>' in shown
    evidence = (SAILED,)
    quoted = sources((replace(reading, evidence=evidence),), pictured=pictured)
    assert f"&amp;start={SAILED.start}&amp;end={SAILED.end}" in quoted
    assert "See the page" not in sources((answered(),), pictured=pictured)


def test_cited_words_are_marked_with_the_citations_that_open_them() -> None:
    html = sources((answered(),))
    assert (
        '<blockquote><mark data-cites="cite-1-1 cite-1-2">The ferry Aldona sailed again on '
        "Thursday morning, eleven days after a fire in her engine room.</mark> The harbour office "
        'said that <mark data-cites="cite-1-4">212 passengers were on board</mark>. Tickets'
    ) in html
    assert '<a class="back" role="doc-backlink" href="#cite-1-1">Back to the answer</a>' in html


def test_quoted_words_are_marked_before_there_is_an_answer_and_beside_its_citations() -> None:
    reading = Exchange(1, "Q?", Stage.READING, hits=HITS, evidence=EVIDENCE)
    html = sources((reading,))
    assert (
        '<blockquote><mark data-cites="cite-1-quote-2">A fire broke out in the engine room of the '
        'ferry Aldona on Sunday evening.</mark> <mark data-cites="cite-1-quote-4">Nobody was hurt.'
        "</mark> Two fire boats"
    ) in html
    assert '<a class="back" role="doc-backlink" href="#cite-1-quote-2">Back to the answer</a>' in (
        html
    )
    told = sources((replace(answered(), evidence=EVIDENCE),))
    assert (
        '<mark data-cites="cite-1-3 cite-1-quote-2">A fire broke out in the engine room of the '
        'ferry Aldona</mark><mark data-cites="cite-1-quote-2"> on Sunday evening.</mark>'
    ) in told
    assert 'href="#cite-1-3">Back to the answer</a>' in told


def test_a_quote_that_is_listed_no_more_is_marked_and_led_back_to_by_nothing() -> None:
    said = (("Nobody was hurt.", ()),)
    reply = answer("Q?", said, (hit(FERRY), hit(FIRE)), evidence=(NOBODY,))
    told = Exchange(1, "Q?", Stage.ANSWERED, hits=reply.hits, evidence=(NOBODY,), answer=reply)
    html = sources((told,))
    assert '<mark data-cites="cite-1-quote-1">Nobody was hurt.</mark>' in html
    assert "Back to the answer" not in html


def test_overlapping_quotes_are_cut_where_they_begin_and_end() -> None:
    said = (
        ("One [1].", (cite(FIRE, 1, "Nobody was hurt. Two"),)),
        ("Two [1].", (cite(FIRE, 1, "hurt. Two fire boats"),)),
    )
    reply = answer("Q?", said, (hit(FIRE),))
    html = sources((Exchange(1, "Q?", Stage.ANSWERED, hits=reply.hits, answer=reply),))
    assert (
        '<mark data-cites="cite-1-1">Nobody was </mark>'
        '<mark data-cites="cite-1-1 cite-1-2">hurt. Two</mark>'
        '<mark data-cites="cite-1-2"> fire boats</mark>'
    ) in html


def test_everything_from_an_article_is_escaped() -> None:
    bad = "<b onclick='x'>\"&"
    passage = replace(FERRY, title=bad, source=bad, article_id=bad, text=bad, end=FERRY.start + 17)
    exchange = Exchange(1, bad, Stage.READING, hits=(hit(passage, also_in=(bad,)),))
    html = sources((exchange,))
    assert "<b" not in html.replace("<blockquote>", "").replace("<button", "")
    assert html.count("&lt;b onclick=&#39;x&#39;&gt;&#34;&amp;") == 6


@given(st.text(min_size=1, max_size=40), st.data())
def test_marks_never_change_the_words_of_a_passage(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, 5))
    passage = Passage("p", "a", "t", None, start, start + len(text), text)
    offsets = st.integers(0, start + len(text) + 5)
    pairs = data.draw(st.lists(st.tuples(offsets, offsets), max_size=4))
    citations = tuple(Citation(1, "p", min(pair), max(pair)) for pair in pairs)
    reply = answer("Q?", (("Said [1].", citations),), (hit(passage),))
    html = sources((Exchange(1, "Q?", Stage.ANSWERED, hits=reply.hits, answer=reply),))
    quoted = html.split("<blockquote>")[1].split("</blockquote>")[0]
    assert re.sub("</?mark[^>]*>", "", quoted) == escape(text)


def test_clip_keeps_short_texts_whole() -> None:
    assert clip("four", 4) == "four"
    assert clip("one two", 4) == "one…"

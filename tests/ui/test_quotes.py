from dataclasses import replace

from qa.types import Answer
from tests.ui.harbour import (
    EVIDENCE,
    FERRY,
    FERRY_ANSWER,
    HITS,
    NOBODY,
    ON_BOARD,
    SAILED,
    answer,
    cite,
    close,
    hit,
    quote,
    refused,
)
from ui.exchange import Exchange, Stage
from ui.quotes import evidence

READING = Exchange(1, "When?", Stage.READING, hits=HITS, evidence=EVIDENCE)


def told(given: Answer) -> Exchange:
    return Exchange(
        1, "When?", Stage.ANSWERED, hits=given.hits, evidence=given.evidence, answer=given
    )


def test_a_quote_stands_with_its_source_its_day_and_where_else_it_stands() -> None:
    assert evidence(replace(READING, evidence=(SAILED,))) == (
        '<section class="evidence" aria-labelledby="said-1">'
        '<h3 id="said-1">What the articles say</h3><ol><li>'
        "<blockquote>The ferry Aldona sailed again on <strong>Thursday morning</strong>, eleven "
        "days after a fire in her engine room.</blockquote>"
        '<p class="where"><a class="from" id="cite-1-quote-1" href="#src-1-1">'
        "[1] Ferry back in service after eleven days</a> · "
        '<time datetime="2024-03-14">14 March 2024</time><span class="also"> · also in '
        '<button type="button" class="plain" data-sheet="article?id=wire%2Fferry-1">wire/ferry-1'
        '</button>, <button type="button" class="plain" data-sheet="article?id=wire%2Fferry-2">'
        "wire/ferry-2</button></span></p></li></ol></section>"
    )


def test_what_is_not_known_of_a_quote_is_left_out() -> None:
    undated = replace(FERRY, published=None)
    html = evidence(
        replace(READING, hits=(hit(undated),), evidence=(replace(ON_BOARD, answer=None),))
    )
    assert "<time" not in html
    assert "<strong>" not in html
    assert "also in" not in html


def test_three_other_articles_are_named_and_the_others_counted() -> None:
    many = replace(NOBODY, also_in=("a", "b", "c", "d", "e"))
    html = evidence(replace(READING, evidence=(many,)))
    assert html.count("data-sheet") == 3
    assert "c</button> and 2 more</span>" in html


def test_all_stand_open_until_there_is_an_answer_then_two() -> None:
    assert evidence(READING).count("<li>") == 4
    assert "<details>" not in evidence(READING)
    before, after = evidence(told(FERRY_ANSWER)).split(
        "<details><summary>2 more quotes</summary><ol>"
    )
    assert before.count("<li>") == after.count("<li>") == 2
    three = replace(FERRY_ANSWER, evidence=EVIDENCE[:3])
    assert "<summary>1 more quote</summary>" in evidence(told(three))
    assert "<details>" not in evidence(told(replace(FERRY_ANSWER, evidence=EVIDENCE[:2])))


def test_what_comes_close_stands_open_under_the_message() -> None:
    html = evidence(told(close("Was anybody punished?")))
    assert html.startswith(
        '<section class="evidence close" aria-labelledby="close-1"><ol><li><blockquote>A fire broke'
    )
    assert html.count("<li>") == 3


def test_a_quote_that_a_sentence_repeats_is_not_listed_and_nothing_is_no_list() -> None:
    said = ((f"{SAILED.quote[:-1]} [1].", (cite(FERRY, 1, SAILED.quote),)),)
    html = evidence(told(answer("When?", said, evidence=(SAILED, ON_BOARD))))
    assert "Thursday" not in html
    assert 'id="cite-1-quote-2"' in html
    assert evidence(told(answer("When?", said, evidence=(SAILED,)))) == ""
    assert evidence(told(refused("Who sang Tosca?"))) == ""
    assert evidence(Exchange(1, "When?")) == ""


def test_everything_from_an_article_is_escaped() -> None:
    bad = "<b onclick='x'>\"&"
    passage = replace(FERRY, title=bad, text=f"{bad} and {bad}")
    found = quote(passage, 1, passage.text, 1.0, "and", (bad,))
    html = evidence(replace(READING, hits=(hit(passage),), evidence=(found,)))
    assert "<b o" not in html
    assert html.count("&lt;b onclick=&#39;x&#39;&gt;&#34;&amp;") == 4
    assert "<strong>and</strong>" in html

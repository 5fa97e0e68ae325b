"""Quotes of Markdown articles show emphasis as emphasis, and no offset moves."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from playwright.sync_api import expect

from qa.engine.generation import StopFlag
from qa.library.store import Store
from qa.types import Answered, Article, Citation, Event, Passage, Retrieved
from tests.ui.conftest import OpenPage, Serve, ask
from tests.ui.harbour import answer, cite, hit, quote
from tests.ui.scripted import ScriptedAssistant, put
from ui.exchange import Exchange, Stage
from ui.looks import answer_looks
from ui.markdown import plain, shown
from ui.panel import sources
from ui.quotes import evidence
from ui.reply import linked, reply

TEXT = (
    "The **ferry _Aldona_ sailed\nagain** on [Thursday](http://harbour.test/a_b_c), the *harbour "
    "office said. All 212* passengers were `on board`."
)
NOTES = Passage("notes#0", "notes", "Notes", date(2024, 3, 14), 0, len(TEXT), TEXT)
SAILED = quote(NOTES, 1, TEXT[: TEXT.index(" All")], 9.0, "[Thursday](http://harbour.test/a_b_c)")
IN_ONE_LINE = " ".join(SAILED.quote.split())
ALL = quote(NOTES, 1, "All 212* passengers were `on board`.", 5.0)
HITS = (hit(NOTES),)
TOLD = answer(
    "When?",
    (
        (f"“{IN_ONE_LINE}” [1]", (cite(NOTES, 1, SAILED.quote),)),
        ("Some *212* were there [1].", (cite(NOTES, 1, "212* passengers"),)),
    ),
    HITS,
    evidence=(SAILED, ALL),
)


def exchange(*, is_markdown: bool = True) -> Exchange:
    return Exchange(
        1, "When?", Stage.ANSWERED, hits=HITS, evidence=(SAILED, ALL), answer=TOLD,
        markdown=frozenset({"notes"} if is_markdown else ()),
    )  # fmt: skip


def test_a_marked_passage_shows_emphasis_that_begins_or_ends_inside_marked_words() -> None:
    assert (
        '<mark data-cites="cite-1-2 cite-1-quote-2"><em>212</em><span hidden>*</span> passengers'
        '</mark><mark data-cites="cite-1-quote-2"> were <span hidden>`</span><code>on board</code>'
        "<span hidden>`</span>.</mark>"
    ) in sources((exchange(),))


def test_a_quote_looks_as_in_its_passage() -> None:
    reading = replace(exchange(), answer=None, stage=Stage.READING)
    html = evidence(reading)
    assert (
        "<blockquote><em>All 212</em><span hidden>*</span> passengers were <span hidden>`</span>"
        "<code>on board</code><span hidden>`</span>.</blockquote>"
    ) in html
    assert (
        "on <strong><span hidden>[</span>Thursday<span hidden>](http://harbour.test/a_b_c)</span>"
        "</strong>, the <span hidden>*</span><em>harbour office said.</em></blockquote>"
    ) in html


def test_an_answer_looks_as_what_it_quotes_and_its_own_signs_stand() -> None:
    seen = shown(TOLD.text, answer_looks(exchange(), TOLD))
    assert seen == (
        "“The ferry Aldona sailed again on Thursday, the harbour office said.” [1] "
        "Some *212* were there [1]."
    )
    html = reply(exchange(), TOLD)
    assert (
        "<em><strong>Aldona</strong></em><span hidden>_</span><strong> sailed again</strong>"
        in html
    )
    assert 'aria-description="“The ferry Aldona sailed\nagain on Thursday, the harbour' in html
    assert "<strong> sailed again</strong>" in linked(exchange(), TOLD.text)


def test_asterisks_of_other_formats_stand() -> None:
    of_text = exchange(is_markdown=False)
    html = sources((of_text,)) + evidence(of_text) + reply(of_text, TOLD)
    assert "<em>" not in html
    assert "<span hidden>" not in html
    assert answer_looks(of_text, TOLD) == plain(TOLD.text)


def test_words_of_a_quote_that_its_passage_lacks_stand() -> None:
    other = replace(ALL, quote="Other *words*.")
    assert "Other *words*." in evidence(replace(exchange(), evidence=(other,), answer=None))


@pytest.mark.browser
def test_a_reader_sees_emphasis_in_the_answer_its_quotes_its_source_and_the_article(
    serve: Serve, open_page: OpenPage, store: Store
) -> None:
    put(store, Article("notes", "Notes", TEXT, None, NOTES.published, "digest"))

    def tells(assistant: ScriptedAssistant, question: str, stop: StopFlag) -> Iterator[Event]:
        yield Retrieved(HITS, (SAILED, ALL))
        yield Answered(TOLD)

    page = open_page(serve(ScriptedAssistant(tells)))
    ask(page, "When?")
    said = page.locator("#live .answered .answer .text")
    seen = "“The ferry Aldona sailed again on Thursday, the harbour office said.” [1] "
    expect(said).to_have_text(f"{seen}Some *212* were there [1].", use_inner_text=True)
    expect(page.locator("#live .evidence blockquote")).to_have_text(
        "All 212 passengers were on board.", use_inner_text=True
    )
    page.locator("#live .answered a.cite").first.click()
    opened = page.locator("#src-1-1 mark.open")
    assert "".join(opened.all_text_contents()) == SAILED.quote
    assert "".join(opened.all_inner_texts()) == (
        "The ferry Aldona sailed\nagain on Thursday, the harbour office said."
    )
    weight = "one => getComputedStyle(one).fontWeight"
    assert opened.locator("strong").first.evaluate(weight) == "700"

    page.reload()
    expect(page.locator("#src-1-1 blockquote")).not_to_contain_text("**", use_inner_text=True)
    page.locator("#src-1-1").get_by_role("button", name="Open article").click()
    expect(page.locator("#passage")).to_have_text(TEXT)
    expect(page.locator("#passage")).not_to_contain_text("**", use_inner_text=True)
    expect(page.locator(".article-text em").last).to_have_text("harbour office said. All 212")


def test_citations_of_nothing_change_no_look() -> None:
    nothing = replace(TOLD.sentences[0], citations=(Citation(1, "notes#0", 900, 990),))
    told = replace(TOLD, sentences=(nothing,))
    assert answer_looks(exchange(), told) == plain(TOLD.text)

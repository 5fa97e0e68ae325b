from dataclasses import replace

from qa.errors import BadQuestion
from qa.types import Understood
from tests.ui.harbour import EVIDENCE, FERRY, FERRY_ANSWER, HITS, answer, cite, hit, quote
from ui.exchange import Exchange, Stage, advance
from ui.rendering import banner, conversation, render_exchange

ASKED = Exchange(1, "When?")


def answered(number: int = 1) -> Exchange:
    return Exchange(
        number, "When?", Stage.ANSWERED, hits=HITS, evidence=EVIDENCE, answer=FERRY_ANSWER
    )


def test_the_status_says_how_far_it_is() -> None:
    reading = replace(ASKED, stage=Stage.READING, hits=HITS, evidence=EVIDENCE, read_share=0.604)
    one = replace(reading, evidence=EVIDENCE[:1])
    none = replace(reading, evidence=())
    assert "Looking through the articles…" in render_exchange(ASKED)
    waiting = replace(ASKED, stage=Stage.WAITING, hits=HITS, ahead=2)
    assert '3 sources</button><span role="status">Waiting: 2 ahead' in render_exchange(waiting)
    assert '<span role="status">Reading 4 quotes…</span>' in render_exchange(reading)
    assert 'aria-hidden="true">60%</span>' in render_exchange(reading)
    assert "Reading 1 quote…" in render_exchange(one)
    assert "Reading 3 passages…" in render_exchange(none)
    assert 'aria-busy="true"' in render_exchange(reading)
    assert 'aria-busy="false"' in render_exchange(answered())


def test_sentences_come_above_the_quotes_and_lead_to_their_sources() -> None:
    writing = replace(
        ASKED, stage=Stage.WRITING, hits=HITS, evidence=EVIDENCE, written="A <b> [1] [2"
    )
    html = render_exchange(writing)
    assert '<span role="status">Writing, and checking each sentence…</span>' in html
    assert (
        'aria-busy="true"><p class="text">A &lt;b&gt; <a class="cite" href="#src-1-1">[1]</a> [2'
        '</p></div><section class="evidence"'
    ) in html
    waiting = render_exchange(replace(writing, stage=Stage.WAITING, ahead=1))
    assert "Waiting: 1 ahead of you" in waiting
    assert "A &lt;b&gt;" in waiting


def test_an_answer_is_drawn_with_its_links() -> None:
    assert '<a class="cite" id="cite-2-4" href="#src-2-1"' in render_exchange(answered(number=2))


def test_what_was_stopped_keeps_what_was_found_and_says_that_it_is_not_whole() -> None:
    stopped = replace(ASKED, stage=Stage.STOPPED, hits=HITS, evidence=EVIDENCE)
    html = render_exchange(replace(stopped, written="The ferry [1]"))
    assert '<p class="text">The ferry <span class="cite">[1]</span></p>' in html
    assert "Stopped: this is not the whole answer." in html
    assert "What the articles say" in html
    assert "Stopped before the answer began." in render_exchange(stopped)


def test_an_error_is_one_escaped_line() -> None:
    error = str(BadQuestion("Too long: <script>"))
    html = render_exchange(replace(ASKED, stage=Stage.FAILED, evidence=EVIDENCE, error=error))
    assert '<p class="error">Too long: &lt;script&gt;</p></div></article>' in html


def test_the_outcome_says_what_it_took() -> None:
    html = render_exchange(answered())
    assert '<button type="button" class="open-sources" data-sources="sources-1">3 sources</' in html
    assert "<span>2.3 s</span>" in html


def test_everything_from_outside_is_escaped() -> None:
    bad = "<i class='x'>\"&"
    passage = replace(FERRY, title=bad, text=bad, end=FERRY.start + len(bad))
    reply = answer(bad, ((f"{bad} [1]", (cite(passage, 1, bad),)), (bad, ())), (hit(passage),))
    found = (quote(passage, 1, bad, 1.0, bad[:2], (bad,)),)
    reply = replace(reply, model=bad, evidence=found)
    shown = conversation(
        (
            Exchange(1, bad, Stage.ANSWERED, hits=reply.hits, evidence=found, answer=reply),
            Exchange(2, bad, Stage.READING, hits=reply.hits, evidence=found),
        )
    )
    assert "<i " not in shown
    assert "<i " not in banner(bad, bad)
    assert shown.count("&lt;i class=&#39;x&#39;&gt;&#34;&amp;") == 5 + 3


def test_a_follow_up_says_what_it_was_understood_as_once_it_is() -> None:
    begun = Exchange(1, "And who kept it?")
    assert "Understood as" not in render_exchange(begun)
    html = render_exchange(advance(begun, Understood("Who kept <the> lamp?")))
    assert "Understood as: Who kept &lt;the&gt; lamp?" in html


def test_a_long_question_is_shown_by_its_beginning() -> None:
    html = render_exchange(replace(ASKED, question="x" * 100_000))
    assert "x" * 300 + "…" in html
    assert len(html) < 1000

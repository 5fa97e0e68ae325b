from dataclasses import replace

from qa.errors import BadQuestion
from tests.ui.scripted import FERRY, FERRY_ANSWER, HITS, answer, cite, hit
from ui.exchange import Exchange, Stage
from ui.rendering import banner, conversation, render_exchange

ASKED = Exchange(1, "When?")


def answered(number: int = 1) -> Exchange:
    return Exchange(number, "When?", Stage.ANSWERED, hits=HITS, answer=FERRY_ANSWER)


def test_the_status_says_how_far_it_is() -> None:
    reading = replace(ASKED, stage=Stage.READING, hits=HITS, read_share=0.604)
    one = replace(reading, hits=HITS[:1])
    assert "Looking through the articles…" in render_exchange(ASKED)
    waiting = replace(ASKED, stage=Stage.WAITING, hits=HITS, ahead=2)
    assert '3 sources</button><span role="status">Waiting: 2 ahead' in render_exchange(waiting)
    assert '<span role="status">Reading 3 passages…</span>' in render_exchange(reading)
    assert 'aria-hidden="true">60%</span>' in render_exchange(reading)
    assert "Reading 1 passage…" in render_exchange(one)
    assert 'aria-busy="true"' in render_exchange(reading)
    assert 'aria-busy="false"' in render_exchange(answered())


def test_what_is_shown_before_the_end_is_marked_as_unchecked_and_has_no_links() -> None:
    checking = replace(
        ASKED, stage=Stage.CHECKING, hits=HITS, read_share=0.6, written="A <b> [1] [2"
    )
    html = render_exchange(checking)
    assert '<span role="status">Checking the other passages…</span>' in html
    assert 'aria-hidden="true">60%</span>' in html
    assert (
        '<p class="text unconfirmed">A &lt;b&gt; <span class="cite">[1]</span> [2 '
        '<span class="pending">not checked yet</span></p>'
    ) in html
    waiting = render_exchange(replace(checking, stage=Stage.WAITING, ahead=1))
    assert "Waiting: 1 ahead of you" in waiting
    assert "not checked yet" in waiting
    assert "Checking…" in render_exchange(replace(checking, hits=HITS[:1]))


def test_an_answer_is_drawn_with_its_links() -> None:
    assert '<a class="cite" id="cite-2-4" href="#src-2-1"' in render_exchange(answered(number=2))


def test_what_was_stopped_says_that_it_is_unchecked() -> None:
    html = render_exchange(replace(ASKED, stage=Stage.STOPPED, hits=HITS, written="The ferry [1]"))
    assert "The ferry" in html
    assert "not checked against the sources" in html
    assert "Stopped before the answer began." in render_exchange(
        replace(ASKED, stage=Stage.STOPPED)
    )


def test_an_error_is_one_escaped_line() -> None:
    error = str(BadQuestion("Too long: <script>"))
    html = render_exchange(replace(ASKED, stage=Stage.FAILED, error=error))
    assert '<p class="error">Too long: &lt;script&gt;</p>' in html


def test_the_outcome_says_what_it_took() -> None:
    html = render_exchange(answered())
    assert '<button type="button" class="open-sources" data-sources="sources-1">3 sources</' in html
    assert "<span>2.3 s</span>" in html


def test_everything_from_outside_is_escaped() -> None:
    bad = "<i class='x'>\"&"
    passage = replace(FERRY, title=bad, text=bad, end=FERRY.start + len(bad))
    reply = answer(bad, ((f"{bad} [1]", (cite(passage, 1, bad),)), (bad, ())), (hit(passage),))
    shown = conversation(
        (Exchange(1, bad, Stage.ANSWERED, hits=reply.hits, answer=replace(reply, model=bad)),)
    )
    assert "<i " not in shown
    assert "<i " not in banner(bad, bad)
    assert shown.count("&lt;i class=&#39;x&#39;&gt;&#34;&amp;") == 5


def test_a_long_question_is_shown_by_its_beginning() -> None:
    html = render_exchange(replace(ASKED, question="x" * 100_000))
    assert "x" * 300 + "…" in html
    assert len(html) < 1000

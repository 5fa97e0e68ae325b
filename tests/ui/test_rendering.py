from dataclasses import replace

from qa.errors import BadQuestion
from qa.types import Side, Usage
from tests.ui.scripted import FERRY, FERRY_ANSWER, HITS, answer, cite, hit, refused
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


def test_text_that_is_being_written_has_no_links_yet() -> None:
    html = render_exchange(replace(ASKED, stage=Stage.WRITING, hits=HITS, written="A <b> [1] [2"))
    assert '<p class="text">A &lt;b&gt; <span class="cite">[1]</span> [2</p>' in html


def test_a_citation_is_a_link_to_its_source_and_carries_the_quote() -> None:
    html = render_exchange(answered(number=2))
    assert (
        'On board were 212 passengers <a class="cite" id="cite-2-4" href="#src-2-1" '
        'role="doc-noteref" aria-label="Source 1, Ferry back in service after eleven days" '
        'data-quote="“212 passengers were on board”">[1]</a>. '
    ) in html
    assert html.count(' id="cite-2-') == 4


def test_an_unsupported_sentence_says_so() -> None:
    assert (
        '<span class="unsupported"><span class="said">The captain called it a good day.</span> '
        '<span class="verdict">not found in the sources</span></span>'
    ) in render_exchange(answered())


def test_a_number_that_is_not_borne_out_says_so() -> None:
    reply = answer("When?", (("On Friday [1].", ()),))
    html = render_exchange(replace(answered(), answer=reply))
    assert "Named by the model, but these words do not stand there." in html


def test_every_part_of_an_answer_is_shown_once_and_in_order() -> None:
    reply = FERRY_ANSWER
    html = render_exchange(answered()).split('<p class="text">')[1].split("</p>")[0]
    for own in ('<span class="verdict">not found in the sources</span>',):
        html = html.replace(f" {own}", "")
    bare = "".join(part.split(">")[-1] for part in html.split("<"))
    assert bare == reply.text


def test_a_refusal_lists_what_came_closest() -> None:
    html = render_exchange(replace(answered(), answer=refused("Who won?")))
    assert '<div class="refusal"><p>The articles do not say who won.</p>' in html
    assert '<li><a href="#src-1-1">Ferry back in service after eleven days</a> <time' in html
    assert "Closest" not in render_exchange(replace(answered(), hits=(), answer=refused("?", ())))


def test_a_conflict_names_its_sides() -> None:
    reply = replace(FERRY_ANSWER, conflict=(Side("On <Thursday>", (1,)), Side("On Friday", (2, 3))))
    html = render_exchange(replace(answered(), answer=reply))
    assert '<li>On &lt;Thursday&gt; <a href="#src-1-1">[1]</a></li>' in html
    assert '<a href="#src-1-2">[2]</a> <a href="#src-1-3">[3]</a>' in html


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
    reply = replace(FERRY_ANSWER, usage=Usage(dropped_passages=2))
    html = render_exchange(replace(answered(), answer=reply))
    assert '<button type="button" class="open-sources" data-sources="sources-1">3 sources</' in html
    assert "<span>2.3 s</span>" in html
    assert "2 more did not fit the model’s context" in html


def test_everything_from_outside_is_escaped() -> None:
    bad = "<i class='x'>\"&"
    passage = replace(FERRY, title=bad, text=bad, end=FERRY.start + len(bad))
    reply = answer(bad, ((f"{bad} [1]", (cite(passage, 1, bad),)), (bad, ())), (hit(passage),))
    shown = conversation(
        (Exchange(1, bad, Stage.ANSWERED, hits=reply.hits, answer=replace(reply, model=bad)),)
    )
    assert "<i" not in shown
    assert "<i" not in banner(bad)
    assert shown.count("&lt;i class=&#39;x&#39;&gt;&#34;&amp;") == 5


def test_a_long_question_is_shown_by_its_beginning() -> None:
    html = render_exchange(replace(ASKED, question="x" * 100_000))
    assert "x" * 300 + "…" in html
    assert len(html) < 1000

"""Nothing that comes from outside runs: planted everywhere at once, without the page's policy."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote

import pytest
from playwright.sync_api import Download, FilePayload, Page, expect

from qa.engine.generation import StopFlag
from qa.errors import BadQuestion
from qa.library.store import Store
from qa.types import Answered, Article, Event, Passage, Retrieved, Writing
from tests.ui.conftest import OpenPage, Serve, ask
from tests.ui.harbour import answer, cite, close, hit, quote
from tests.ui.scripted import ScriptedAssistant, put

RAN = "window.ran=1"

PAYLOADS = (
    f"<script>{RAN}</script>",
    f"</script><script>{RAN}</script>",
    f"<SCRIPT SRC=data:text/javascript,{RAN}></SCRIPT>",
    f"<scr<script>ipt>{RAN}</scr</script>ipt>",
    f"<script/x>{RAN}</script/x>",
    f"<img src=x onerror={RAN}>",
    f"<img src=x onerror='{RAN}'>",
    f'"><img src=x onerror="{RAN}">',
    f"'><img src=x onerror={RAN}>",
    f"<IMG SRC=x OnErRoR={RAN}//",
    f"<img/src=x/onerror={RAN}>",
    f"<img src=x:x onerror\n=\n{RAN}>",
    f"<image src=x onerror={RAN}>",
    f"<svg onload={RAN}>",
    f'"><svg onload={RAN}>',
    f"<svg><script>{RAN}</script></svg>",
    f"<svg><animate onbegin={RAN} attributeName=x dur=1s>",
    f"<svg><a xlink:href='javascript:{RAN}'><text y=20>x</text></a></svg>",
    f"<math><mtext><table><mglyph><style><img src=x onerror={RAN}>",
    f"<body onload={RAN}>",
    "<iframe srcdoc='<script>parent.ran=1</script>'></iframe>",
    "<iframe src='javascript:parent.ran=1'></iframe>",
    f"<object data='javascript:{RAN}'></object>",
    f"<embed src='javascript:{RAN}'>",
    f"<details open ontoggle={RAN}>",
    f"<video><source onerror={RAN}></video>",
    f"<audio src=x onerror={RAN}></audio>",
    f"<input autofocus onfocus={RAN}>",
    f"<select autofocus onfocus={RAN}>",
    f"<textarea autofocus onfocus={RAN}>",
    f"</textarea><img src=x onerror={RAN}>",
    f"</title><img src=x onerror={RAN}>",
    f"</style><img src=x onerror={RAN}>",
    f"</mark></blockquote></template><img src=x onerror={RAN}>",
    f"<marquee onstart={RAN}>x</marquee>",
    f"<a href='javascript:{RAN}' autofocus onfocus={RAN}>x</a>",
    f"<form><button formaction='javascript:{RAN}'>x</button></form>",
    f"<meta http-equiv=refresh content='0;url=javascript:{RAN}'>",
    f"<base href='javascript:{RAN}//'>",
    "<link rel=stylesheet href='data:text/css,*{color:red}'>",
    f"<style>@import 'javascript:{RAN}';</style>",
    f"<div style='background:url(javascript:{RAN})'>x</div>",
    f"' onmouseover='{RAN}' x='",
    f'" onfocus="{RAN}" autofocus x="',
    f"javascript:{RAN}",
    f"${{{RAN}}}",
    f"{{{{constructor.constructor('{RAN}')()}}}}",
    "{{#with this}}{{lookup . 'constructor'}}{{/with}}",
    f"`;{RAN};`\\",
    f"&lt;img src=x onerror={RAN}&gt; [1] [99] [<b>]",
    f"[x](javascript:{RAN}) ![x](x) <!--><img src=x onerror={RAN}>-->",
    f"\u2028{RAN}\u2029\x0b<img\x0csrc=x\x0conerror={RAN}>",
)

POISON = " ".join(PAYLOADS)

ARTICLE = Article(f"id-{POISON}", POISON, POISON, POISON, None, "digest")
PASSAGE = Passage(POISON, ARTICLE.id, POISON, None, 0, len(POISON), POISON, POISON)
HITS = (hit(PASSAGE, also_in=(POISON,)),)
FOUND = (
    quote(PASSAGE, 1, POISON, 9.0, PAYLOADS[1], (POISON,)),
    *(quote(PASSAGE, 1, one, 1.0, one, (one,)) for one in PAYLOADS),
)


def poisoned(assistant: ScriptedAssistant, question: str, stop: StopFlag) -> Iterator[Event]:
    """Finds, writes and answers with payloads, each once the gate is opened; or fails with them."""
    if question.startswith("again"):
        raise BadQuestion(POISON)
    yield Retrieved(HITS, FOUND)
    if not assistant.hold(stop):
        return
    assistant.gate.clear()
    yield Writing(f"{POISON} [1]")
    if not assistant.hold(stop):
        return
    assistant.gate.clear()
    cited = (cite(PASSAGE, 1, PAYLOADS[0]),)
    told = answer(question, ((f"{POISON} [1]", cited), (POISON, ())), HITS, None, FOUND)
    near = replace(close(question, FOUND), hits=HITS)
    yield Answered(near if question.startswith("close") else told)


MADE = "img[src='x'], iframe, object, embed, svg[onload], base[href^=java], marquee, .planted"
HANDLERS = "[...document.querySelectorAll('*:not(a.bookmarklet)')].flatMap(one => [...one.attributes]).filter(one => one.name.startsWith('on') || /^\\s*javascript:/i.test(one.value) && ['href', 'src', 'action', 'formaction'].includes(one.name)).map(one => one.name)"  # noqa: E501


def nothing_ran(page: Page) -> None:
    assert page.evaluate("window.ran") is None
    assert page.locator(f"body :is({MADE})").count() == 0
    assert page.evaluate(HANDLERS) == []
    ours = page.locator("a.bookmarklet")  # a script on purpose: that of the house, and one at most
    assert ours.count() <= 1
    assert not any(RAN in unquote(str(one.get_attribute("href"))) for one in ours.all())


def go_through_an_answer(page: Page, assistant: ScriptedAssistant, question: str) -> None:
    """Ask; look at its quotes, at what is being written, at the answer."""
    ask(page, question)
    expect(page.locator("#live .reading blockquote").first).to_have_text(POISON)
    nothing_ran(page)
    assistant.gate.set()
    expect(page.locator("#live .writing .text")).to_contain_text(PAYLOADS[0])
    nothing_ran(page)
    assistant.gate.set()
    expect(page.locator("#live .answered")).to_be_visible()
    nothing_ran(page)


def go_through_the_sources(page: Page) -> None:
    """Open what the last answer cites, and the article around it."""
    page.locator("#live .answered a.cite").first.click()
    page.locator("#live .answered a.cite").first.hover()
    assert page.locator("#sources mark.open").text_content() == PAYLOADS[0]
    expect(page.locator("#live .suggestion")).to_have_count(0)
    nothing_ran(page)
    page.locator("#src-2-1 .open-article").click()
    expect(page.locator("#sheet #passage")).to_be_attached()
    nothing_ran(page)
    page.keyboard.press("Escape")


def go_through_the_library(page: Page) -> None:
    """Upload every payload as a name and as a text, search, remove."""
    page.get_by_role("button", name="Library").click()
    names = [f"{payload.replace('/', '∕')[:80]}.md" for payload in PAYLOADS]
    page.get_by_label("Choose files").set_input_files(
        [
            FilePayload(name=name, mimeType="text/markdown", buffer=payload.encode())
            for name, payload in zip(names, PAYLOADS, strict=True)
        ]
    )
    results = page.locator("#uploaded li")
    expect(results).to_have_count(len(names))
    expect(results.last).not_to_contain_text("waiting", timeout=30_000)
    told = results.all_text_contents()
    assert all(line.startswith(f"{name}: ") for line, name in zip(told, names, strict=True))
    assert sum("added as" in line for line in told) > 40
    expect(page.locator("#article-list")).to_contain_text(PAYLOADS[5])
    with page.expect_response(lambda one: "library/list" in one.url and "onerror" in one.url):
        page.get_by_label("Search articles").fill(PAYLOADS[5])
    page.locator("#article-list .line").first.wait_for()
    nothing_ran(page)
    page.locator("#article-list button", has_text="Remove").first.click()
    expect(page.get_by_role("button", name="Undo")).to_be_focused()
    nothing_ran(page)
    page.keyboard.press("Escape")


def go_through_the_conversation(page: Page) -> Download:
    """Rename it, export it as a web page, judge its answer; the export."""
    page.get_by_role("button", name="Conversations").click()
    page.locator("#sheet summary").click()
    page.get_by_label("Title", exact=True).fill(PAYLOADS[5])
    page.get_by_role("button", name="Rename").click()
    expect(page.locator("#conversation-list a.line")).to_have_text(PAYLOADS[5])
    nothing_ran(page)
    page.locator("#sheet summary").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="web page").click()
    page.keyboard.press("Escape")
    page.locator("#judging-1").get_by_role("button", name="Wrong", exact=True).click()
    page.get_by_label("What would be right").fill(PAYLOADS[5])
    page.keyboard.press("Enter")
    expect(page.locator("#judging-1")).to_contain_text("Kept, with")
    return download.value


@pytest.mark.browser
def test_nothing_from_outside_runs(
    serve: Serve, open_page: OpenPage, store: Store, tmp_path: Path
) -> None:
    assert len(PAYLOADS) > 40
    put(store, ARTICLE)
    assistant = ScriptedAssistant(poisoned)
    page = open_page(serve(assistant, (POISON,)), bypass_csp=True)
    for question in (f"close {POISON}", POISON):
        go_through_an_answer(page, assistant, question)
    go_through_the_sources(page)
    go_through_the_library(page)
    exported = go_through_the_conversation(page)

    page.reload()
    expect(page.locator("#live .answered a.cite").first).to_be_visible()
    ask(page, "again")
    expect(page.locator("#live .error")).to_contain_text(PAYLOADS[0])
    nothing_ran(page)
    exported.save_as(tmp_path / "export.html")
    page.goto((tmp_path / "export.html").as_uri())
    expect(page.locator("a.cite").first).to_be_attached()
    nothing_ran(page)

"""A page that slept for so long that Gradio forgot its session goes on with what it shows."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from qa.engine.generation import StopFlag
from qa.errors import ConversationError
from qa.types import Event
from tests.ui.conftest import OpenPage, Serve, ask
from tests.ui.harbour import FERRY_ANSWER, FERRY_QUESTION, refused
from tests.ui.scripted import ScriptedAssistant, stream
from ui.backend import Backend, Chat
from ui.session_state import NOT_KEPT, Shown, at_hand

DELETE = "fetch(`cuttings/conversations/delete?id=${location.search.slice(3)}`, {method: 'POST'})"

Forget = Callable[[], None]
Sleeper = tuple[Page, ScriptedAssistant, Forget]


def by_question(assistant: ScriptedAssistant, question: str, stop: StopFlag) -> Iterator[Event]:
    """The ferry's question is answered, any other refused."""
    yield from stream(FERRY_ANSWER if question == FERRY_QUESTION else refused(question))


@pytest.fixture
def sleeper(monkeypatch: pytest.MonkeyPatch, serve: Serve, open_page: OpenPage) -> Sleeper:
    """A page in which the ferry's question is answered, and what makes Gradio forget its session.

    It keeps one session alone here, and so forgets the one before whenever another page is opened.
    What is left of a session after an hour is as little: its state is what a new one's is.
    """
    monkeypatch.setattr("ui.serving.MOST_SESSIONS", 1)
    assistant = ScriptedAssistant(by_question)
    url = serve(assistant)
    page = open_page(url)
    ask(page, FERRY_QUESTION)
    expect(page.locator("#exchange-1.answered a.cite")).to_have_count(4)
    return page, assistant, lambda: open_page(url).close()


@pytest.mark.browser
def test_a_question_after_the_sleep_lands_in_the_conversation_on_the_screen(
    sleeper: Sleeper,
) -> None:
    page, assistant, forget = sleeper
    forget()
    ask(page, "Who sang Tosca?")
    expect(page.locator("#exchange-2 .refusal")).to_be_visible()
    expect(page.locator(".question")).to_have_text([FERRY_QUESTION, "Who sang Tosca?"])
    assert [turn.question for turn in assistant.asked[1][1]] == [FERRY_QUESTION]
    forget()
    ask(page, "And Norma?")
    expect(page.locator("#exchange-3 .refusal")).to_be_visible()
    page.reload()
    expect(page.locator(".question")).to_have_text(
        [FERRY_QUESTION, "Who sang Tosca?", "And Norma?"]
    )


@pytest.mark.browser
def test_a_question_is_edited_or_asked_again_in_its_place_after_the_sleep(sleeper: Sleeper) -> None:
    page, assistant, forget = sleeper
    forget()
    page.get_by_role("button", name="Edit the question").click()
    expect(page.get_by_label("Question", exact=True)).to_have_value(FERRY_QUESTION)
    forget()
    ask(page, "Who sang Tosca?")
    expect(page.locator("#exchange-1 .refusal")).to_be_visible()
    page.locator("#exchange-1 .refusal").evaluate("shown => shown.dataset.first = 'yes'")
    forget()
    page.get_by_role("button", name="Ask again").click()
    expect(page.locator("[data-first]")).to_have_count(0)  # or the one before would be looked at
    expect(page.locator("#exchange-1 .refusal")).to_be_visible()
    expect(page.locator("#stop")).to_be_hidden()
    page.reload()
    expect(page.locator(".question")).to_have_text(["Who sang Tosca?"])
    assert [earlier for _, earlier in assistant.asked] == [(), (), ()]


@pytest.mark.browser
def test_where_the_conversation_is_gone_the_page_says_so_and_keeps_the_question(
    sleeper: Sleeper,
) -> None:
    page, assistant, forget = sleeper
    forget()
    page.evaluate(DELETE)
    box = page.get_by_label("Question", exact=True)
    ask(page, "Who sang Tosca?")
    expect(page.locator("#notice")).to_contain_text(NOT_KEPT)
    expect(box).to_have_value("Who sang Tosca?")
    expect(page.locator("#exchange-1.answered a.cite")).to_have_count(4)
    assert len(assistant.asked) == 1
    box.press("Enter")
    expect(page.locator("#exchange-1 .refusal")).to_be_visible()
    expect(page.locator("#notice")).to_have_text("")
    expect(page.locator(".question")).to_have_text(["Who sang Tosca?"])


def test_what_a_page_shows_is_read_as_it_was_written() -> None:
    shown = Shown("a1", "Früh & spät", 3, editing=True)
    assert Shown.read(str(shown)) == shown
    assert Shown.read("") == Shown.read("asked=-1&editing=perhaps&other=x") == Shown()
    assert Shown.read(f"c=a1&asked={'9' * 5000}") == Shown("a1")


def test_a_session_that_is_remembered_is_gone_on_with_whatever_the_page_says(
    backend: Backend,
) -> None:
    chat = Chat("a1", "main")
    assert at_hand(backend, "user:ann", chat, Shown("b2", "main", 7)) is chat
    unkept = Chat("", "main", unkept="The disk is full.")
    assert at_hand(backend, "user:ann", unkept, Shown("", "main", 1)) is unkept


def test_a_forgotten_conversation_is_found_only_by_whom_it_belongs_to(backend: Backend) -> None:
    id_ = backend.archive.begin("user:ann", FERRY_QUESTION)
    shown = Shown(id_, "main", 1)
    assert at_hand(backend, "user:ann", None, shown).id == id_
    with pytest.raises(ConversationError, match="no longer knows the conversation"):
        at_hand(backend, "user:eve", None, shown)


def test_before_its_first_question_a_forgotten_page_keeps_its_collection(backend: Backend) -> None:
    assert at_hand(backend, "user:ann", None, Shown()) == Chat(collection="main")
    assert at_hand(backend, "user:ann", None, Shown("", "main")) == Chat(collection="main")


def test_a_conversation_that_never_could_be_kept_is_no_new_one(backend: Backend) -> None:
    with pytest.raises(ConversationError, match="no longer knows the conversation"):
        at_hand(backend, "user:ann", None, Shown("", "main", 2))

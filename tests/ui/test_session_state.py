"""What is kept of a session: what it shows, and not what it showed before."""

import asyncio
from collections.abc import Iterator

import gradio as gr
from gradio.state_holder import SessionState, StateHolder

from ui.session_state import drop_shown, drop_stale

SESSION = "session"


class Shown:
    """A page of two parts, of which an event changes the first or the second."""

    def __init__(self) -> None:
        with gr.Blocks(analytics_enabled=False) as self.page:
            self.first, self.second = gr.HTML(), gr.HTML()
            text, self.chat = gr.Textbox(), gr.State("empty")
            parts = [self.first, self.second, self.chat]
            text.submit(lambda said: {self.first: f"first {said}", self.chat: said}, text, parts)
            text.submit(lambda said: {self.second: f"second {said}"}, text, parts)
        StateHolder().set_blocks(self.page)

    @property
    def kept(self) -> SessionState:
        """All that Gradio keeps of the session."""
        state: SessionState = self.page.state_holder[SESSION]
        return state

    def show(self, event: int, said: str) -> None:
        """Let an event change its part."""
        of_event = self.page.fns[event]
        asyncio.run(self.page.process_api(of_event, [said], state=self.kept))

    def values(self) -> Iterator[str]:
        """Whatever it keeps of what a part showed, now or before."""
        for one in self.kept.config_values.values():
            value = one.get("props", {}).get("value")
            if value:
                yield value


def after_three() -> Shown:
    """A page on which both parts have changed three times, in turn."""
    shown = Shown()
    for said in ("one", "two", "three"):
        shown.show(0, said)
        shown.show(1, said)
    return shown


def test_what_was_shown_before_is_dropped() -> None:
    shown = after_three()
    assert {"first two", "second one"} <= set(shown.values())  # Gradio keeps it
    drop_stale(shown.page, SESSION)
    assert not {"first two", "second one"} & set(shown.values())
    assert shown.kept[shown.chat._id] == "three"
    shown.show(0, "four")
    assert "first four" in set(shown.values())


def test_of_a_page_that_was_left_the_conversation_alone_is_kept() -> None:
    shown = after_three()
    drop_shown(shown.page, SESSION)
    assert list(shown.values()) == []
    assert shown.kept[shown.chat._id] == "three"
    shown.show(0, "back")  # the browser was only asleep
    assert "first back" in set(shown.values())


def test_a_session_that_is_gone_is_no_failure() -> None:
    shown = Shown()
    drop_stale(shown.page, SESSION)
    drop_shown(shown.page, SESSION)
    assert SESSION not in shown.page.state_holder
